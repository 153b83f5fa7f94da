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
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon />
            <p class="empty-title">{move || title.get()}</p>
            <p class="empty-text">{move || text.get()}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
