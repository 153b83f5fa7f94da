//! Whether the process lives, and whether it can work.

use axum::extract::State;
use http::StatusCode;

use crate::openapi::{HealthAnswers, ReadyAnswers};
use crate::router::Host;

/// Whether the process lives.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "health",
    tag = "house",
    responses(HealthAnswers)
)]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether it can work: the database answers and its tables are there.
#[utoipa::path(
    get,
    path = "/ready",
    operation_id = "ready",
    tag = "house",
    responses(ReadyAnswers)
)]
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
