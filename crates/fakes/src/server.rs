//! The running fake: its listener, its settings, and the handles tests steer it with.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::{
    Counters, Dialect, Endpoint, Recorded, Script, connection,
    record::{Record, locked},
    tally::Totals,
};

/// A fake of all providers on one loopback port; it stops when dropped.
#[derive(Debug)]
#[must_use]
pub struct Fake {
    shared: Arc<Shared>,
    /// Dropping the set aborts the listener and with it every connection.
    tasks: JoinSet<()>,
}

/// Settings of a [`Fake`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    listen: SocketAddr,
    record: bool,
    any_model: bool,
    max_page: usize,
    base: Script,
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) address: SocketAddr,
    pub(crate) recording: bool,
    pub(crate) any_model: bool,
    /// Most entries of a model list page.
    pub(crate) max_page: usize,
    pub(crate) base: Arc<Script>,
    pub(crate) record: Record,
    pub(crate) totals: [Totals; Dialect::ALL.len()],
    pub(crate) scripts: Scripts,
}

/// Scripts waiting for their call.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    queue: Mutex<VecDeque<(Dialect, Arc<Script>)>>,
    sticky: Mutex<Vec<(Dialect, Arc<Script>)>>,
    /// Entries in both, so that an unscripted fake under load takes no lock.
    count: AtomicUsize,
}

impl Fake {
    /// Starts with default settings on a free port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    pub fn builder() -> Builder {
        Builder {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            record: true,
            any_model: false,
            max_page: usize::MAX,
            base: Script::ok().with_chunks(8),
        }
    }

    /// Stops listening and cuts every connection.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }

    /// The base URL to give to a client of this dialect.
    pub fn url(&self, dialect: Dialect) -> String {
        format!("{}{}", self.root(), dialect.base_path())
    }

    /// `http://127.0.0.1:<port>`.
    pub fn root(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    pub fn port(&self) -> u16 {
        self.shared.address.port()
    }

    /// Uses `script` for the next call of this dialect and of the script's endpoint.
    pub fn enqueue(&self, dialect: Dialect, script: impl Into<Script>) {
        self.shared.scripts.enqueue(dialect, script.into());
    }

    /// Uses `script` for every call of this dialect and of the script's endpoint that finds nothing queued.
    pub fn set_default(&self, dialect: Dialect, script: impl Into<Script>) {
        self.shared.scripts.set_default(dialect, script.into());
    }

    /// Forgets everything queued and every default.
    pub fn clear_scripts(&self) {
        self.shared.scripts.clear();
    }

    /// Everything asked since the start or the last [`Self::clear`], oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.record.all()
    }

    /// Forgets recorded requests and zeroes the counters; scripts stay.
    pub fn clear(&self) {
        self.shared.record.clear();
        for totals in &self.shared.totals {
            totals.clear();
        }
    }

    /// Waits until at least `count` requests are recorded, and returns all. Never returns with recording off.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<Recorded> {
        self.shared.record.wait(count, |_| true).await
    }

    /// Waits until clients have left at least `count` recorded answers early, and returns all requests.
    pub async fn wait_for_disconnects(&self, count: usize) -> Vec<Recorded> {
        self.shared
            .record
            .wait(count, |request| request.disconnected)
            .await
    }

    pub fn counters(&self, dialect: Dialect) -> Counters {
        self.shared.totals[dialect.index()].read()
    }

    /// The counters of all dialects together.
    pub fn totals(&self) -> Counters {
        self.shared.totals.iter().map(Totals::read).fold(
            Counters::default(),
            |mut sum, counters| {
                sum.requests += counters.requests;
                sum.streams_open += counters.streams_open;
                sum.dropped += counters.dropped;
                sum.reported.input += counters.reported.input;
                sum.reported.output += counters.reported.output;
                sum.sent.input += counters.sent.input;
                sum.sent.output += counters.sent.output;
                sum
            },
        )
    }
}

impl Builder {
    /// Address to listen on; a loopback one, since every key is accepted here.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Whether to keep requests for [`Fake::requests`]. On by default; off for load tests.
    pub fn record(mut self, record: bool) -> Self {
        self.record = record;
        self
    }

    /// Answers for model ids that are not in the model list too, instead of with the provider's 404.
    pub fn any_model(mut self, any_model: bool) -> Self {
        self.any_model = any_model;
        self
    }

    /// Most entries of one model list page, however many are asked for: forces clients to follow pages.
    pub fn max_page(mut self, entries: usize) -> Self {
        self.max_page = entries.max(1);
        self
    }

    /// Wait before the status line of every answer whose script says nothing else.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.base.latency = Some(latency);
        self
    }

    /// Content chunks of a stream; 8 by default.
    pub fn chunks(mut self, chunks: usize) -> Self {
        self.base.chunks = Some(chunks);
        self
    }

    pub fn chunk_delay(mut self, delay: Duration) -> Self {
        self.base.chunk_delay = Some(delay);
        self
    }

    /// # Errors
    /// When the address is not loopback or cannot be bound.
    pub async fn start(self) -> io::Result<Fake> {
        if !self.listen.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} is not a loopback address", self.listen),
            ));
        }
        let listener = TcpListener::bind(self.listen).await?;
        let shared = Arc::new(Shared {
            address: listener.local_addr()?,
            recording: self.record,
            any_model: self.any_model,
            max_page: self.max_page,
            base: Arc::new(self.base),
            record: Record::default(),
            totals: Default::default(),
            scripts: Scripts::default(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, Arc::clone(&shared)));
        Ok(Fake { shared, tasks })
    }
}

impl Shared {
    /// Fills the gaps of a script with the builder's settings.
    pub(crate) fn complete(&self, script: Arc<Script>) -> Arc<Script> {
        let mut script = Arc::unwrap_or_clone(script);
        script.chunks = script.chunks.or(self.base.chunks);
        script.latency = script.latency.or(self.base.latency);
        script.chunk_delay = script.chunk_delay.or(self.base.chunk_delay);
        Arc::new(script)
    }
}

impl Scripts {
    /// The script for a call, taken off the queue if it was there.
    pub(crate) fn next(&self, dialect: Dialect, endpoint: Endpoint) -> Option<Arc<Script>> {
        if self.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let fits = |(other, script): &(Dialect, Arc<Script>)| {
            *other == dialect && script.endpoint == endpoint
        };
        let mut queue = locked(&self.queue);
        if let Some(place) = queue.iter().position(fits) {
            self.count.fetch_sub(1, Ordering::AcqRel);
            return queue.remove(place).map(|(_, script)| script);
        }
        drop(queue);
        let sticky = locked(&self.sticky);
        sticky
            .iter()
            .find(|entry| fits(entry))
            .map(|(_, script)| Arc::clone(script))
    }

    fn enqueue(&self, dialect: Dialect, script: Script) {
        locked(&self.queue).push_back((dialect, Arc::new(script)));
        self.count.fetch_add(1, Ordering::AcqRel);
    }

    fn set_default(&self, dialect: Dialect, script: Script) {
        let mut sticky = locked(&self.sticky);
        let before = sticky.len();
        sticky.retain(|(other, old)| *other != dialect || old.endpoint != script.endpoint);
        if sticky.len() == before {
            self.count.fetch_add(1, Ordering::AcqRel);
        }
        sticky.push((dialect, Arc::new(script)));
    }

    fn clear(&self) {
        let mut queue = locked(&self.queue);
        let mut sticky = locked(&self.sticky);
        self.count
            .fetch_sub(queue.len() + sticky.len(), Ordering::AcqRel);
        queue.clear();
        sticky.clear();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection::serve(stream, Arc::clone(&shared)));
                }
                // Out of file handles: the next try would fail at once too.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}
