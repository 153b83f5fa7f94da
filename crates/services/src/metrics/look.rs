//! What is looked up when somebody asks for the figures.

use prometheus_client::encoding::text;

use super::{Queue, count};
use crate::{Error, Result, Services};

/// How the figures are spelled, for the answer's head.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

impl Services {
    /// The figures of this instance in the text format of Prometheus.
    ///
    /// # Errors
    /// Never in practice: a string always takes what is written into it.
    pub fn metrics_text(&self) -> Result<String> {
        let metrics = &self.inner.metrics;
        let work = self.work_now();
        metrics.open_calls.set([], work.running_calls);
        metrics.held.set([], work.held.0);
        metrics
            .queued
            .set([Queue::Open as usize], work.waiting_to_open);
        metrics
            .queued
            .set([Queue::Settle as usize], work.waiting_to_settle);
        metrics.snapshot_age.set([], work.snapshot_age_ms);
        metrics.memory.set([], work.memory_bytes);
        for (index, pool) in self.store().pools().into_iter().enumerate() {
            metrics.connections.set([index, 0], i64::from(pool.busy));
            metrics.connections.set([index, 1], i64::from(pool.idle));
        }
        let mut answer = String::new();
        text::encode(&mut answer, &metrics.registry)
            .map_err(|_| Error::Internal("figures could not be written".to_owned()))?;
        Ok(answer)
    }

    /// What this instance has to do just now.
    pub(crate) fn work_now(&self) -> domain::system::WorkView {
        let inner = &self.inner;
        let (running, held) = inner.calls.running();
        let read_ms = inner
            .metrics
            .snapshot_read_ms
            .load(std::sync::atomic::Ordering::Relaxed);
        domain::system::WorkView {
            running_calls: count(running),
            held,
            waiting_to_open: count(inner.writer.waiting_to_open()),
            waiting_to_settle: count(inner.writer.waiting_to_settle()),
            unwritten_settlements: inner.metrics.unwritten.get([]),
            live_readers: inner.metrics.readers.get([]),
            snapshot_age_ms: (self.runtime().clock.monotonic_ms() - read_ms).max(0),
            memory_bytes: resident_bytes(),
        }
    }
}

/// Memory of this process as the kernel counts it; 0 where there is no `/proc`.
fn resident_bytes() -> i64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            let kilobytes: i64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kilobytes * 1_024)
        })
        .unwrap_or(0)
}
