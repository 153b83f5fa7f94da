//! What an operator sees in figures: `GET /metrics`.
//!
//! Counting is an addition to an atomic. What can be looked up, such as queues and open calls, is
//! looked up when somebody asks. A label is a word of ours, never a name, a model or an address:
//! those come from people and providers, and have no end.

mod grid;
mod histogram;
mod look;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::AppError;
use domain::calls::{Door, Outcome, Refusal};
use domain::connections::ProviderKind;
use domain::limits::Unit;
use domain::problems::ProblemKind;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use store::calls::SettledCall;

pub(crate) use self::grid::Grid;
use self::grid::{Axis, Sort};
pub(crate) use self::histogram::Histogram;
pub use self::look::CONTENT_TYPE;
use crate::{Error, Services};

/// Upper ends of the steps of a duration, in microseconds: from half a millisecond to five minutes.
const DURATIONS: &[i64] = &[
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    300_000_000,
];
/// Upper ends of the steps of a batch.
const BATCHES: &[i64] = &[1, 2, 5, 10, 25, 50, 100, 250];
/// Microseconds in a second, the unit in which durations leave.
const MICROS: f64 = 1_000_000.0;
/// Nano-USD in a USD.
const NANOS: f64 = 1_000_000_000.0;

/// The writer's two queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    Open,
    Settle,
}

/// Why calls were not admitted, without the figures of the refusal.
const REFUSALS: &[&str] = &[
    "money",
    "requests",
    "tokens",
    "model_unknown",
    "model_not_allowed",
    "unpriced",
    "queue_full",
    "unavailable",
    "other",
];

/// Every figure of this instance.
pub(crate) struct Metrics {
    registry: Registry,
    calls: Grid<3>,
    refused: Grid<2>,
    attempts: Grid<2>,
    tokens: Grid<2>,
    cost: Grid<1>,
    first_token: Histogram<1>,
    call: Histogram<2>,
    admission: Histogram<0>,
    settlement: Histogram<0>,
    batches: Histogram<1>,
    requests: Grid<1>,
    problems: Grid<1>,
    open_calls: Grid<0>,
    held: Grid<0>,
    queued: Grid<1>,
    unwritten: Grid<0>,
    readers: Grid<0>,
    snapshot_age: Grid<0>,
    connections: Grid<2>,
    memory: Grid<0>,
    /// When the revisions were last read, in the clock's monotonic milliseconds.
    snapshot_read_ms: AtomicI64,
}

impl Metrics {
    pub(crate) fn new(engine: store::Engine) -> Self {
        let axis = |label, words: Vec<&'static str>| Axis { label, words };
        let doors = || axis("door", Door::ALL.iter().map(|door| door.word()).collect());
        let kinds = || {
            let known = ProviderKind::ALL.iter().map(|kind| kind.word());
            // A connection that was removed while its call ran.
            axis("kind", known.chain(["gone"]).collect())
        };
        let outcomes = || {
            axis(
                "outcome",
                Outcome::ALL.iter().map(|outcome| outcome.word()).collect(),
            )
        };
        let queues = || axis("queue", vec!["open", "settle"]);
        let metrics = Self {
            registry: Registry::default(),
            calls: Grid::counter([doors(), kinds(), outcomes()]),
            refused: Grid::counter([doors(), axis("reason", REFUSALS.to_vec())]),
            attempts: Grid::counter([kinds(), outcomes()]),
            tokens: Grid::counter([kinds(), axis("direction", vec!["input", "output"])]),
            cost: Grid::new(Sort::Counter, NANOS, [kinds()]),
            first_token: Histogram::new(DURATIONS, MICROS, [kinds()]),
            call: Histogram::new(DURATIONS, MICROS, [doors(), kinds()]),
            admission: Histogram::new(DURATIONS, MICROS, []),
            settlement: Histogram::new(DURATIONS, MICROS, []),
            batches: Histogram::new(BATCHES, 1.0, [queues()]),
            requests: Grid::counter([axis("status", vec!["1xx", "2xx", "3xx", "4xx", "5xx"])]),
            problems: Grid::counter([axis(
                "kind",
                ProblemKind::ALL.iter().map(|kind| kind.word()).collect(),
            )]),
            open_calls: Grid::gauge([]),
            held: Grid::new(Sort::Gauge, NANOS, []),
            queued: Grid::gauge([queues()]),
            unwritten: Grid::gauge([]),
            readers: Grid::gauge([]),
            snapshot_age: Grid::new(Sort::Gauge, 1_000.0, []),
            connections: Grid::gauge([
                axis("pool", vec!["writer", "readers"]),
                axis("state", vec!["busy", "idle"]),
            ]),
            memory: Grid::gauge([]),
            snapshot_read_ms: AtomicI64::new(0),
        };
        metrics.registered(engine)
    }

    /// Names of the figures; the table of `docs/operations/monitoring.md` explains each.
    fn registered(mut self, engine: store::Engine) -> Self {
        let mut registry = Registry::default();
        registry.register(
            "process_resident_memory_bytes",
            "Memory of the process",
            self.memory.clone(),
        );
        let engine = match engine {
            store::Engine::Sqlite => "sqlite",
            store::Engine::Postgres => "postgres",
        };
        let build = Info::new([("version", env!("CARGO_PKG_VERSION")), ("database", engine)]);
        let ours = registry.sub_registry_with_prefix("purser");
        ours.register("build", "Version and database", build);
        ours.register("calls", "Calls that ended", self.calls.clone());
        ours.register("calls_refused", "Calls not admitted", self.refused.clone());
        ours.register(
            "provider_attempts",
            "Tries at a provider",
            self.attempts.clone(),
        );
        ours.register("tokens", "Tokens of ended calls", self.tokens.clone());
        ours.register("cost_usd", "Cost of ended calls", self.cost.clone());
        ours.register(
            "first_token_seconds",
            "Admission to first token",
            self.first_token.clone(),
        );
        ours.register(
            "call_seconds",
            "Admission to end of answer",
            self.call.clone(),
        );
        ours.register(
            "admission_seconds",
            "Wait for the writer's decision",
            self.admission.clone(),
        );
        ours.register(
            "settlement_seconds",
            "Wait for a durable settlement",
            self.settlement.clone(),
        );
        ours.register(
            "batch_calls",
            "Calls in one transaction",
            self.batches.clone(),
        );
        ours.register(
            "http_requests",
            "Answers by class of status",
            self.requests.clone(),
        );
        ours.register("problems", "Problems noted", self.problems.clone());
        ours.register("open_calls", "Calls that run here", self.open_calls.clone());
        ours.register("held_usd", "Money held for them", self.held.clone());
        ours.register(
            "queued_calls",
            "Calls that wait for the writer",
            self.queued.clone(),
        );
        ours.register(
            "unwritten_settlements",
            "Settlements that wait for the database",
            self.unwritten.clone(),
        );
        ours.register(
            "live_readers",
            "Open live connections",
            self.readers.clone(),
        );
        ours.register(
            "snapshot_age_seconds",
            "Since the revisions were last read",
            self.snapshot_age.clone(),
        );
        ours.register(
            "database_connections",
            "Connections of the pools",
            self.connections.clone(),
        );
        self.registry = registry;
        self
    }

    /// A call was not admitted.
    pub(crate) fn refused(&self, door: Door, error: &Error) {
        let reason = match error {
            Error::Known(AppError::Refused { refusal }) => match refusal {
                Refusal::LimitReached { unit, .. } | Refusal::RateLimited { unit, .. } => {
                    match unit {
                        Unit::Money => 0,
                        Unit::Requests => 1,
                        Unit::Tokens => 2,
                    }
                }
                Refusal::ModelUnknown { .. } => 3,
                Refusal::ModelNotAllowed { .. } => 4,
                Refusal::ModelUnpriced { .. } | Refusal::FeatureUnpriced { .. } => 5,
                Refusal::QueueFull { .. } => 6,
            },
            Error::Known(AppError::Unavailable) | Error::Store(_) => 7,
            Error::Known(_) | Error::Internal(_) => 8,
        };
        self.refused.add([door as usize, reason], 1);
    }

    /// How long the writer took to decide.
    pub(crate) fn admitted_after(&self, waited: Duration) {
        self.admission.observe([], micros(waited));
    }

    /// How long a settlement took to be durable.
    pub(crate) fn settled_after(&self, waited: Duration) {
        self.settlement.observe([], micros(waited));
    }

    /// A batch that the writer took from a queue.
    pub(crate) fn batch(&self, queue: Queue, calls: usize) {
        if calls > 0 {
            self.batches.observe([queue as usize], count(calls));
        }
    }

    /// How many settlements the database did not take yet.
    pub(crate) fn unwritten(&self, settlements: usize) {
        self.unwritten.set([], count(settlements));
    }

    /// An HTTP request was answered.
    pub(crate) fn answered(&self, status: u16) {
        let class = usize::from(status / 100);
        self.requests.add([class.saturating_sub(1)], 1);
    }

    /// A problem was noted.
    pub(crate) fn problem(&self, kind: ProblemKind) {
        self.problems.add([kind as usize], 1);
    }

    /// The revisions were read.
    pub(crate) fn snapshot_read(&self, now_ms: i64) {
        self.snapshot_read_ms.store(now_ms, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Services {
    /// Counts a call that ended here, with its attempts.
    pub(crate) fn count_call(&self, settled: &SettledCall) {
        let metrics = &self.inner.metrics;
        let house = self.house();
        let kind_of = |id| {
            house
                .catalog
                .connection(id)
                .and_then(|entry| entry.endpoint.as_ref())
                .map_or(ProviderKind::ALL.len(), |endpoint| endpoint.kind as usize)
        };
        let call = &settled.call;
        let (door, kind) = (call.door as usize, kind_of(call.connection_id));
        let outcome = call.outcome.unwrap_or(Outcome::Interrupted) as usize;
        metrics.calls.add([door, kind, outcome], 1);
        if let Some(ms) = call.first_token_ms {
            metrics
                .first_token
                .observe([kind], ms.saturating_mul(1_000));
        }
        if let Some(ms) = call.duration_ms {
            metrics.call.observe([door, kind], ms.saturating_mul(1_000));
        }
        for attempt in &settled.attempts {
            let kind = kind_of(attempt.connection_id);
            metrics.attempts.add([kind, attempt.outcome as usize], 1);
            metrics
                .tokens
                .add([kind, 0], attempt.usage.input.unwrap_or(0));
            metrics
                .tokens
                .add([kind, 1], attempt.usage.output.unwrap_or(0));
            metrics
                .cost
                .add([kind], attempt.cost.map_or(0, |cost| cost.0));
        }
    }

    /// An HTTP request was answered with this status.
    pub fn count_answer(&self, status: u16) {
        self.inner.metrics.answered(status);
    }

    /// Somebody follows what happens live, until the guard is dropped.
    pub fn live_reader(&self) -> LiveReader {
        self.inner.metrics.readers.add([], 1);
        LiveReader(self.inner.metrics.readers.clone())
    }
}

/// See [`Services::live_reader`].
#[derive(Debug)]
pub struct LiveReader(Grid<0>);

impl Drop for LiveReader {
    fn drop(&mut self) {
        self.0.add([], -1);
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
