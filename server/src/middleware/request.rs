//! Every request has an id, which its answer and each of its log lines carry.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::Instrument;
use uuid::Uuid;

use crate::router::Host;

/// The header of the id, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that is taken over from outside.
const MOST_CHARACTERS: usize = 64;

/// Gives the request its id and says, once it is answered, how that went.
///
/// The line names the pattern of the route, never the address itself: that may hold what belongs to
/// somebody. The milliseconds end when the answer begins; a stream goes on after that.
pub(crate) async fn identify(State(host): State<Host>, request: Request, next: Next) -> Response {
    let id = foreign_id(request.headers())
        .unwrap_or_else(|| host.services.runtime().id::<Uuid>().to_string());
    // At the level of errors, so that no filter takes the id from a line that it lets through.
    let span = tracing::error_span!("request", id = id.as_str());
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    host.services.count_answer(status);
    span.in_scope(|| {
        let route = route.as_ref().map_or("other", MatchedPath::as_str);
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if status >= 500 {
            tracing::info!(target: "access", %method, route, status, ms, "answered");
        } else {
            tracing::debug!(target: "access", %method, route, status, ms, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// An id from outside, so that a proxy's log and ours can be read together; only if it is one, and
/// cannot be mistaken for anything else in a log.
fn foreign_id(headers: &HeaderMap) -> Option<String> {
    let mut ids = headers.get_all(REQUEST_ID).iter();
    let (Some(id), None) = (ids.next(), ids.next()) else {
        return None;
    };
    let id = id.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let fits = (1..=MOST_CHARACTERS).contains(&id.len()) && id.bytes().all(is_plain);
    fits.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_plain_id_is_taken_over() {
        let taken = |ids: &[&str]| {
            let mut headers = HeaderMap::new();
            for id in ids {
                headers.append(REQUEST_ID, HeaderValue::from_str(id).unwrap());
            }
            foreign_id(&headers)
        };
        assert_eq!(taken(&["proxy-1.a_B"]).as_deref(), Some("proxy-1.a_B"));
        for refused in [
            &[][..],
            &[""],
            &["a b"],
            &["a\"b"],
            &["a=b"],
            &["one", "two"],
            &[&"x".repeat(65)],
        ] {
            assert_eq!(taken(refused), None, "{refused:?}");
        }
    }
}
