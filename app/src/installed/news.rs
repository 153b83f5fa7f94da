//! The notice that the house has a newer version than the page.

use leptos::prelude::*;
use locales::{Locale, text};

use crate::ui::{Icon, IconName};

/// Where a page leaves the draft for the one that comes after it.
#[cfg(feature = "hydrate")]
const PLACE: &str = "purser.draft";

/// Whether there is a newer version. The page is never loaded again by itself: its reader may be in
/// the middle of something.
#[derive(Clone, Copy)]
pub(crate) struct News {
    is_newer: RwSignal<bool>,
    /// What stands in the composer, as far as there is one.
    draft: StoredValue<Option<RwSignal<String>>>,
}

impl News {
    /// Puts it into the context and, in the browser, registers the worker; once, in the root component.
    pub(crate) fn provide() {
        let news = Self {
            is_newer: RwSignal::new(false),
            draft: StoredValue::new(None),
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

    /// Keeps a draft safe when the page is loaded again for the new version.
    pub(crate) fn carry_over(self, draft: RwSignal<String>) {
        self.draft.set_value(Some(draft));
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

    fn reload(self) {
        #[cfg(feature = "hydrate")]
        {
            let draft = self.draft.get_value();
            let draft = draft.and_then(|draft| draft.try_get_untracked());
            if let (Some(draft), Ok(Some(storage))) = (draft, window().session_storage())
                && !draft.trim().is_empty()
            {
                let _ = storage.set_item(PLACE, &draft);
            }
            super::worker::take_over();
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = self;
    }
}

/// The draft that the page before has left, once.
#[cfg(feature = "hydrate")]
pub(crate) fn left_draft() -> Option<String> {
    let storage = window().session_storage().ok()??;
    let draft = storage.get_item(PLACE).ok()??;
    let _ = storage.remove_item(PLACE);
    Some(draft)
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
    let l = locale;
    let news = News::here();
    let is_newer = news.is_newer;
    let slip = move || {
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
                        on:click=move |_| news.reload()
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
    };
    view! { <div class="toasts news" role="status">{slip}</div> }.into_any()
}
