//! Whether the process lives, and whether it can work.

use axum::extract::State;
use http::StatusCode;

use crate::router::Host;

/// `GET /health`: the process lives.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /ready`: the database answers and its tables are there.
pub(crate) async fn ready(State(host): State<Host>) -> (StatusCode, &'static str) {
    match host.services.store().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
