//! What is known of running calls, written for all of them at most once a second.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::CallId;
use store::Durability;
use store::calls::Progress;

use super::{Calls, Candidate};
use crate::{Result, Services};

/// A running call, shared between its relay and the progress writer.
#[derive(Clone)]
pub(crate) struct LiveCall {
    output_bytes: Arc<AtomicI64>,
    attempt: Arc<Mutex<String>>,
    /// What the database has.
    written: Arc<AtomicI64>,
}

impl LiveCall {
    fn new(candidate: &Candidate) -> Self {
        Self {
            output_bytes: Arc::new(AtomicI64::new(0)),
            attempt: Arc::new(Mutex::new(attempt_text(candidate))),
            written: Arc::new(AtomicI64::new(0)),
        }
    }

    /// Counts relayed output.
    pub(crate) fn add_output(&self, bytes: i64) {
        self.output_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Relayed output so far.
    pub(crate) fn output_bytes(&self) -> i64 {
        self.output_bytes.load(Ordering::Relaxed)
    }

    /// Another candidate is tried.
    pub(crate) fn turn_to(&self, candidate: &Candidate) {
        *self.attempt.lock().unwrap_or_else(PoisonError::into_inner) = attempt_text(candidate);
        // Differs from every count, so that the next round writes it.
        self.written.store(-1, Ordering::Relaxed);
    }
}

pub(crate) fn attempt_text(candidate: &Candidate) -> String {
    serde_json::to_string(candidate).unwrap_or_default()
}

impl Calls {
    pub(crate) fn begin(&self, id: CallId, candidate: &Candidate) -> LiveCall {
        let call = LiveCall::new(candidate);
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, call.clone());
        call
    }

    pub(crate) fn end(&self, id: CallId) {
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }

    /// How many run, those that are about to begin included.
    pub(crate) fn count(&self) -> usize {
        let running = self
            .live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len();
        running + self.errands.load(Ordering::SeqCst)
    }

    /// What has moved since it was last asked.
    fn moved(&self) -> Vec<Progress> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.iter()
            .filter_map(|(id, call)| {
                let output_bytes = call.output_bytes();
                if call.written.swap(output_bytes, Ordering::Relaxed) == output_bytes {
                    return None;
                }
                let attempt = call
                    .attempt
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone();
                Some(Progress {
                    call_id: *id,
                    attempt,
                    output_bytes,
                })
            })
            .collect()
    }
}

impl Services {
    pub(crate) fn start_progress(&self) {
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(1));
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let cutting = this.runtime().tasks.cutting().clone();
            let closing = this.runtime().tasks.closing().clone();
            loop {
                tokio::select! {
                    () = cutting.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                // Live calls go on while the server waits for them, and so does their progress.
                if closing.is_cancelled() && this.inner.calls.count() == 0 {
                    return;
                }
                if let Err(error) = this.write_progress().await {
                    tracing::warn!(%error, "progress of running calls was not written");
                }
            }
        });
    }

    async fn write_progress(&self) -> Result<()> {
        let moved = self.inner.calls.moved();
        for chunk in moved.chunks(250) {
            let tx = self.store().write_with(Durability::Normal).await?;
            tx.calls_progress(chunk).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// How many calls run on this instance.
    pub fn running_calls(&self) -> usize {
        self.inner.calls.count()
    }
}
