//! The writer: admissions and settlements in batches, one transaction for both.

mod batch;
mod unwritten;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::AppError;
use domain::calls::Refusal;
use domain::problems::ProblemKind;
use store::calls::SettledCall;
use tokio::sync::{mpsc, oneshot};

use self::unwritten::{AGAIN, Unwritten};
use super::admit::{Admission, Admitted};
use crate::metrics::Queue;
use crate::{Result, Services};

/// Calls that may wait for admission. At 20,000 a second this is a tenth of one.
const QUEUE: usize = 2_048;
/// Most calls in one transaction: keeps it under 20 ms.
const BATCH: usize = 250;
/// How often the others get their turn before a batch is written.
const MOST_TURNS: usize = 8;
/// When the queue is full, a retry is sensible after this.
const RETRY_AFTER_MS: i64 = 1_000;

/// A settlement at the writer's door.
pub(crate) struct Settlement {
    pub(crate) settled: SettledCall,
    /// Told whether it is durable.
    pub(crate) answer: Option<oneshot::Sender<bool>>,
}

/// Who waits to hear whether settlements are durable; one nobody waits for is `None`.
type Answers = Vec<Option<oneshot::Sender<bool>>>;

fn tell(answers: impl IntoIterator<Item = Option<oneshot::Sender<bool>>>, durable: bool) {
    for answer in answers.into_iter().flatten() {
        // Whoever asked may be gone.
        let _ = answer.send(durable);
    }
}

struct Doors {
    opens: mpsc::Receiver<Admission>,
    settles: mpsc::UnboundedReceiver<Settlement>,
}

/// The queues to the writer.
pub(crate) struct Writer {
    opens: mpsc::Sender<Admission>,
    settles: mpsc::UnboundedSender<Settlement>,
    /// Settlements in their queue: an unbounded one does not tell its length.
    settling: AtomicUsize,
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
            settling: AtomicUsize::new(0),
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
        self.settling.fetch_add(1, Ordering::Relaxed);
        // Fails only once the writer has ended, after every call has.
        let _ = self.settles.send(settlement);
    }

    /// Calls that wait to be opened.
    pub(crate) fn waiting_to_open(&self) -> usize {
        self.opens.max_capacity() - self.opens.capacity()
    }

    /// Calls that wait to be settled.
    pub(crate) fn waiting_to_settle(&self) -> usize {
        self.settling.load(Ordering::Relaxed)
    }
}

/// Takes along who is about to come. A commit costs nearly the same for one as for ten, and who has
/// work to do on these processors comes before the next one: with nobody there this takes no time, and
/// under load the batches grow to what is under way.
async fn gather(doors: &mut Doors, opens: &mut Vec<Admission>, settles: &mut Vec<Settlement>) {
    for _ in 0..MOST_TURNS {
        let before = opens.len() + settles.len();
        tokio::task::yield_now().await;
        while opens.len() < BATCH
            && let Ok(admission) = doors.opens.try_recv()
        {
            opens.push(admission);
        }
        while settles.len() < BATCH
            && let Ok(settlement) = doors.settles.try_recv()
        {
            settles.push(settlement);
        }
        if opens.len() + settles.len() == before {
            return;
        }
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
        let Some(doors) = doors else {
            return;
        };
        let (written, told) = mpsc::unbounded_channel();
        let tasks = &self.runtime().tasks;
        tasks.start(self.clone().write_loop(doors, written));
        tasks.start(self.clone().durable_loop(told));
    }

    /// True when nothing can come any more: the server goes down and no call runs.
    fn writer_is_done(&self) -> bool {
        self.runtime().tasks.closing().is_cancelled() && self.inner.calls.count() == 0
    }

    /// Writes what waits at both doors in one commit, again and again: while one is on its way, the
    /// next batch gathers.
    async fn write_loop(self, mut doors: Doors, written: mpsc::UnboundedSender<Answers>) {
        let mut opens = Vec::with_capacity(BATCH);
        let mut settles = Vec::with_capacity(BATCH);
        let mut unwritten = Unwritten::default();
        loop {
            let closing = self.runtime().tasks.closing().is_cancelled();
            tokio::select! {
                // Neither door ever closes: both senders live as long as this task.
                _ = doors.opens.recv_many(&mut opens, BATCH) => {}
                _ = doors.settles.recv_many(&mut settles, BATCH) => {}
                () = tokio::time::sleep(AGAIN), if !unwritten.is_empty() => {}
                () = tokio::time::sleep(Duration::from_millis(200)), if closing => {
                    let is_written = unwritten.is_empty() || self.runtime().tasks.cutting().is_cancelled();
                    if self.writer_is_done() && doors.settles.is_empty() && is_written {
                        return;
                    }
                }
                () = self.runtime().tasks.closing().cancelled(), if !closing => {}
            }
            gather(&mut doors, &mut opens, &mut settles).await;
            if !settles.is_empty() {
                self.inner
                    .writer
                    .settling
                    .fetch_sub(settles.len(), Ordering::Relaxed);
                self.inner.metrics.batch(Queue::Settle, settles.len());
            }
            if !opens.is_empty() || !settles.is_empty() {
                let (settled, answers): (Vec<_>, Answers) = settles
                    .drain(..)
                    .map(|settlement: Settlement| (settlement.settled, settlement.answer))
                    .unzip();
                let settled = Arc::new(settled);
                if self.write(std::mem::take(&mut opens), &settled).await {
                    // Told only once it would survive a power loss; meanwhile the next commit begins. What
                    // only begins waits for no disk.
                    if !answers.is_empty() {
                        let _ = written.send(answers);
                    }
                } else {
                    tell(answers, false);
                    unwritten.keep(Arc::unwrap_or_clone(settled));
                }
            }
            while unwritten.is_due() {
                let is_written = self.try_settle(unwritten.next()).await;
                unwritten.tried(is_written);
                if !is_written {
                    break;
                }
            }
            self.inner.metrics.unwritten(unwritten.waiting.len());
        }
    }

    /// Waits for the disk on behalf of everything that was committed meanwhile.
    async fn durable_loop(self, mut told: mpsc::UnboundedReceiver<Answers>) {
        let mut waiting = Vec::new();
        while told.recv_many(&mut waiting, BATCH).await > 0 {
            let durable = self.store().make_durable().await;
            if let Err(error) = &durable {
                tracing::error!(%error, "settlements may not survive a power loss");
                self.note_store(ProblemKind::SettlementUnwritten, error);
            }
            tell(waiting.drain(..).flatten(), durable.is_ok());
        }
    }

    /// Asks the writer to admit a call and waits for its decision.
    pub(super) async fn admitted(
        &self,
        admission: Admission,
        decision: oneshot::Receiver<Result<Admitted>>,
    ) -> Result<Admitted> {
        let asked = Instant::now();
        self.inner.writer.admit(admission)?;
        let decided = decision.await;
        self.inner.metrics.admitted_after(asked.elapsed());
        decided.map_err(|_| AppError::Unavailable)?
    }
}
