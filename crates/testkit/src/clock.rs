//! A clock that stands still until it is turned.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use domain::Timestamp;
use services::runtime::Clock;

/// The wall stands still; durations pass as they really do, plus what was turned.
#[derive(Debug)]
pub struct FakeClock {
    now_ms: AtomicI64,
    turned_ms: AtomicI64,
    start: Instant,
}

impl FakeClock {
    /// 21 November 2026, 12:00 UTC.
    pub fn new() -> Self {
        Self {
            now_ms: AtomicI64::new(1_795_262_400_000),
            turned_ms: AtomicI64::new(0),
            start: Instant::now(),
        }
    }

    /// Turns the wall clock and lets as much time pass.
    pub fn advance(&self, duration_ms: i64) {
        self.now_ms.fetch_add(duration_ms, Ordering::SeqCst);
        self.turned_ms.fetch_add(duration_ms, Ordering::SeqCst);
    }

    /// Sets the wall clock, forward or back, as an administrator or a time server does: no time passes.
    pub fn jump(&self, duration_ms: i64) {
        self.now_ms.fetch_add(duration_ms, Ordering::SeqCst);
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now_ms.load(Ordering::SeqCst))
    }

    fn monotonic_ms(&self) -> i64 {
        let passed = i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX);
        passed + self.turned_ms.load(Ordering::SeqCst)
    }
}
