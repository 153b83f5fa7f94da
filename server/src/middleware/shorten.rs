//! How long answers are on their way.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::ACCEPT_ENCODING;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// For what is the same for everybody, and kept by who has it.
pub(crate) fn shorten() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Precise(9))
}

/// For what is drawn for one person. Without brotli, which asks for megabytes at a time. What is
/// told piece by piece stays as it is.
pub(crate) fn shorten_own() -> CompressionLayer {
    CompressionLayer::new().no_br()
}

/// Leaves answers as long as they are where another site has caused the request.
///
/// Who listens on the way sees how long an encrypted answer is; who can also choose words in it, by
/// an address that is shown on the page, learns from the length of the shortened page whether the
/// same words stand there already (BREACH, CVE-2013-3587). Choosing them takes requests from another
/// site, and browsers say where a request comes from.
pub(crate) async fn keep_length_for_others(mut request: Request, next: Next) -> Response {
    if is_from_elsewhere(request.headers()) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    next.run(request).await
}

fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
}
