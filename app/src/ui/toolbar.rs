//! Line of tools above a list.

use leptos::{prelude::*, text_prop::TextProp};

/// Search, filters and acts in one line that wraps; counts stand at the end in `toolbar-end`.
#[component]
pub fn Toolbar(
    /// What the tools are for, read aloud only.
    #[prop(into)]
    label: TextProp,
    /// Inputs, selects and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="toolbar" role="group" aria-label=move || label.get()>
            {children()}
        </div>
    }
    .into_any()
}
