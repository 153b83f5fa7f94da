//! The HTML document around the app.

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};
use locales::Locale;

use crate::App;
use crate::reader::page_locale;

/// The document of pages that come to life in the browser.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let locale = page_locale();
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() dir=locale.direction()>
            <head>
                <HeadLines />
                // Before hydration: WASM carries no words of its own.
                <script src=format!("/texts/{}", locales::bundle_name(locale))></script>
                <HashedStylesheet id="leptos" options=options.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// What every document says in its head.
#[component]
pub fn HeadLines() -> impl IntoView {
    view! {
        <meta charset="utf-8" />
        <meta
            name="viewport"
            content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon-180.png" />
        <link rel="manifest" href="/manifest.webmanifest" />
    }
}

/// A whole document without any WASM, for pages that are forms.
pub fn plain_document(
    options: &LeptosOptions,
    locale: Locale,
    title: &str,
    body: impl FnOnce() -> AnyView,
) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let options = options.clone();
        let document = view! {
            <html lang=locale.tag() dir=locale.direction()>
                <head>
                    <HeadLines />
                    <title>{title.to_owned()}</title>
                    <HashedStylesheet id="leptos" options />
                    <script src="/plain.js" defer></script>
                </head>
                <body>{body()}</body>
            </html>
        };
        format!("<!DOCTYPE html>{}", document.to_html())
    })
}
