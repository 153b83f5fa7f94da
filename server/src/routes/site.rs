//! The browser's files: hashed ones for ever, the rest looked at again, texts from memory.

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use locales::Locale;
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::router::Host;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const LOOK_AGAIN: &str = "no-cache";

/// `/texts/…`.
pub(crate) fn texts_routes() -> Router<Host> {
    Router::new().route("/texts/{name}", get(texts))
}

/// `/pkg/…`.
pub(crate) fn package_routes(host: &Host) -> Router<Host> {
    let cache = if host.options.hash_files {
        FOR_EVER
    } else {
        LOOK_AGAIN
    };
    let package = host.site_root.join(host.options.site_pkg_dir.as_ref());
    let files = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(
            CACHE_CONTROL,
            HeaderValue::from_static(cache),
        ))
        .service(
            ServeDir::new(package)
                .precompressed_br()
                .precompressed_gzip(),
        );
    Router::new().nest_service("/pkg", files)
}

/// The words of one language. The name carries a hash of the content.
async fn texts(Path(name): Path<String>) -> Response {
    let found = Locale::ALL
        .iter()
        .find(|locale| locales::bundle_name(**locale) == name);
    match found {
        Some(locale) => (
            [
                (CONTENT_TYPE, "text/javascript; charset=utf-8"),
                (CACHE_CONTROL, FOR_EVER),
            ],
            locales::bundle(*locale),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
