//! Top of a page.

use leptos::{prelude::*, text_prop::TextProp};

/// The page's title, a sentence under it, and its main buttons at the end.
#[component]
pub fn PageHead(
    /// Title, the only `h1` of the page.
    #[prop(into)]
    title: TextProp,
    /// One sentence of what the page is for.
    #[prop(optional, into)]
    lead: Option<TextProp>,
    /// Buttons, the main one first.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div class="page-words">
                <h1 class="page-title" tabindex="-1">{move || title.get()}</h1>
                {lead.map(|lead| view! { <p class="page-lead">{move || lead.get()}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}
