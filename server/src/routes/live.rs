//! `GET /live`: a tab's one live connection, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::context::RequestContext;
use axum::extract::{Request, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::MemberId;
use domain::live::LiveEvent;
use http::{HeaderName, HeaderValue, StatusCode};
use services::access::SignedIn;
use services::live::{Place, Subscription};
use tokio::sync::broadcast::error::RecvError;

use crate::router::Host;
use crate::shares::Share;

/// How often a quiet connection says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often the right to listen is looked at again, once somebody's rights have moved.
const CHECK_EVERY: Duration = Duration::from_millis(500);
/// How often the login itself is asked for, whatever has moved: it may have grown too old.
const ASK_EVERY: u32 = 20;
/// When a tab whose connection broke comes back.
const RETRY: Duration = Duration::from_secs(1);

/// Follows everything the member may see.
pub(crate) async fn live(State(host): State<Host>, request: Request) -> Response {
    let context = request.extensions().get::<RequestContext>();
    let Some(who) = context.and_then(|context| context.who.clone()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let last = heard(&request);
    let Some(place) = host.listeners.take_one(who.member_id) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let events = follow(host, who, last, place);
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(HEARTBEAT))
        .into_response();
    // A proxy that collects before it passes on would hold every token back.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

/// How far the tab has heard: the browser says it where a connection breaks, and the address where a
/// page begins or comes back into sight. Without any it is told to look again.
fn heard(request: &Request) -> Option<Place> {
    let header = request.headers().get("last-event-id");
    let header = header.and_then(|value| value.to_str().ok()?.parse().ok());
    header.or_else(|| {
        let pairs = request.uri().query()?.split('&');
        let after = pairs
            .into_iter()
            .find_map(|pair| pair.strip_prefix("after="));
        after?.parse().ok()
    })
}

fn follow(
    host: Host,
    who: SignedIn,
    mut last: Option<Place>,
    place: Share<MemberId>,
) -> impl futures::Stream<Item = Result<Event, Infallible>> {
    let services = host.services.clone();
    async_stream::stream! {
        let _place = place;
        let _reader = services.live_reader();
        let closing = services.runtime().tasks.closing().clone();
        let mut checks = tokio::time::interval(CHECK_EVERY);
        checks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut access = services.house().access.clone();
        let mut asked_ago = 0;
        let build = LiveEvent::Build { id: host.build.id.clone() };
        yield Ok(write(&build).retry(RETRY).comment("here"));
        'subscribe: loop {
            let Subscription { first, mut receiver } = services.hub().subscribe(who.member_id, last);
            for (position, event) in first {
                yield Ok(spell(services.hub().place(position), &event));
            }
            loop {
                tokio::select! {
                    () = closing.cancelled() => return,
                    _ = checks.tick() => {
                        let now = services.house().access.clone();
                        asked_ago += 1;
                        if Arc::ptr_eq(&access, &now) && asked_ago < ASK_EVERY {
                            continue;
                        }
                        // Noted only once there is an answer: a failed query is asked again.
                        if let Ok(stays) = services.still_signed_in(&who).await {
                            access = now;
                            asked_ago = 0;
                            if !stays {
                                yield Ok(write(&LiveEvent::SignedOut));
                                return;
                            }
                        }
                    }
                    received = receiver.recv() => match received {
                        Ok((position, event)) => yield Ok(spell(services.hub().place(position), &event)),
                        Err(RecvError::Lagged(_)) => {
                            last = None;
                            continue 'subscribe;
                        }
                        Err(RecvError::Closed) => return,
                    }
                }
            }
        }
    }
}

fn spell(place: Place, event: &LiveEvent) -> Event {
    write(event).id(place.to_string())
}

fn write(event: &LiveEvent) -> Event {
    Event::default().data(serde_json::to_string(event).unwrap_or_default())
}
