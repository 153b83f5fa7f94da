//! Folded text.

use leptos::{prelude::*, text_prop::TextProp};

use super::{Icon, IconName};

/// One line that unfolds into more, by the browser's own means.
#[component]
pub fn Details(
    /// The line.
    #[prop(into)]
    summary: TextProp,
    /// Unfolded at first.
    #[prop(optional)]
    open: bool,
    /// Further class, such as `reasoning`.
    #[prop(optional)]
    class: &'static str,
    /// What it unfolds to.
    children: Children,
) -> impl IntoView {
    view! {
        <details class=format!("details {class}").trim_end().to_owned() open=open>
            <summary>
                <Icon name=IconName::ChevronRight />
                {move || summary.get()}
            </summary>
            <div class="details-body">{children()}</div>
        </details>
    }
    .into_any()
}
