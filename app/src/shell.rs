//! The HTML document around the app.

use domain::look::Look;
use http::request::Parts;
use leptos::WasmSplitManifest;
use leptos::config::LeptosOptions;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};
use locales::{Locale, text};

use crate::App;
use crate::context::RequestContext;
use crate::reader::page_locale;
use crate::root::Piece;

/// The document of pages that come to life in the browser; it says of which build it is, so that the
/// page learns by itself when the server has another.
pub fn shell(options: LeptosOptions, build: String, life: Life) -> impl IntoView + use<> {
    let locale = page_locale();
    let look = RequestContext::find().map_or_else(Look::default, |request| request.look);
    let theme = look.theme();
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() dir=locale.direction() data-theme=theme data-build=build>
            <head>
                <HeadLines locale theme />
                // Before hydration: WASM carries no words of its own.
                <script src=format!("/texts/{}", locales::bundle_name(locale))></script>
                <HashedStylesheet id="leptos" options=options.clone() />
                <AutoReload options=options.clone() />
                <Wake options life />
                <MetaTags />
            </head>
            <body>
                <App />
                <script nonce=use_nonce() inner_html=TO_THE_END></script>
            </body>
        </html>
    }
}

/// The files that bring a page to life.
#[derive(Debug, Clone)]
pub struct Life {
    /// Address of the script that knows how to begin the module.
    pub script: String,
    /// Address of the WebAssembly module.
    pub module: String,
}

/// Fetches what brings the page to life, once its first picture stands: until then the line and the
/// processor belong to what is seen. A tab out of sight draws no pictures and begins after a second.
///
/// Until all of the page lives, the router must not take it to another one, whose content is not there:
/// links lead to documents, and so does going back.
#[component]
fn Wake(
    /// Where the files lie.
    options: LeptosOptions,
    /// Which files.
    life: Life,
) -> impl IntoView {
    // For what it leaves in the context: where the pieces of the pages lie. Its own way of fetching
    // begins before anything is drawn.
    drop(HydrationScripts(
        HydrationScriptsProps::builder().options(options).build(),
    ));
    let Life { script, module } = life;
    let piece = files_of_piece();
    view! {
        <script
            type="module"
            nonce=use_nonce()
            inner_html=format!("({WAKE})({script:?}, {module:?}, {piece:?})")
        ></script>
    }
}

/// Addresses of the files that the page asked for needs beside the module.
fn files_of_piece() -> Vec<String> {
    let request = use_context::<Parts>();
    let piece = request.and_then(|request| Piece::at(request.uri.path()));
    let (Some(piece), Some(manifest)) = (piece, use_context::<WasmSplitManifest>()) else {
        return Vec::new();
    };
    manifest.0.with_value(|(folder, files, _)| {
        let files = files.get(piece.name()).into_iter().flatten();
        files.map(|file| format!("{folder}/{file}.wasm")).collect()
    })
}

/// What [`Wake`] runs, with the addresses of the script, of the module, and of the piece's files.
const WAKE: &str = "\
(script, module, piece) => {
    const lives = () => document.documentElement.hasAttribute('data-hydrated');
    const place = () => location.pathname + location.search;
    const here = place();
    addEventListener('click', (event) => {
        if (!lives()) event.stopImmediatePropagation();
    }, true);
    addEventListener('popstate', (event) => {
        if (lives()) return;
        event.stopImmediatePropagation();
        if (place() !== here) location.reload();
    }, true);
    let asleep = true;
    const wake = async () => {
        if (!asleep) return;
        asleep = false;
        const fetched = fetch(module);
        for (const href of piece) {
            const rel = 'preload', as = 'fetch', crossOrigin = 'anonymous';
            document.head.append(Object.assign(document.createElement('link'), { rel, as, crossOrigin, href }));
        }
        const life = await import(script);
        await life.default({ module_or_path: fetched });
        await new Promise((rested) => setTimeout(rested));
        life.hydrate();
    };
    requestAnimationFrame(() => setTimeout(wake));
    setTimeout(wake, 1000);
}";

/// Puts a chat at its end before its first picture; from when the page lives, `Follow` keeps it there.
/// Left to that alone, everything in view would be drawn twice, a second apart on a phone.
const TO_THE_END: &str = "\
for(const list of document.querySelectorAll('.chat-scroll>.messages'))\
list.parentElement.scrollTop=list.parentElement.scrollHeight";

/// What every document says in its head.
#[component]
pub fn HeadLines(
    /// Language of the document.
    locale: Locale,
    /// By day or by night, where the system does not decide.
    theme: Option<&'static str>,
    /// What is found here, where that is more than Purser.
    #[prop(optional)]
    description: Option<String>,
) -> impl IntoView {
    let description =
        description.unwrap_or_else(|| text::installed::description(locale).to_owned());
    view! {
        <meta charset="utf-8" />
        <meta
            name="viewport"
            content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content=description />
        // The papers of style/tokens.css, for the bars around the page.
        {theme_colour("#fbf7f1", "light", theme)}
        {theme_colour("#0f182b", "dark", theme)}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon-180.png" />
        // Asked for without cookies: only the address can say which language the member has chosen.
        <link rel="manifest" href=format!("/manifest.webmanifest?lang={}", locale.tag()) />
    }
}

/// The title of a document that is drawn by hand. Not in the macro: in debug builds it puts a mark
/// behind each text, and in a title a mark is read.
pub(crate) fn document_title(title: String) -> impl IntoView {
    html::title().child(title)
}

/// The colour of what the browser draws around the page, by day or by night; `chosen` is which of them
/// holds where the system does not decide.
fn theme_colour(colour: &'static str, theme: &str, chosen: Option<&str>) -> impl IntoView {
    let media = match chosen {
        None => format!("(prefers-color-scheme: {theme})"),
        Some(chosen) if chosen == theme => "all".to_owned(),
        Some(_) => "not all".to_owned(),
    };
    html::meta()
        .name("theme-color")
        .content(colour)
        .attr("media", media)
}

/// A line of the Open Graph protocol, which spells its attribute in its own way.
fn open_graph(property: &'static str, content: impl Into<String>) -> impl IntoView {
    html::meta()
        .attr("property", property)
        .content(content.into())
}

/// What a document says of itself where a link to it is shown.
pub struct About {
    /// Title of the document.
    pub title: String,
    /// Name of the house.
    pub house: String,
    /// A sentence or two.
    pub description: String,
    /// The address people reach the house at.
    pub public_url: Option<String>,
}

/// The lines of [`About`]; the picture only with an address to it.
#[component]
fn Introduction(
    /// What they say.
    about: About,
) -> impl IntoView {
    let description = about.description;
    view! {
        {open_graph("og:type", "website")}
        {open_graph("og:site_name", about.house)}
        {open_graph("og:title", about.title)}
        {open_graph("og:description", description)}
        {about
            .public_url
            .map(|url| url.trim_end_matches('/').to_owned())
            .map(|url| view! {
                {open_graph("og:image", format!("{url}/social.png"))}
                {open_graph("og:image:width", "1200")}
                {open_graph("og:image:height", "630")}
                <meta name="twitter:card" content="summary_large_image" />
            })}
    }
}

/// A whole document without any WASM, for pages that are forms and for what strangers may read.
pub fn plain_document(
    options: &LeptosOptions,
    locale: Locale,
    look: &Look,
    about: About,
    body: impl FnOnce() -> AnyView,
) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let options = options.clone();
        let title = about.title.clone();
        let theme = look.theme();
        let document = view! {
            <html lang=locale.tag() dir=locale.direction() data-theme=theme>
                <head>
                    <HeadLines locale theme description=about.description.clone() />
                    {document_title(title)}
                    <Introduction about />
                    <HashedStylesheet id="leptos" options />
                    // Before the first picture: it hides what a filled link has no need of.
                    <script src="/plain.js" defer blocking="render"></script>
                </head>
                <body>{body()}</body>
            </html>
        };
        format!("<!DOCTYPE html>{}", document.to_html())
    })
}
