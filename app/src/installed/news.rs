//! The notice that the house has a newer version than the page.

use leptos::prelude::*;
use locales::{Locale, text};

use crate::later::{self, Turn};
use crate::ui::{Icon, IconName};

/// Whether there is a newer version. The page is never loaded again by itself: its reader may be in
/// the middle of something.
#[derive(Clone, Copy)]
pub(crate) struct News {
    is_newer: RwSignal<bool>,
}

impl News {
    /// Puts it into the context and, in the browser, registers the worker; once, in the root component.
    pub(crate) fn provide() {
        let news = Self {
            is_newer: RwSignal::new(false),
        };
        provide_context(news);
        #[cfg(feature = "hydrate")]
        Effect::new(move || {
            remember_locale();
            super::worker::register(news);
        });
    }

    /// The one of this page.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// There is a newer version.
    #[cfg(feature = "hydrate")]
    pub(super) fn tell(self) {
        let _ = self.is_newer.try_set(true);
    }

    /// Hears which build the server has.
    #[cfg(feature = "hydrate")]
    pub(crate) fn hear(self, build: &str) {
        if super::worker::own_build().is_some_and(|own| own != build) {
            self.tell();
            super::worker::look_for_newer();
        }
    }
}

/// Loads the page anew; what stands in the composer is kept by its chat.
fn reload() {
    #[cfg(feature = "hydrate")]
    super::worker::take_over();
}

/// For the offline page, which no server tells the language.
#[cfg(feature = "hydrate")]
fn remember_locale() {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item("purser.lang", crate::reader::page_locale().tag());
    }
}

/// A slip that stays until it is dismissed, with the button that loads the new version.
#[component]
pub fn NewVersion(
    /// Language of the page.
    locale: Locale,
) -> impl IntoView {
    let slip = later::drawn(Turn::Slips, move |tools| (tools.frame.newer)(locale));
    view! { <div class="toasts news" role="status">{slip}</div> }.into_any()
}

/// The slip itself, once there is a newer version.
#[component]
pub fn NewVersionSlip(
    /// Language of the page.
    locale: Locale,
) -> impl IntoView {
    let l = locale;
    let is_newer = News::here().is_newer;
    move || {
        is_newer.get().then(|| {
            view! {
                <div class="toast">
                    <p>
                        <strong>{text::common::new_version(l)}</strong>
                        " "
                        {text::common::new_version_text(l)}
                    </p>
                    <button
                        type="button"
                        class="button button-quiet"
                        on:click=move |_| reload()
                    >
                        {text::common::reload(l)}
                    </button>
                    <button
                        type="button"
                        class="button button-quiet button-icon"
                        aria-label=text::common::close(l)
                        on:click=move |_| is_newer.set(false)
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
            }
        })
    }
}
