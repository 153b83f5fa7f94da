//! The front page: what whoever is not signed in finds at `/`, in a house that opens its door.

use app::context::RequestContext;
use app::front::front_page;
use axum::response::Response;
use http::{HeaderValue, StatusCode};

use super::forms::{ROBOTS, facts, sheet};
use crate::router::Host;

/// The page; `None` while the house keeps to itself.
pub(crate) fn front_door(host: &Host, context: &RequestContext) -> Option<Response> {
    let page = host.services.front_page()?;
    let facts = facts(context, None);
    let mut answer = sheet(StatusCode::OK, || front_page(&host.options, facts, &page));
    // Whoever opens the house wants it to be found.
    let found = HeaderValue::from_static("all");
    answer.headers_mut().insert(ROBOTS, found);
    Some(answer)
}
