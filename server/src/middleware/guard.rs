//! Pages are for people who are signed in; everybody else is shown the way.

use app::chats::DRAFT;
use app::context::RequestContext;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::Method;

use crate::router::Host;
use crate::routes::front::front_door;

/// Longest draft that goes along to the sign-in page: encoded once more it must fit into an address.
const MOST_BYTES: usize = 2_000;

/// Sends who is not signed in to sign in, or to set the house up; a house that opens its door greets
/// them at `/` first. Server functions answer for themselves.
pub(crate) async fn require_sign_in(
    State(host): State<Host>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let context = request.extensions().get::<RequestContext>();
    let known = context.is_some_and(|context| context.who.is_some());
    if known || path.starts_with("/fn/") {
        return next.run(request).await;
    }
    let is_set_up = context.is_none_or(|context| context.services.is_set_up());
    if !is_set_up {
        return Redirect::to("/setup").into_response();
    }
    // What another app shared is not lost on the way.
    let query = request.uri().query().filter(|query| {
        let draft = query.strip_prefix(DRAFT);
        query.len() <= MOST_BYTES && draft.is_some_and(|rest| rest.starts_with('='))
    });
    if path == "/" && query.is_none() {
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let greeting = context.filter(|_| looks);
        return greeting
            .and_then(|context| front_door(&host, context))
            .unwrap_or_else(|| Redirect::to("/signin").into_response());
    }
    let target: String = path
        .bytes()
        .chain(
            query
                .into_iter()
                .flat_map(|query| ["?", query])
                .flat_map(str::bytes),
        )
        .map(|byte| {
            if is_plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    Redirect::to(&format!("/signin?next={target}")).into_response()
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte)
}
