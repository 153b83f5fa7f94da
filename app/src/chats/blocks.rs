//! Rendered text.

use leptos::prelude::*;
use locales::text;

use super::line::Piece;
use crate::reader::Reader;
use crate::ui::with_copy_buttons;

/// The blocks of a text, code with a button to copy it. Only those that changed are drawn again.
#[component]
pub(super) fn Blocks(
    /// The blocks.
    pieces: ArcRwSignal<Vec<Piece>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let draw = move |piece: Piece| {
        let html = with_copy_buttons(
            piece.html,
            text::chat::copy_code(l),
            text::common::copied(l),
        );
        view! { <div class="block" dir="auto" inner_html=html></div> }
    };
    view! { <For each=move || pieces.get() key=|piece| piece.number children=draw /> }
}
