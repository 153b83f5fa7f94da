//! What is known of running calls, written for all of them at most once a second.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{CallId, KeyId, MemberId, NanoUsd};
use store::Durability;
use store::calls::{Call, Progress};
use tokio_util::sync::CancellationToken;

use super::{Calls, Candidate};
use crate::house::AccessList;
use crate::{Result, Services};

/// A running call, shared between its relay and the progress writer.
#[derive(Clone)]
pub(crate) struct LiveCall {
    output_bytes: Arc<AtomicI64>,
    attempt: Arc<Mutex<String>>,
    /// What the database has.
    written: Arc<AtomicI64>,
    member_id: MemberId,
    key_id: KeyId,
    /// Money held for it.
    hold: NanoUsd,
    revoked: CancellationToken,
}

impl LiveCall {
    fn new(call: &Call, attempt: String) -> Self {
        Self {
            output_bytes: Arc::new(AtomicI64::new(0)),
            attempt: Arc::new(Mutex::new(attempt)),
            written: Arc::new(AtomicI64::new(0)),
            member_id: call.member_id,
            key_id: call.key_id,
            hold: call.hold,
            revoked: CancellationToken::new(),
        }
    }

    /// Cancelled when whoever began this may do so no longer.
    pub(crate) fn revoked(&self) -> &CancellationToken {
        &self.revoked
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
    pub(crate) fn begin(&self, call: &Call, attempt: String) -> LiveCall {
        let live = LiveCall::new(call, attempt);
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(call.id, live.clone());
        live
    }

    /// Stops what runs for members who are shut out and keys that are revoked.
    pub(crate) fn stop_revoked(&self, access: &AccessList) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        for call in live.values() {
            if !access.may_go_on(call.member_id, call.key_id) {
                call.revoked.cancel();
            }
        }
    }

    pub(crate) fn end(&self, id: CallId) {
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }

    /// How many run, and the money held for them.
    pub(crate) fn running(&self) -> (usize, NanoUsd) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let held = live
            .values()
            .fold(NanoUsd::ZERO, |held, call| held.saturating_add(call.hold));
        (live.len(), held)
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

    /// These did not reach the database: they count as moved again.
    fn unwritten(&self, lost: &[Progress]) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        for progress in lost {
            if let Some(call) = live.get(&progress.call_id) {
                call.written.store(-1, Ordering::Relaxed);
            }
        }
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
            let written = async {
                let tx = self.store().write_with(Durability::Normal).await?;
                tx.calls_progress(chunk).await?;
                tx.commit().await
            }
            .await;
            if let Err(error) = written {
                // Those of the other chunks too: written twice does no harm.
                self.inner.calls.unwritten(&moved);
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// How many calls run on this instance.
    pub fn running_calls(&self) -> usize {
        self.inner.calls.count()
    }
}
