//! The house mark.

use leptos::prelude::*;

/// The mark: a P whose bowl is a brass coin, standing on an accountant's double rule.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <circle class="mark-coin" cx="17.5" cy="10.5" r="6" stroke-width="4"></circle>
            <path stroke-width="4" d="M9.5 2.5V22"></path>
            <path stroke-width="2" d="M4 25h24M4 29h24"></path>
        </svg>
    }
}
