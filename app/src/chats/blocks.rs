//! Rendered text.

use leptos::prelude::*;
use locales::text;

use super::line::Piece;
use crate::reader::Reader;
use crate::ui::{RenderedWords, with_controls};

/// The blocks of a text, code with its buttons. Only those that changed are drawn again.
#[component]
pub(super) fn Blocks(
    /// The blocks.
    pieces: ArcRwSignal<Vec<Piece>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let draw = move |piece: Piece| {
        let words = RenderedWords {
            copy: text::chat::copy_code(l),
            copied: text::common::copied(l),
            wrap: text::chat::wrap_code(l),
            unwrap: text::chat::unwrap_code(l),
            code: text::chat::code_label(l),
            table: text::chat::table_label(l),
            formula: text::chat::formula_label(l),
        };
        let html = with_controls(piece.html, &words);
        view! { <div class="block" dir="auto" inner_html=html></div> }
    };
    view! { <For each=move || pieces.get() key=|piece| piece.number children=draw /> }
}
