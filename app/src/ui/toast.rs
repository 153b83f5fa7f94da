//! Slips of paper that tell how an act ended.

use std::time::Duration;

use leptos::{prelude::*, text_prop::TextProp};

use super::{Icon, IconName, Tone, after};

/// How long a slip stays, long enough to read two lines. One that tells of a failure stays until it is dismissed.
const STAY: Duration = Duration::from_secs(6);

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    number: u32,
    text: String,
    tone: Tone,
}

/// Hands slips to the [`ToastRegion`] from anywhere below it: `expect_context::<Toasts>()`.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes the list and puts it into the context; once, in the root component.
    pub fn provide() -> Self {
        let toasts = Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        provide_context(toasts);
        toasts
    }

    /// Shows `text`. Call it from handlers and effects, not while drawing.
    pub fn push(self, tone: Tone, text: impl Into<String>) {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        let toast = Toast {
            number,
            text: text.into(),
            tone,
        };
        self.shown.update(|shown| shown.push(toast));
        if tone != Tone::Bad {
            after(STAY, move || self.dismiss(number));
        }
    }

    fn dismiss(self, number: u32) {
        // The page may be gone by the time a timer fires.
        let _ = self
            .shown
            .try_update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// Where slips appear, at the lower edge; announced politely, so it is there before them. Once, near
/// the end of the body.
#[component]
pub fn ToastRegion(
    /// The [`ToastList`].
    children: Children,
) -> impl IntoView {
    view! { <div class="toasts" role="status" aria-live="polite">{children()}</div> }.into_any()
}

/// The slips.
#[component]
pub fn ToastList(
    /// Name of the dismiss button, read aloud only.
    #[prop(into)]
    dismiss_label: TextProp,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
            <For
                each=move || toasts.shown.get()
                key=|toast| toast.number
                children=move |Toast { number, text, tone }| {
                    let dismiss_label = dismiss_label.clone();
                    view! {
                        <div class=format!("toast {}", tone.class())>
                            <p>{text}</p>
                            <button
                                type="button"
                                class="button button-quiet button-icon"
                                aria-label=move || dismiss_label.get()
                                on:click=move |_| toasts.dismiss(number)
                            >
                                <Icon name=IconName::Close />
                            </button>
                        </div>
                    }
                }
            />
    }
    .into_any()
}
