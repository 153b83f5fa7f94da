//! A wire between two that can be cut: at a byte of the answer, at a PostgreSQL statement, for good.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Where a statement's connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The statement never arrives.
    Before,
    /// The statement is done, and its answer never arrives.
    After,
}

#[derive(Debug, Default)]
struct Orders {
    refuse: AtomicBool,
    /// Bytes of answers that still pass; negative for all.
    bytes: AtomicI64,
    /// Statements until the cut; 0 or less for none.
    statements: AtomicI64,
    cut_after: AtomicBool,
    hit: AtomicBool,
    /// Ends all connections there are.
    end: Mutex<CancellationToken>,
}

/// The wire.
pub(crate) struct Proxy {
    orders: Arc<Orders>,
    pub(crate) address: SocketAddr,
    _listener: JoinSet<()>,
}

impl Proxy {
    /// A wire that passes everything on, to `to`.
    pub(crate) async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let orders = Arc::new(Orders {
            bytes: AtomicI64::new(-1),
            ..Orders::default()
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, to, orders.clone()));
        Self {
            orders,
            address,
            _listener: accepting,
        }
    }

    /// A wire to a PostgreSQL, and the address of the same database behind it.
    pub(crate) async fn to_postgres(url: &str) -> (Self, String) {
        let (_, rest) = url.split_once('@').unwrap();
        let (server, _) = rest.split_once('/').unwrap();
        let proxy = Self::start(server.parse().unwrap()).await;
        let behind = url.replace(server, &proxy.address.to_string());
        (proxy, behind)
    }

    /// Cuts every connection and takes no more.
    pub(crate) fn break_off(&self) {
        self.orders.refuse.store(true, Ordering::SeqCst);
        self.end_all();
    }

    /// Takes connections again.
    pub(crate) fn mend(&self) {
        self.orders.refuse.store(false, Ordering::SeqCst);
    }

    /// Cuts every connection there is; new ones are welcome.
    pub(crate) fn end_all(&self) {
        let mut end = self
            .orders
            .end
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        end.cancel();
        *end = CancellationToken::new();
    }

    /// Cuts after so many bytes of the next answer.
    pub(crate) fn cut_at_byte(&self, bytes: i64) {
        self.orders.hit.store(false, Ordering::SeqCst);
        self.orders.bytes.store(bytes, Ordering::SeqCst);
    }

    /// Cuts at the n-th statement from now.
    pub(crate) fn cut_at_statement(&self, number: i64, cut: Cut) {
        self.orders.hit.store(false, Ordering::SeqCst);
        self.orders
            .cut_after
            .store(cut == Cut::After, Ordering::SeqCst);
        self.orders.statements.store(number, Ordering::SeqCst);
    }

    /// Ends the orders; true when the cut has happened.
    pub(crate) fn leave_alone(&self) -> bool {
        self.orders.bytes.store(-1, Ordering::SeqCst);
        self.orders.statements.store(0, Ordering::SeqCst);
        self.orders.hit.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, to: SocketAddr, orders: Arc<Orders>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((near, _)) = listener.accept().await else {
            return;
        };
        if orders.refuse.load(Ordering::SeqCst) {
            // A reset, as from a port where nobody listens.
            let _ = near.set_zero_linger();
            continue;
        }
        let orders = orders.clone();
        let end = orders
            .end
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        connections.spawn(async move {
            let Ok(far) = TcpStream::connect(to).await else {
                return;
            };
            near.set_nodelay(true).unwrap();
            far.set_nodelay(true).unwrap();
            let (near_read, near_write) = near.into_split();
            let (far_read, far_write) = far.into_split();
            let mute = Arc::new(AtomicBool::new(false));
            tokio::select! {
                () = end.cancelled() => {}
                () = questions(near_read, far_write, &orders, &mute) => {}
                () = answers(far_read, near_write, &orders, &mute) => {}
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

/// What the near end asks; understands as much of PostgreSQL's protocol as counting takes.
async fn questions(
    mut near: OwnedReadHalf,
    mut far: OwnedWriteHalf,
    orders: &Orders,
    mute: &AtomicBool,
) {
    let mut some = vec![0; 64 * 1024];
    let mut waiting: Vec<u8> = Vec::new();
    // The first message of PostgreSQL has no type; anything else is no PostgreSQL.
    let mut greeted = false;
    let mut is_postgres = false;
    loop {
        let read = match near.read(&mut some).await {
            Ok(0) | Err(_) => return,
            Ok(read) => &some[..read],
        };
        if !greeted {
            is_postgres = read.first() == Some(&0);
            greeted = !is_postgres || !is_tls_request(read);
            if far.write_all(read).await.is_err() {
                return;
            }
            continue;
        }
        if !is_postgres {
            if far.write_all(read).await.is_err() {
                return;
            }
            continue;
        }
        waiting.extend_from_slice(read);
        let mut whole = 0;
        while let Some(length) = message_length(&waiting[whole..]) {
            let kind = waiting[whole];
            whole += length;
            // A simple query, or the end of what is prepared, bound and executed.
            let is_statement = kind == b'Q' || kind == b'S';
            if is_statement && orders.statements.fetch_sub(1, Ordering::SeqCst) == 1 {
                orders.hit.store(true, Ordering::SeqCst);
                if !orders.cut_after.load(Ordering::SeqCst) {
                    return;
                }
                mute.store(true, Ordering::SeqCst);
            }
        }
        let rest = waiting.split_off(whole);
        if far.write_all(&waiting).await.is_err() {
            return;
        }
        waiting = rest;
    }
}

/// A request for TLS, which the test's server declines; the greeting proper follows.
fn is_tls_request(bytes: &[u8]) -> bool {
    bytes.len() == 8 && bytes[4..8] == 80_877_103_u32.to_be_bytes()
}

/// The length of the message at the beginning, once all of it is there.
fn message_length(bytes: &[u8]) -> Option<usize> {
    let told = u32::from_be_bytes(bytes.get(1..5)?.try_into().unwrap());
    let length = usize::try_from(told).unwrap() + 1;
    (bytes.len() >= length).then_some(length)
}

async fn answers(
    mut far: OwnedReadHalf,
    mut near: OwnedWriteHalf,
    orders: &Orders,
    mute: &AtomicBool,
) {
    let mut some = vec![0; 64 * 1024];
    loop {
        let read = match far.read(&mut some).await {
            Ok(0) | Err(_) => return,
            Ok(read) => &some[..read],
        };
        if mute.load(Ordering::SeqCst) {
            // The statement is done; its answer gets lost.
            return;
        }
        let length = i64::try_from(read.len()).unwrap();
        let left = orders.bytes.load(Ordering::SeqCst);
        if (0..length).contains(&left) {
            orders.hit.store(true, Ordering::SeqCst);
            let _ = near
                .write_all(&read[..usize::try_from(left).unwrap()])
                .await;
            return;
        }
        if left >= 0 {
            orders.bytes.fetch_sub(length, Ordering::SeqCst);
        }
        if near.write_all(read).await.is_err() {
            return;
        }
    }
}
