//! How far, how much.

use leptos::{prelude::*, text_prop::TextProp};

use super::Tone;

/// A thin bar with its name and its figure above, and a note under it.
#[component]
pub fn Progress(
    /// Unique in the page; the bar takes its name from the label.
    #[prop(into)]
    id: String,
    /// What the bar measures.
    #[prop(into)]
    label: TextProp,
    /// The same in figures, such as "$4.20 of $10".
    #[prop(into)]
    value: TextProp,
    /// Filled share in percent; more than 100 is drawn as 100. `None` while it cannot be known.
    #[prop(into)]
    percent: Signal<Option<u8>>,
    /// Colour of the fill; neutral is brass.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// When it refills, what is left.
    #[prop(optional, into)]
    note: Option<TextProp>,
) -> impl IntoView {
    view! {
        <div class=move || format!("progress {}", tone.get().class())>
            <div class="progress-line">
                <label for=id.clone()>{move || label.get()}</label>
                <span class="progress-value">{move || value.get()}</span>
            </div>
            <progress
                class="progress-bar"
                id=id
                max="100"
                value=move || percent.get().map(|percent| percent.min(100).to_string())
            ></progress>
            {note.map(|note| view! { <p class="progress-note">{move || note.get()}</p> })}
        </div>
    }
    .into_any()
}
