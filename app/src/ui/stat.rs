//! One figure of an account.

use leptos::{prelude::*, text_prop::TextProp};

use super::Tone;

/// A figure with its name above and a note below. Several stand together in `<dl class="stats">`.
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: TextProp,
    /// The figure, already formatted with its unit.
    #[prop(into)]
    value: TextProp,
    /// Comparison or limit.
    #[prop(optional, into)]
    note: Option<TextProp>,
    /// Colour of the note.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <dt class="stat-label">{move || label.get()}</dt>
            <dd class="stat-value">{move || value.get()}</dd>
            {note
                .map(|note| {
                    view! {
                        <dd class=move || {
                            format!("stat-note {}", tone.get().class())
                        }>{move || note.get()}</dd>
                    }
                })}
        </div>
    }
    .into_any()
}
