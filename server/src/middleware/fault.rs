//! The status of a server function's failure.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::AppError;
use http::StatusCode;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

/// Longest failure that is read: they carry ids and limits, not prose.
const MOST_BYTES: usize = 64 * 1024;

/// Lets the status say what the failure says. A server function sets its own; what fails before one
/// runs, such as arguments that cannot be read, Leptos answers with 500, whosever fault it is.
pub(crate) async fn tell_status(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_unread = response.status() == StatusCode::INTERNAL_SERVER_ERROR
        && response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if !is_unread {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return parts.status.into_response();
    };
    let told = serde_json::from_slice::<AppError>(&bytes).ok();
    if let Some(status) = told.and_then(|error| StatusCode::from_u16(error.status_code()).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}
