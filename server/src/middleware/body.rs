//! Bodies of people's requests are taken in whole before anybody reads them: one place for their
//! limit, whoever reads them, and one answer to a body that is too large or never arrives.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, RETRY_AFTER};
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::context::address_of;
use crate::router::Host;

/// Largest body of a page's request.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Takes the body in, or says why not. The listener bounds the time.
pub(crate) async fn take_in(State(host): State<Host>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MOST_BYTES as u64) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let (parts, body) = request.into_parts();
    let mut entry = host
        .entries
        .begin(address_of(&parts, &host.trusted_proxies));
    let mut body = Limited::new(body, MOST_BYTES);
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let data = match frame.map(Frame::into_data) {
            Ok(Ok(data)) => data,
            Ok(Err(_trailers)) => continue,
            Err(error) if error.is::<LengthLimitError>() => {
                return StatusCode::PAYLOAD_TOO_LARGE.into_response();
            }
            // Too slow, cut off, or not what its head promised.
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        };
        if !entry.add(data.len()) {
            return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response();
        }
        whole.extend_from_slice(&data);
    }
    next.run(Request::from_parts(parts, Body::from(whole.freeze())))
        .await
}
