//! Headers of every answer.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue};

use crate::router::Host;

/// What an answer that is not a page may load: nothing.
const NOTHING: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Sets what an answer does not say itself.
pub(crate) async fn secure(State(host): State<Host>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut or_else = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    or_else(X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: forms without JavaScript find their way back by it.
    or_else(REFERRER_POLICY, "same-origin");
    or_else(CONTENT_SECURITY_POLICY, NOTHING);
    or_else(CACHE_CONTROL, "no-store");
    or_else(
        PERMISSIONS,
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    or_else(OPENER, "same-origin");
    or_else(RESOURCE, "same-origin");
    // A house is no public place; the sign-in page says otherwise of itself.
    or_else(ROBOTS, "noindex");
    if host.secure {
        or_else(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// What a page may load: our own files, the scripts that carry this answer's nonce, WASM, and
/// pictures of its own. `reload` adds the watcher's socket in development.
pub(crate) fn page_policy(nonce: Option<&str>, reload: bool) -> String {
    let nonce = nonce
        .map(|nonce| format!(" 'nonce-{nonce}'"))
        .unwrap_or_default();
    let socket = if reload { " ws://127.0.0.1:3001" } else { "" };
    format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'{nonce}; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'{socket}; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
