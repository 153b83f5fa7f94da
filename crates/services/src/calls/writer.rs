//! The writer: admissions and settlements in batches, one transaction each.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::AppError;
use domain::calls::{CallState, Outcome, Refusal};
use store::Durability;
use store::calls::{NewCall, SettledCall};
use tokio::sync::{mpsc, oneshot};

use super::admit::{Admission, Admitted};
use super::progress::attempt_text;
use crate::{Result, Services};

/// Calls that may wait for admission. At 20,000 a second this is a tenth of one.
const QUEUE: usize = 2_048;
/// Most calls in one transaction: keeps it under 20 ms.
const BATCH: usize = 250;
/// When the queue is full, a retry is sensible after this.
const RETRY_AFTER_MS: i64 = 1_000;

/// A settlement at the writer's door.
pub(crate) struct Settlement {
    pub(crate) settled: SettledCall,
    /// Told whether it is durable.
    pub(crate) answer: Option<oneshot::Sender<bool>>,
}

struct Doors {
    opens: mpsc::Receiver<Admission>,
    settles: mpsc::UnboundedReceiver<Settlement>,
}

/// The queues to the writer.
pub(crate) struct Writer {
    opens: mpsc::Sender<Admission>,
    settles: mpsc::UnboundedSender<Settlement>,
    doors: Mutex<Option<Doors>>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        let (opens, open_door) = mpsc::channel(QUEUE);
        // Bounded by the calls that are open, which the other queue bounds.
        let (settles, settle_door) = mpsc::unbounded_channel();
        let doors = Doors {
            opens: open_door,
            settles: settle_door,
        };
        Self {
            opens,
            settles,
            doors: Mutex::new(Some(doors)),
        }
    }

    /// Queues an admission.
    pub(crate) fn admit(&self, admission: Admission) -> std::result::Result<(), Refusal> {
        self.opens
            .try_send(admission)
            .map_err(|_| Refusal::QueueFull {
                retry_after_ms: RETRY_AFTER_MS,
            })
    }

    /// Queues a settlement. Never waits: also called while a task unwinds.
    pub(crate) fn settle(&self, settlement: Settlement) {
        // Fails only once the writer has ended, after every call has.
        let _ = self.settles.send(settlement);
    }
}

impl Services {
    pub(crate) fn start_writer(&self) {
        let doors = self
            .inner
            .writer
            .doors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(Doors { opens, settles }) = doors else {
            return;
        };
        self.runtime().tasks.start(self.clone().open_loop(opens));
        self.runtime()
            .tasks
            .start(self.clone().settle_loop(settles));
    }

    /// True when nothing can come any more: the server goes down and no call runs.
    fn writer_is_done(&self) -> bool {
        self.runtime().tasks.closing().is_cancelled() && self.inner.calls.count() == 0
    }

    async fn open_loop(self, mut door: mpsc::Receiver<Admission>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                count = door.recv_many(&mut batch, BATCH) => if count == 0 { return },
                () = tokio::time::sleep(Duration::from_millis(200)),
                    if self.runtime().tasks.closing().is_cancelled() => {
                        if self.writer_is_done() { return }
                    }
                () = self.runtime().tasks.closing().cancelled(),
                    if !self.runtime().tasks.closing().is_cancelled() => {}
            }
            if batch.is_empty() {
                continue;
            }
            self.open_batch(std::mem::take(&mut batch)).await;
        }
    }

    async fn open_batch(&self, batch: Vec<Admission>) {
        // Who has given up while waiting costs nobody anything.
        let batch: Vec<Admission> = batch
            .into_iter()
            .filter(|admission| !admission.answer.is_closed())
            .collect();
        let keys: BTreeSet<_> = batch.iter().flat_map(Admission::window_keys).collect();
        let mut decided = Vec::with_capacity(batch.len());
        let written = async {
            self.store().limit_window_ensure(&keys).await?;
            let tx = self.store().write_with(Durability::Normal).await?;
            let keys: Vec<_> = keys.iter().copied().collect();
            let mut windows = tx.limit_window_lock(&keys).await?;
            let before = windows.clone();
            let mut opened = Vec::with_capacity(batch.len());
            for admission in batch {
                let (answer, decision) = admission.decide(&mut windows);
                if let Ok(admitted) = &decision {
                    opened.push(self.new_call(admitted));
                }
                decided.push((answer, decision));
            }
            windows.retain(|key, state| before.get(key) != Some(state));
            tx.calls_open(&opened).await?;
            tx.limit_window_save(&windows).await?;
            tx.commit().await
        }
        .await;
        if let Err(error) = &written {
            tracing::error!(%error, calls = decided.len(), "calls could not be opened");
        }
        for (answer, decision) in decided {
            let told = match (&written, decision) {
                (Err(_), decision) => {
                    // The commit may have arrived although its answer did not: what was opened is
                    // voided, and a call that is not there is left alone.
                    if let Ok(admitted) = decision {
                        self.void(admitted);
                    }
                    Err(AppError::Unavailable.into())
                }
                (Ok(()), decision) => decision,
            };
            if let Err(Ok(admitted)) = answer.send(told) {
                // Opened, but nobody is there to run it: known never to have been sent.
                self.void(admitted);
            }
        }
    }

    fn new_call(&self, admitted: &Admitted) -> NewCall {
        NewCall {
            call: admitted.call.clone(),
            instance_id: self.inner.instance,
            holds: admitted.holds.clone(),
            input_estimate: admitted.input_estimate,
            attempt: admitted
                .candidates
                .first()
                .map(attempt_text)
                .unwrap_or_default(),
        }
    }

    fn void(&self, admitted: Admitted) {
        let mut call = admitted.call;
        call.state = CallState::Void;
        call.outcome = Some(Outcome::Stopped);
        let settled = SettledCall {
            call,
            attempts: Vec::new(),
        };
        self.inner.writer.settle(Settlement {
            settled,
            answer: None,
        });
    }

    async fn settle_loop(self, mut door: mpsc::UnboundedReceiver<Settlement>) {
        let mut batch = Vec::with_capacity(BATCH);
        // Settlements that could not be written: kept and tried again until they are.
        let mut unwritten: Vec<SettledCall> = Vec::new();
        loop {
            let closing = self.runtime().tasks.closing().is_cancelled();
            tokio::select! {
                count = door.recv_many(&mut batch, BATCH) => if count == 0 { return },
                () = tokio::time::sleep(Duration::from_secs(1)), if !unwritten.is_empty() => {}
                () = tokio::time::sleep(Duration::from_millis(200)), if closing => {
                    let written = unwritten.is_empty() || self.runtime().tasks.cutting().is_cancelled();
                    if self.writer_is_done() && door.is_empty() && written {
                        return;
                    }
                }
                () = self.runtime().tasks.closing().cancelled(), if !closing => {}
            }
            if !batch.is_empty() {
                let (settled, answers): (Vec<_>, Vec<_>) = batch
                    .drain(..)
                    .map(|settlement| (settlement.settled, settlement.answer))
                    .unzip();
                let durable = self.try_settle(&settled).await;
                for answer in answers.into_iter().flatten() {
                    let _ = answer.send(durable);
                }
                if !durable {
                    unwritten.extend(settled);
                }
            }
            if !unwritten.is_empty() {
                let chunk = unwritten.len().min(BATCH);
                if self.try_settle(&unwritten[..chunk]).await {
                    unwritten.drain(..chunk);
                }
            }
        }
    }

    async fn try_settle(&self, settled: &[SettledCall]) -> bool {
        match self.settle_batch(settled).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, calls = settled.len(), "settlements wait for the database");
                false
            }
        }
    }

    /// Asks the writer to admit a call and waits for its decision.
    pub(super) async fn admitted(
        &self,
        admission: Admission,
        decision: oneshot::Receiver<Result<Admitted>>,
    ) -> Result<Admitted> {
        self.inner.writer.admit(admission)?;
        decision.await.map_err(|_| AppError::Unavailable)?
    }
}
