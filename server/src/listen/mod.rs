//! The accept loop: header, idle and write timeouts and a cap on connections, none of which the
//! framework's own loop has.

mod timed;
mod timely;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use services::runtime::Tasks;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use self::timed::Timed;
use self::timely::Timely;
use crate::shares::Shares;

/// Most bytes of a request's head.
const HEADER_BYTES: usize = 32 * 1024;

const LOOPBACK: IpNet = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8));
const LOOPBACK_V6: IpNet = IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128));

/// What peers may take of the house.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Connections at once. Each costs a few kilobytes while idle. One more waits until another ends.
    pub connections: usize,
    /// Of these, what one address may have.
    pub connections_of_one: usize,
    /// Networks whose addresses each stand for many people, or for this machine: they have no share.
    pub shared: Vec<IpNet>,
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
            connections_of_one: 1_000,
            shared: vec![LOOPBACK, LOOPBACK_V6],
            header_within: Duration::from_secs(15),
            body_within: Duration::from_mins(1),
            write_within: Duration::from_mins(1),
        }
    }
}

/// Serves until the tasks close; each connection is a task that a shutdown waits for.
pub async fn serve(listener: TcpListener, router: Router, tasks: Tasks, bounds: Bounds) {
    let room = Arc::new(Semaphore::new(bounds.connections));
    let of_one = Shares::new(usize::MAX, bounds.connections_of_one);
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
                let address = peer.ip().to_canonical();
                let is_shared = bounds.shared.iter().any(|net| net.contains(&address));
                let share = of_one.take_one(neighbourhood(address));
                if share.is_none() && !is_shared {
                    // Dropped without a word: an answer is what a flood would like.
                    continue;
                }
                let connection =
                    connection(stream, peer, router.clone(), tasks.clone(), bounds.clone());
                tasks.start(async move {
                    connection.await;
                    drop((place, share));
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

/// What counts as one address: an IPv4 address, or a /64 of IPv6, which is what one subscriber has.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
        v4 @ IpAddr::V4(_) => v4,
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
