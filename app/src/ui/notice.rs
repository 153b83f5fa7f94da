//! A sentence in the page that matters now.

use leptos::{prelude::*, text_prop::TextProp};

use super::{Icon, IconName, Tone};

/// A framed note: what is the matter and what to do next. For the end of an act use a toast.
#[component]
pub fn Notice(
    /// Its meaning; decides colour and drawing, and `Bad` is announced at once.
    #[prop(optional)]
    tone: Tone,
    /// The matter in one line.
    #[prop(into)]
    title: TextProp,
    /// More words, links, buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon = match tone {
        Tone::Neutral | Tone::Brass => IconName::Info,
        Tone::Good => IconName::Check,
        Tone::Warn | Tone::Bad => IconName::Warning,
    };
    let role = (tone == Tone::Bad).then_some("alert");
    view! {
        <div class=format!("notice {}", tone.class()) role=role>
            <Icon name=icon />
            <div>
                <strong>{move || title.get()}</strong>
                {children.map(|children| children())}
            </div>
        </div>
    }
    .into_any()
}
