//! Rendered text, block by block: a finished block is drawn once and never again.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::chats::Block;
use leptos::prelude::*;

/// The blocks of a text. Their HTML was made safe on the server, by the one Markdown pipeline.
#[component]
pub(super) fn Blocks(
    /// The blocks.
    #[prop(into)]
    blocks: Signal<Vec<Block>>,
) -> impl IntoView {
    let numbered = move || blocks.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <For each=numbered key=|(index, block)| (*index, fingerprint(&block.html)) let:item>
            <div class="reply-block" inner_html=item.1.html></div>
        </For>
    }
}

fn fingerprint(html: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    hasher.finish()
}
