//! Rendered text.

use leptos::prelude::*;

use super::line::Piece;

/// The blocks of a text. Only those that changed are drawn again.
#[component]
pub(super) fn Blocks(
    /// The blocks.
    pieces: ArcRwSignal<Vec<Piece>>,
) -> impl IntoView {
    view! {
        <For
            each=move || pieces.get()
            key=|piece| piece.number
            children=|piece| view! { <div class="block" dir="auto" inner_html=piece.html></div> }
        />
    }
}
