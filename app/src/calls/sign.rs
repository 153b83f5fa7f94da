//! The sign that the list is live.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::{Badge, Tone};

/// Whether the list follows the house.
#[derive(Debug, Clone, Copy)]
pub(super) struct Liveness {
    /// The reader has stopped it, for this visit.
    pub(super) is_paused: RwSignal<bool>,
    /// The server did not answer the last question.
    pub(super) is_lost: RwSignal<bool>,
}

impl Liveness {
    pub(super) fn new() -> Self {
        Self {
            is_paused: RwSignal::new(false),
            is_lost: RwSignal::new(false),
        }
    }
}

/// One word of whether the list is live, and a button that holds it still. Unseen until the page lives:
/// without the app nothing follows.
#[component]
pub(super) fn LiveSign(
    /// Whether it is.
    liveness: Liveness,
) -> impl IntoView {
    let l = Reader::here().locale;
    let Liveness { is_paused, is_lost } = liveness;
    let word = move || {
        if is_paused.get() {
            text::calls::live_paused(l)
        } else if is_lost.get() {
            text::calls::live_lost(l)
        } else {
            text::calls::live(l)
        }
    };
    let tone = move || {
        if is_paused.get() {
            Tone::Neutral
        } else if is_lost.get() {
            Tone::Warn
        } else {
            Tone::Good
        }
    };
    view! {
        <div class="live">
            <span role="status">
                <Badge text=word tone=Signal::derive(tone) />
            </span>
            <button
                type="button"
                class="button button-quiet"
                aria-pressed=move || if is_paused.get() { "true" } else { "false" }
                on:click=move |_| is_paused.update(|is_paused| *is_paused = !*is_paused)
            >
                {text::calls::live_pause(l)}
            </button>
        </div>
    }
}
