//! The writer: admissions and settlements in batches, one transaction for both.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::calls::{CallState, Outcome, Refusal};
use domain::problems::ProblemKind;
use domain::{AppError, InstanceId};
use store::calls::{NewCall, SettledCall};
use store::{Books, Found, Wanted};
use tokio::sync::{mpsc, oneshot};

use super::admit::{Admission, Admitted};
use super::settle::{self, Settling};
use crate::house::House;
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

/// Settlements that could not be written: kept, and tried again until they are.
///
/// Fewer at a time after each failure, down to one, which then goes to the end: a single one that
/// the database never takes does not keep the others out of the books.
struct Unwritten {
    waiting: Vec<SettledCall>,
    at_once: usize,
}

impl Default for Unwritten {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            at_once: BATCH,
        }
    }
}

impl Unwritten {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn keep(&mut self, settled: Vec<SettledCall>) {
        self.waiting.extend(settled);
    }

    /// Those to try next.
    fn next(&self) -> &[SettledCall] {
        &self.waiting[..self.at_once.min(self.waiting.len())]
    }

    /// What became of [`Self::next`].
    fn tried(&mut self, written: bool) {
        let tried = self.at_once.min(self.waiting.len());
        if written {
            self.waiting.drain(..tried);
            self.at_once = (self.at_once * 2).min(BATCH);
        } else {
            if tried == 1 {
                self.waiting.rotate_left(1);
            }
            self.at_once = (tried / 2).max(1);
        }
    }
}

/// An answer that waits for the commit, and what it will be.
type Decided = (oneshot::Sender<Result<Admitted>>, Result<Admitted>);

/// What was found when the books were open.
enum Told {
    /// Every decision.
    Decided(Vec<Decided>),
    /// Some calls that end are no longer open: nothing was decided or written.
    Late(Vec<Admission>),
}

/// What became of a batch.
enum Kept {
    Written,
    Failed,
    Late(Vec<Admission>),
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

/// Settles first, so that what was released is there for what begins, then admits in arrival order.
fn decide(
    admissions: Vec<Admission>,
    settled: Arc<Vec<SettledCall>>,
    house: &House,
    instance: InstanceId,
    found: Found,
) -> (Option<Books>, Told) {
    let Found { open, mut windows } = found;
    if open.len() < settled.len() {
        return (None, Told::Late(admissions));
    }
    let before = windows.clone();
    let rollups = settle::book(&settled, &open, house, &mut windows);
    let mut opened = Vec::with_capacity(admissions.len());
    let mut decided = Vec::with_capacity(admissions.len());
    for admission in admissions {
        let (answer, decision) = admission.decide(&mut windows);
        if let Ok(admitted) = &decision {
            opened.push(new_call(admitted, instance));
        }
        decided.push((answer, decision));
    }
    windows.retain(|key, state| before.get(key) != Some(state));
    let books = Books {
        opened,
        settled,
        windows,
        rollups,
    };
    (Some(books), Told::Decided(decided))
}

fn new_call(admitted: &Admitted, instance: InstanceId) -> NewCall {
    NewCall {
        call: admitted.call.clone(),
        instance_id: instance,
        holds: admitted.holds.clone(),
        input_estimate: admitted.input_estimate,
        attempt: admitted.attempt.clone(),
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
                () = tokio::time::sleep(Duration::from_secs(1)), if !unwritten.is_empty() => {}
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
            while !unwritten.is_empty() {
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

    /// One commit. What it admits is told here; whether what it settles is written is the answer.
    async fn write(&self, admissions: Vec<Admission>, settled: &Arc<Vec<SettledCall>>) -> bool {
        // Who has given up while waiting costs nobody anything.
        let admissions = admissions
            .into_iter()
            .filter(|admission| !admission.answer.is_closed())
            .collect::<Vec<_>>();
        if !admissions.is_empty() {
            self.inner.metrics.batch(Queue::Open, admissions.len());
        }
        match self.keep_books(admissions, settled.clone()).await {
            Kept::Written => true,
            Kept::Failed => false,
            Kept::Late(admissions) => {
                let is_written = self.try_settle(settled).await;
                if !admissions.is_empty() {
                    self.keep_books(admissions, Arc::default()).await;
                }
                is_written
            }
        }
    }

    async fn keep_books(&self, admissions: Vec<Admission>, settled: Arc<Vec<SettledCall>>) -> Kept {
        let wanted = Wanted {
            ending: settled.iter().map(|settled| settled.call.id).collect(),
            windows: admissions.iter().flat_map(Admission::window_keys).collect(),
        };
        let what = if settled.is_empty() {
            ProblemKind::DatabaseFailed
        } else {
            ProblemKind::SettlementUnwritten
        };
        let (house, instance) = (self.house(), self.inner.instance);
        let decide = move |found| decide(admissions, settled, &house, instance, found);
        let (written, told) = self.store().keep_books(wanted, decide).await;
        if let Err(error) = &written {
            tracing::error!(%error, "calls wait for the database");
            self.note_store(what, error);
        }
        let decided = match told {
            Some(Told::Decided(decided)) => decided,
            Some(Told::Late(admissions)) if written.is_ok() => return Kept::Late(admissions),
            // Whose admission was dropped undecided hears that the database is unavailable.
            Some(Told::Late(_)) | None => Vec::new(),
        };
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
        if written.is_ok() {
            Kept::Written
        } else {
            Kept::Failed
        }
    }

    /// Settles calls, each exactly once, in a commit that survives a power loss by itself. Also those
    /// that another instance has settled from an estimate: that is corrected.
    pub(crate) async fn settle_batch(&self, batch: &[SettledCall]) -> Result<()> {
        let house = self.house();
        let tx = self.store().write().await?;
        let settling = Settling::lock(&tx, batch).await?;
        let keys: BTreeSet<_> = settling.window_keys().collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let mut windows = tx.limit_window_lock(&keys).await?;
        let rollups = settling.book(&tx, &house, &mut windows).await?;
        tx.calls_settle(&settling.due).await?;
        tx.limit_window_save(&windows).await?;
        tx.rollup_add(&rollups).await?;
        tx.commit().await?;
        Ok(())
    }

    fn void(&self, admitted: Admitted) {
        let mut call = admitted.call;
        call.state = CallState::Void;
        call.outcome = Some(Outcome::Stopped);
        let settled = SettledCall {
            call,
            attempts: Vec::new(),
            holds: admitted.holds,
        };
        self.inner.writer.settle(Settlement {
            settled,
            answer: None,
        });
    }

    async fn try_settle(&self, settled: &[SettledCall]) -> bool {
        match self.settle_batch(settled).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, calls = settled.len(), "settlements wait for the database");
                self.note(ProblemKind::SettlementUnwritten, &error);
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
        let asked = Instant::now();
        self.inner.writer.admit(admission)?;
        let decided = decision.await;
        self.inner.metrics.admitted_after(asked.elapsed());
        decided.map_err(|_| AppError::Unavailable)?
    }
}

#[cfg(test)]
mod tests {
    use domain::prices::PriceState;
    use domain::{CallId, ConnectionId, KeyId, MemberId, NanoUsd, Timestamp, Usage};

    use super::*;

    fn settled(number: u128) -> SettledCall {
        let call = store::calls::Call {
            id: CallId(uuid::Uuid::from_u128(number)),
            member_id: MemberId::NIL,
            key_id: KeyId::NIL,
            group_id: uuid::Uuid::nil(),
            connection_id: ConnectionId::NIL,
            door: domain::calls::Door::Web,
            purpose: domain::calls::Purpose::Reply,
            parent_call_id: None,
            model: String::new(),
            admitted_at: Timestamp(0),
            state: CallState::Void,
            outcome: None,
            usage: Usage::default(),
            usage_source: None,
            price_state: PriceState::Free,
            hold: NanoUsd::ZERO,
            cost: None,
            charge: None,
            overrun: false,
            tag: None,
            first_token_ms: None,
            duration_ms: None,
        };
        SettledCall {
            call,
            attempts: Vec::new(),
            holds: Vec::new(),
        }
    }

    #[test]
    fn one_settlement_the_database_never_takes_does_not_keep_the_others_out() {
        let hopeless = CallId(uuid::Uuid::from_u128(77));
        let mut unwritten = Unwritten::default();
        unwritten.keep((0..200).map(settled).collect());
        let mut tries = 0;
        while unwritten.waiting.len() > 1 {
            let written = unwritten.next().iter().all(|one| one.call.id != hopeless);
            unwritten.tried(written);
            tries += 1;
            assert!(tries < 60, "{} are still waiting", unwritten.waiting.len());
        }
        assert_eq!(unwritten.next()[0].call.id, hopeless);
        unwritten.tried(false);
        assert_eq!(unwritten.waiting.len(), 1, "and it is never dropped");
    }
}
