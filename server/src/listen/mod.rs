//! The accept loop: header, idle and write timeouts and a cap on connections, none of which the
//! framework's own loop has.

mod timed;
mod timely;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use services::runtime::Tasks;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use self::timed::Timed;
use self::timely::Timely;

/// Most bytes of a request's head.
const HEADER_BYTES: usize = 32 * 1024;

/// What peers may take of the house.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections at once. Each costs a few kilobytes while idle. One more waits until another ends.
    pub connections: usize,
    /// A request's head must be there within this, and a connection between requests is kept this long.
    pub header_within: Duration,
    /// A request's body must be there within this, however steadily it trickles.
    pub body_within: Duration,
    /// A peer that takes no bytes for this long has left.
    pub write_within: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_within: Duration::from_secs(15),
            body_within: Duration::from_mins(1),
            write_within: Duration::from_mins(1),
        }
    }
}

/// Serves until the tasks close; each connection is a task that a shutdown waits for.
pub async fn serve(listener: TcpListener, router: Router, tasks: Tasks, bounds: Bounds) {
    let room = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let Ok(place) = room.clone().acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            () = tasks.closing().cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(stream, peer, router.clone(), tasks.clone(), bounds);
                tasks.start(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of descriptors, mostly: the next try would fail at once as well.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    tasks: Tasks,
    bounds: Bounds,
) {
    // Without it a stream's chunk waits up to 40 ms for the previous one's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY cannot be set");
    }
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Timely::new(body, bounds.body_within)));
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let io = TokioIo::new(Timed::new(stream, bounds.write_within));
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_within)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(io, service);
    tokio::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = tasks.closing().cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        // Peers that leave in the middle are everyday life.
        tracing::trace!(%error, %peer, "a connection broke off");
    }
}
