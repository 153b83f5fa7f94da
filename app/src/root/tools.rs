//! What of the frame comes later: the palette, and what the member's own menu does.

use domain::look::Liking;
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::{Locale, text};

use super::frame::{leave, speak};
use super::palette::Palette;
use crate::installed::NewVersionSlip;
use crate::ui::ToastList;

/// Reached through [`later`](crate::later) alone.
pub(crate) struct FrameTools {
    /// The palette, and the list of keys; each open or closed.
    pub(super) palette: fn(RwSignal<bool>, RwSignal<bool>) -> AnyView,
    /// The slips of paper, their words in a language.
    pub(super) slips: fn(Locale) -> AnyView,
    /// The slip that tells of a newer version.
    pub(crate) newer: fn(Locale) -> AnyView,
    /// Signs out.
    pub(super) leave: fn(),
    /// Sets the member's language.
    pub(super) speak: fn(Locale),
    /// Keeps how the house is liked to look.
    pub(crate) keep_liking: fn(Liking, bool),
}

impl FrameTools {
    /// All of them.
    pub(crate) const ALL: Self = Self {
        palette: |shown, shortcuts| view! { <Palette shown shortcuts /> }.into_any(),
        slips: |locale| {
            view! { <ToastList dismiss_label=text::common::close(locale) /> }.into_any()
        },
        newer: |locale| view! { <NewVersionSlip locale /> }.into_any(),
        leave: || spawn_local(leave()),
        speak: |locale| spawn_local(speak(locale)),
        keep_liking: crate::look::write,
    };
}
