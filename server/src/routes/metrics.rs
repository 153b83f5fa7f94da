//! `GET /metrics`: the figures of this instance, for Prometheus.

use app::context::RequestContext;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use services::Services;

use crate::router::Host;

/// On the house's own address: for admins who are signed in.
pub(crate) async fn metrics(State(host): State<Host>, request: Request) -> Response {
    let context = request.extensions().get::<RequestContext>();
    match context.and_then(|context| context.who.as_ref()) {
        None => StatusCode::UNAUTHORIZED.into_response(),
        Some(who) if who.administrator().is_err() => StatusCode::FORBIDDEN.into_response(),
        Some(_) => answer(&host.services),
    }
}

/// On an address of its own: for whoever can reach it, and nothing else is there.
pub(crate) fn metrics_router(services: Services) -> Router {
    let open = |State(services): State<Services>| async move { answer(&services) };
    Router::new()
        .route("/metrics", get(open))
        .with_state(services)
}

fn answer(services: &Services) -> Response {
    match services.metrics_text() {
        Ok(text) => {
            let headers = [
                (CONTENT_TYPE, services::metrics::CONTENT_TYPE),
                (CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "metrics failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
