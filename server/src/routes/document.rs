//! `GET /openapi.json`: what machines may ask, for machines. It holds no secret and is the same for
//! everybody.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use utoipa::OpenApi;

use crate::openapi::{Document, DocumentAnswers};

/// It changes with the version of the house only.
const CACHED: &str = "public, max-age=3600";

static TEXT: LazyLock<Bytes> =
    LazyLock::new(|| Document::openapi().to_json().unwrap_or_default().into());

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "readDocument",
    tag = "house",
    responses(DocumentAnswers)
)]
pub(crate) async fn document() -> Response {
    (
        [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, CACHED)],
        TEXT.clone(),
    )
        .into_response()
}
