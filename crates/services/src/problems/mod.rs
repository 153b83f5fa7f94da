//! Problems: what went wrong lately, equal failures in one row, and who looks after it.
//!
//! A failure is noted in memory, where it happens, and written a little later together with the
//! others: no call waits for it, and a database that is gone loses nothing but time.

mod notebook;

use std::time::Duration;

use domain::calls::ProviderFailure;
use domain::people::Fault;
use domain::problems::{ProblemKind, ProblemState, ProblemView};
use domain::time::DAY_MS;
use domain::{AppError, ConnectionId, ProblemId};
use store::problems::Problem;
use store::{Durability, StoreError};
use tokio::sync::oneshot;
use uuid::Uuid;

pub(crate) use self::notebook::Notebook;
use self::notebook::{Subject, Tally};
use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::{Error, Result, Services};

/// How long a noted failure waits for others.
const WRITE_EVERY: Duration = Duration::from_secs(2);
/// Problems in one statement.
const CHUNK: usize = 50;
/// Problems that are kept. Kinds, causes and connections have few combinations; this is for the
/// house that makes and removes connections without end.
const MOST_ROWS: u64 = 500;
/// How long a resolved one is kept.
const RESOLVED_KEPT_MS: i64 = 30 * DAY_MS;
/// Longest detail, in characters.
const MOST_DETAIL: usize = 200;

impl Services {
    /// Notes a failure of the house itself.
    pub(crate) fn note(&self, kind: ProblemKind, error: &Error) {
        let cause = match error {
            Error::Store(error) => store_cause(error),
            Error::Known(_) => "refused",
            Error::Internal(_) => "internal",
        };
        self.note_house(kind, cause);
    }

    /// Notes a failure of the database.
    pub(crate) fn note_store(&self, kind: ProblemKind, error: &StoreError) {
        self.note_house(kind, store_cause(error));
    }

    /// Notes that calls of a dead instance were settled.
    pub(crate) fn note_recovered(&self, calls: usize) {
        if calls > 0 {
            self.note_house(ProblemKind::CallsRecovered, "");
        }
    }

    /// Notes a provider's failure, unless the request itself was at fault.
    pub(crate) fn note_provider(&self, connection: ConnectionId, failure: &ProviderFailure) {
        if !failure.outcome.worth_another_try() {
            return;
        }
        let house = self.house();
        let name = house
            .catalog
            .connection(connection)
            .map(|entry| entry.name.clone());
        self.write_down(
            Subject {
                kind: ProblemKind::ProviderFailed,
                subject_id: connection.0,
                cause: failure.outcome.word(),
            },
            name.unwrap_or_default(),
            plain(&failure.message),
        );
    }

    fn note_house(&self, kind: ProblemKind, cause: &'static str) {
        let subject = Subject {
            kind,
            subject_id: Uuid::nil(),
            cause,
        };
        // The database's own words may hold what stands in its rows; the log has them.
        self.write_down(subject, String::new(), String::new());
    }

    fn write_down(&self, subject: Subject, name: String, detail: String) {
        self.inner.metrics.problem(subject.kind);
        let now = self.runtime().now();
        self.inner
            .notebook
            .note(subject, Tally::once(name, detail, now));
    }

    pub(crate) fn start_notebook(&self) {
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let mut ticks = tokio::time::interval(WRITE_EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let closing = this.runtime().tasks.closing().clone();
            loop {
                let last = tokio::select! {
                    () = closing.cancelled() => true,
                    _ = ticks.tick() => false,
                };
                // What cannot be written stays noted: it says that the database is gone.
                if let Err(error) = this.write_noted().await {
                    tracing::debug!(%error, "problems wait for the database");
                }
                if last {
                    return;
                }
            }
        });
    }

    /// Writes what was noted: afterwards everything that was noted before stands in the database, also
    /// what another had begun to write.
    ///
    /// # Errors
    /// When the database fails; what was not written stays noted.
    pub async fn problem_flush(&self) -> Result<()> {
        let (told, written) = oneshot::channel();
        let this = self.clone();
        // A task of its own: who asked may leave while it is committed, and what was committed but not
        // crossed out would be counted twice.
        self.runtime().tasks.start(async move {
            let _ = told.send(this.write_noted().await);
        });
        written
            .await
            .map_err(|_| Error::Internal("the writing of problems ended early".to_owned()))?
    }

    async fn write_noted(&self) -> Result<()> {
        let mut noted = self.inner.notebook.take().await;
        while !noted.is_empty() {
            let chunk = noted.iter().take(CHUNK);
            let rows: Vec<Problem> = chunk
                .map(|(subject, tally)| self.new_problem(subject, tally))
                .collect();
            let tx = self.store().write_with(Durability::Normal).await?;
            tx.problem_note(&rows).await?;
            tx.commit().await?;
            noted.written(rows.len());
        }
        Ok(())
    }

    fn new_problem(&self, subject: &Subject, tally: &Tally) -> Problem {
        Problem {
            id: self.runtime().id::<Uuid>().into(),
            kind: subject.kind,
            subject_id: subject.subject_id,
            cause: subject.cause.to_owned(),
            subject: tally.name.clone(),
            detail: tally.detail.clone(),
            state: ProblemState::Open,
            count: tally.count,
            first_seen: tally.first_seen,
            last_seen: tally.last_seen,
            changed_by: domain::MemberId::NIL,
            changed_at: None,
        }
    }

    /// Every problem that is kept: the latest first, resolved ones at the end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn problem_list(&self, _admin: &Administrator) -> Result<Vec<ProblemView>> {
        // Whoever looks sees what happened a moment ago; a database that takes nothing still tells what
        // it has.
        if let Err(error) = self.problem_flush().await {
            tracing::warn!(%error, "problems of the last moments are not written yet");
        }
        let house = self.house();
        let rows = self.store().problem_list(MOST_ROWS).await?;
        Ok(rows
            .into_iter()
            .map(|row| ProblemView {
                id: row.id,
                kind: row.kind,
                subject: row.subject,
                cause: row.cause,
                detail: row.detail,
                state: row.state,
                count: row.count,
                first_seen: row.first_seen,
                last_seen: row.last_seen,
                changed_by: house
                    .access
                    .member(row.changed_by)
                    .map(|member| member.name.clone()),
                changed_at: row.changed_at,
            })
            .collect())
    }

    /// Says what becomes of a problem. Saying the same twice changes nothing.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn problem_set(
        &self,
        admin: &Administrator,
        id: ProblemId,
        state: ProblemState,
    ) -> Result<()> {
        let problem = self
            .store()
            .problem_find(id)
            .await?
            .ok_or(AppError::NotFound)?;
        if problem.state == ProblemState::Resolved && state == ProblemState::Acknowledged {
            // Over and looked after at once is nothing; reopening comes first.
            return Err(Error::invalid("state", Fault::Malformed));
        }
        let action = match state {
            ProblemState::Open => Action::ProblemReopened,
            ProblemState::Acknowledged => Action::ProblemAcknowledged,
            ProblemState::Resolved => Action::ProblemResolved,
        };
        // What happened until now is part of what is over.
        self.problem_flush().await?;
        let tx = self.store().write().await?;
        let changed = tx
            .problem_set(id, state, admin.member_id, self.runtime().now())
            .await?;
        if !changed {
            return Ok(());
        }
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action,
            subject_id: id.0,
            subject: &problem.subject,
            detail: problem.kind.word(),
        };
        self.write_act(&tx, &act).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets old resolved problems, and those beyond the most that are kept.
    pub(crate) async fn problem_sweep(&self) -> Result<()> {
        let tx = self.store().write().await?;
        let now = self.runtime().now();
        tx.problem_prune(now.plus(-RESOLVED_KEPT_MS), MOST_ROWS)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A provider's words as they may stand in a row: short, and without what PostgreSQL takes in none.
fn plain(words: &str) -> String {
    words
        .chars()
        .filter(|one| !one.is_control())
        .take(MOST_DETAIL)
        .collect()
}

fn store_cause(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable(_) | StoreError::Unmended => "unavailable",
        StoreError::Conflict(_) => "conflict",
        StoreError::Corrupt { .. } => "corrupt",
        StoreError::Unwritable(_) => "unwritable",
        StoreError::Newer(_)
        | StoreError::Gap(_)
        | StoreError::NoHouse(_)
        | StoreError::Busy(_)
        | StoreError::Locked(_)
        | StoreError::Folder { .. }
        | StoreError::Driver(_) => "failed",
    }
}
