//! A place with nothing in it yet.

use leptos::{prelude::*, text_prop::TextProp};

use super::{Icon, IconName};

/// What would stand here, why one wants it, and the act that starts it.
#[component]
pub fn Empty(
    /// Drawing above the words.
    icon: IconName,
    /// What is not there yet.
    #[prop(into)]
    title: TextProp,
    /// What it is good for and how to begin.
    #[prop(into)]
    text: TextProp,
    /// Whether it stands for a whole page, whose heading it is then.
    #[prop(optional)]
    heads_page: bool,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon />
            {if heads_page {
                view! { <h1 class="empty-title">{move || title.get()}</h1> }.into_any()
            } else {
                view! { <p class="empty-title">{move || title.get()}</p> }.into_any()
            }}
            <p class="empty-text">{move || text.get()}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
