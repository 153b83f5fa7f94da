//! The accept loop: header, idle and write timeouts and a cap on connections, none of which the
//! framework's own loop has.

mod timed;

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

/// Connections at once. Each costs a few kilobytes while idle.
const MOST_CONNECTIONS: usize = 10_000;
/// A request's head must be there within this, and a connection between requests is kept this long.
const HEADER_WITHIN: Duration = Duration::from_secs(15);
/// Most bytes of a request's head.
const HEADER_BYTES: usize = 32 * 1024;
/// A peer that takes no bytes for this long has left.
const WRITE_WITHIN: Duration = Duration::from_mins(1);

/// Serves until the tasks close; each connection is a task that a shutdown waits for.
pub async fn serve(listener: TcpListener, router: Router, tasks: Tasks) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
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
                let connection = connection(stream, peer, router.clone(), tasks.clone());
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

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, tasks: Tasks) {
    // Without it a stream's chunk waits up to 40 ms for the previous one's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY cannot be set");
    }
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let io = TokioIo::new(Timed::new(stream, WRITE_WITHIN));
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WITHIN)
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
