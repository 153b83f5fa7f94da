//! The page that the service worker answers with when nobody else does.

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;
use locales::{Locale, text};

use crate::shell::{HeadLines, document_title};
use crate::ui::Mark;

/// The whole document, in every language: nobody can be asked for the right one when it is shown.
/// `offline.js` beside the server's routes chooses, tries again, and fills in what the device keeps.
pub fn offline_document(options: &LeptosOptions) -> String {
    // Under a root of its own: it belongs to no request.
    let root = Owner::new_root(None);
    let page = root.with(|| {
        let options = options.clone();
        let first = Locale::default();
        let sheets = Locale::ALL
            .iter()
            .map(|locale| view! { <OfflineSheet locale=*locale hidden=*locale != first /> })
            .collect_view();
        let document = view! {
            <html lang=first.tag() dir=first.direction()>
                <head>
                    <HeadLines locale=first theme=None />
                    {document_title(title(first))}
                    <HashedStylesheet id="leptos" options />
                    <script src="/offline.js" defer></script>
                </head>
                <body>{sheets}</body>
            </html>
        };
        format!("<!DOCTYPE html>{}", document.to_html())
    });
    root.unset();
    page
}

fn title(l: Locale) -> String {
    text::common::page_title(l, text::installed::offline_title(l))
}

/// What it says in one language.
#[component]
fn OfflineSheet(
    /// Language.
    locale: Locale,
    /// Until the script has chosen.
    hidden: bool,
) -> impl IntoView {
    let l = locale;
    view! {
        <main
            class="plain"
            lang=l.tag()
            dir=l.direction()
            hidden=hidden
            data-title=title(l)
        >
            <div class="plain-card plain-wide">
                <header class="plain-head">
                    <p class="plain-house">
                        <Mark />
                        {text::common::app_name(l)}
                    </p>
                    <h1>{text::installed::offline_title(l)}</h1>
                    <p class="faint">{text::installed::offline_text(l)}</p>
                </header>
                <div class="offline-again">
                    <button type="button" class="button button-primary">
                        {text::common::retry(l)}
                    </button>
                    <p
                        class="faint small"
                        role="status"
                        data-still=text::installed::offline_still(l)
                        data-back=text::installed::offline_back(l)
                    >
                        {text::installed::offline_waits(l)}
                    </p>
                </div>
                <section
                    class="kept"
                    hidden
                    data-kept
                    data-untitled=text::chat::untitled(l)
                    data-you=text::chat::you(l)
                    data-model=text::chat::assistant(l)
                >
                    <h2>{text::installed::kept_here(l)}</h2>
                    <ul></ul>
                </section>
            </div>
        </main>
    }
}
