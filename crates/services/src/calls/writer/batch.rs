//! One batch: what is decided about it, and what becomes of the decisions.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::calls::{CallState, Outcome};
use domain::problems::ProblemKind;
use domain::{AppError, InstanceId};
use store::calls::{NewCall, SettledCall};
use store::{Books, Found, Wanted};
use tokio::sync::oneshot;

use super::Settlement;
use crate::calls::admit::{Admission, Admitted};
use crate::calls::settle::{self, Settling};
use crate::house::House;
use crate::metrics::Queue;
use crate::{Result, Services};

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
    /// One commit. What it admits is told here; whether what it settles is written is the answer.
    pub(super) async fn write(
        &self,
        admissions: Vec<Admission>,
        settled: &Arc<Vec<SettledCall>>,
    ) -> bool {
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
            // Whose admission was dropped hears that the database is unavailable, and nothing of it is there.
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

    pub(super) async fn try_settle(&self, settled: &[SettledCall]) -> bool {
        match self.settle_batch(settled).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, calls = settled.len(), "settlements wait for the database");
                self.note(ProblemKind::SettlementUnwritten, &error);
                false
            }
        }
    }
}
