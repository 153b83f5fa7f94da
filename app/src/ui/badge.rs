//! One word of state.

use leptos::{prelude::*, text_prop::TextProp};

use super::Tone;

/// A small label with a dot, such as "active" or "revoked".
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    text: TextProp,
    /// Its colour.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    view! { <span class=move || format!("badge {}", tone.get().class())>{move || text.get()}</span> }
}
