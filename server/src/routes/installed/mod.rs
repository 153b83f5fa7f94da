//! What makes a browser keep the house as an app: the manifest, the service worker, the page for when
//! nobody answers, and the way in for what other apps share. The same for everybody.

mod manifest;

use app::chats::DRAFT;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use url::form_urlencoded;

use self::manifest::manifest;
use crate::build::OFFLINE_SCRIPT;
use crate::middleware::asked_locale;
use crate::router::Host;

const LOOK_AGAIN: &str = "no-cache";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// A worker fetches by the policy of its own file.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// Stricter than that of pages: no WASM. What this device keeps is shown under it.
const OFFLINE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes.
pub(crate) fn routes() -> Router<Host> {
    Router::new()
        .route("/manifest.webmanifest", get(tell_manifest))
        .route("/service-worker.js", get(worker))
        .route("/offline", get(offline))
        .route("/offline.js", get(offline_script))
        .route("/share", get(share))
}

/// In the language the page asks for, otherwise in the browser's.
async fn tell_manifest(RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let locale = asked_locale(query.as_deref(), &headers);
    let told = [
        (CONTENT_TYPE, "application/manifest+json"),
        (CACHE_CONTROL, LOOK_AGAIN),
        (VARY, "accept-language"),
    ];
    (told, manifest(locale).to_string()).into_response()
}

/// The browser compares it with the one it has: another build is another worker.
async fn worker(State(host): State<Host>) -> Response {
    let told = [
        (CONTENT_TYPE, SCRIPT),
        (CACHE_CONTROL, LOOK_AGAIN),
        (CONTENT_SECURITY_POLICY, WORKER_POLICY),
    ];
    (told, host.build.worker.clone()).into_response()
}

/// The page that the worker answers with when nobody else does.
async fn offline(State(host): State<Host>) -> Response {
    let told = [
        (CACHE_CONTROL, LOOK_AGAIN),
        (CONTENT_SECURITY_POLICY, OFFLINE_POLICY),
    ];
    (told, Html(host.build.offline.clone())).into_response()
}

async fn offline_script() -> Response {
    let told = [(CONTENT_TYPE, SCRIPT), (CACHE_CONTROL, LOOK_AGAIN)];
    (told, OFFLINE_SCRIPT).into_response()
}

/// What another app shares becomes the draft of a new chat. Nothing is sent by it.
async fn share(RawQuery(query): RawQuery) -> Redirect {
    let draft = draft(query.as_deref().unwrap_or_default());
    if draft.is_empty() {
        return Redirect::to("/");
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(DRAFT, &draft);
    Redirect::to(&format!("/?{}", query.finish()))
}

/// Title, text and address under one another, without what another of them says already: many apps
/// put the address into the text as well.
fn draft(query: &str) -> String {
    let part = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find_map(|(key, value)| (key == name).then(|| value.trim().to_owned()))
            .unwrap_or_default()
    };
    let (title, text, url) = (part("title"), part("text"), part("url"));
    let mut parts = Vec::new();
    if !text.contains(&title) {
        parts.push(title);
    }
    let has_url = text.contains(&url);
    parts.push(text);
    if !has_url {
        parts.push(url);
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::draft;

    #[test]
    fn what_is_shared_is_said_once() {
        for (query, wanted) in [
            ("", ""),
            ("title=&text=&url=", ""),
            (
                "title=A+page&url=https%3A%2F%2Fx.org",
                "A page\nhttps://x.org",
            ),
            (
                "title=A+page&text=A+page+https%3A%2F%2Fx.org&url=https%3A%2F%2Fx.org",
                "A page https://x.org",
            ),
            ("text=%EC%95%88%EB%85%95&other=1", "안녕"),
            ("text=%FF", "\u{fffd}"),
        ] {
            assert_eq!(draft(query), wanted, "{query}");
        }
    }
}
