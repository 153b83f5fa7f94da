//! One of a few, kept in the address.

use leptos::{prelude::*, text_prop::TextProp};

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The address that means it.
    pub href: String,
    /// Its word.
    pub label: &'static str,
}

/// Links in one frame, of which one is where the reader stands.
#[component]
pub fn Ways(
    /// What they choose between, read aloud only.
    #[prop(into)]
    label: TextProp,
    /// The choices in order.
    ways: Signal<Vec<Way>>,
    /// Which of them holds.
    here: Signal<Option<usize>>,
) -> impl IntoView {
    // Links stay the same elements while their addresses change, so that the keyboard keeps its place.
    let count = ways.with_untracked(Vec::len);
    let links = (0..count)
        .map(|index| {
            let href = move || ways.read().get(index).map(|way| way.href.clone());
            let word = move || ways.read().get(index).map(|way| way.label);
            let current = move || (here.get() == Some(index)).then_some("page");
            view! {
                <a class="way" href=href aria-current=current data-noscroll="true">
                    {word}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="ways" aria-label=move || label.get()>{links}</nav> }.into_any()
}
