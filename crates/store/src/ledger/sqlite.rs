//! The writer's own connection to SQLite.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use sea_orm::{DbErr, RuntimeErr};

use super::rows;
use super::{Books, Found, Wanted};
use crate::open::folder;
use crate::{Result, Store, StoreError, Taken};

/// As long as the other connections wait.
const BUSY: Duration = Duration::from_secs(10);
/// More than there are statements.
const STATEMENTS: usize = 32;

/// The connection; opened when first needed, and anew after each failure: what was opened while the
/// disk was read-only stays so, for one.
#[derive(Clone)]
pub(crate) struct Ledger {
    file: PathBuf,
    connection: Arc<Mutex<Option<Connection>>>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
            return Self::Conflict(Taken::Other);
        }
        // SQLite's own words are the same behind either driver, and tell the same apart.
        Self::from(DbErr::Exec(RuntimeErr::Internal(error.to_string())))
    }
}

impl Ledger {
    pub(crate) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            connection: Arc::default(),
        }
    }

    /// Lets go of the file.
    pub(crate) fn close(&self) {
        *self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Another connection to the same file.
    pub(crate) fn open(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// One transaction. A commit that failed has changed nothing, so what was told is forgotten then.
    fn keep<T>(
        &self,
        wanted: &Wanted,
        decide: impl FnOnce(Found) -> (Option<Books>, T),
    ) -> (Result<()>, Option<T>) {
        let mut place = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let kept = (|| {
            // Taken out: only a connection that has done its work well is used again.
            let mut connection = match place.take() {
                Some(connection) => connection,
                None => self.open()?,
            };
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let found = find(&tx, wanted)?;
            let (books, told) = decide(found);
            match books {
                Some(books) => {
                    write(&tx, &books)?;
                    tx.commit()?;
                }
                None => tx.rollback()?,
            }
            *place = Some(connection);
            Ok(told)
        })();
        match kept {
            Ok(told) => (Ok(()), Some(told)),
            Err(error) => (Err(error), None),
        }
    }
}

fn find(tx: &Transaction<'_>, wanted: &Wanted) -> Result<Found> {
    let mut open = HashMap::with_capacity(wanted.ending.len());
    for id in &wanted.ending {
        if let Some(holds) = rows::holds(tx, *id)? {
            open.insert(*id, holds);
        }
    }
    let mut windows = BTreeMap::new();
    let keys = open.values().flatten().map(crate::calls::Held::window);
    for key in keys.chain(wanted.windows.iter().copied()) {
        if !windows.contains_key(&key)
            && let Some(state) = rows::window(tx, key)?
        {
            windows.insert(key, state);
        }
    }
    Ok(Found { open, windows })
}

fn write(tx: &Transaction<'_>, books: &Books) -> Result<()> {
    for settled in books.settled.iter() {
        rows::finish_call(tx, &settled.call)?;
        for (attempt, number) in settled.attempts.iter().zip(1..) {
            rows::insert_attempt(tx, settled.call.id, number, attempt)?;
        }
        rows::delete_open(tx, settled.call.id)?;
    }
    for new in &books.opened {
        rows::insert_call(tx, &new.call)?;
        rows::insert_open(tx, new)?;
    }
    for (key, state) in &books.windows {
        rows::save_window(tx, *key, state)?;
    }
    for (key, sum) in &books.rollups {
        rows::add_rollup(tx, key, sum)?;
    }
    Ok(())
}

impl Store {
    pub(super) async fn keep_books_sqlite<T: Send + 'static>(
        &self,
        wanted: Wanted,
        decide: impl FnOnce(Found) -> (Option<Books>, T) + Send + 'static,
    ) -> (Result<()>, Option<T>) {
        let inner = self.inner.clone();
        let gate = inner.gate.clone().lock_owned().await;
        let kept = tokio::task::spawn_blocking(move || {
            let kept = inner.ledger.keep(&wanted, decide);
            if let (Err(error), _) = &kept {
                inner.doubt(error);
            }
            // Only now may the next one write.
            drop(gate);
            kept
        });
        kept.await.unwrap_or_else(|error| {
            let ended = std::io::Error::other(error);
            (Err(folder(&self.inner.log, ended)), None)
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::calls::{CallState, Door, Outcome, Purpose, UsageSource};
    use domain::limits::WindowState;
    use domain::prices::PriceState;
    use domain::{
        CallId, ConnectionId, InstanceId, KeyId, LimitId, MemberId, NanoUsd, PriceId, Timestamp,
        Usage,
    };
    use uuid::Uuid;

    use super::*;
    use crate::OpenOptions;
    use crate::calls::{Attempt, Call, Held, NewCall, SettledCall};

    fn usage(from: i64) -> Usage {
        Usage {
            input: Some(from),
            cached_input: Some(from + 1),
            cache_write: Some(from + 2),
            cache_write_1h: Some(from + 3),
            output: Some(from + 4),
            reasoning: Some(from + 5),
            searches: Some(from + 6),
            requests: Some(from + 7),
        }
    }

    /// No two values are alike: one in the wrong column is found.
    fn new_call() -> NewCall {
        let id = Uuid::from_u128;
        NewCall {
            call: Call {
                id: CallId(id(1)),
                member_id: MemberId(id(2)),
                key_id: KeyId(id(3)),
                group_id: id(4),
                connection_id: ConnectionId(id(5)),
                door: Door::Gateway,
                purpose: Purpose::Title,
                parent_call_id: Some(CallId(id(6))),
                model: "model".to_owned(),
                admitted_at: Timestamp(7),
                state: CallState::Open,
                outcome: Some(Outcome::Auth),
                usage: usage(100),
                usage_source: Some(UsageSource::Estimated),
                price_state: PriceState::Priced,
                hold: NanoUsd(8),
                cost: Some(NanoUsd(9)),
                charge: Some(NanoUsd(10)),
                overrun: false,
                tag: Some("tag".to_owned()),
                first_token_ms: Some(11),
                duration_ms: Some(12),
            },
            instance_id: InstanceId(id(13)),
            holds: vec![Held {
                limit_id: LimitId(id(14)),
                window_start: Timestamp(15),
                amount: 16,
            }],
            input_estimate: 17,
            attempt: "attempt".to_owned(),
        }
    }

    fn settled(new: &NewCall) -> SettledCall {
        let mut call = new.call.clone();
        call.connection_id = ConnectionId(Uuid::from_u128(30));
        call.state = CallState::Settled;
        call.outcome = Some(Outcome::Answered);
        call.usage = usage(200);
        call.usage_source = Some(UsageSource::Reported);
        call.price_state = PriceState::Unpriced;
        call.cost = Some(NanoUsd(31));
        call.charge = Some(NanoUsd(32));
        call.overrun = true;
        call.first_token_ms = Some(33);
        call.duration_ms = Some(34);
        let attempt = Attempt {
            connection_id: ConnectionId(Uuid::from_u128(35)),
            price_id: Some(PriceId(Uuid::from_u128(36))),
            outcome: Outcome::Server,
            usage: usage(300),
            usage_source: Some(UsageSource::Estimated),
            cost: Some(NanoUsd(37)),
            reported_cost: Some(NanoUsd(38)),
        };
        SettledCall {
            call,
            attempts: vec![attempt],
            holds: new.holds.clone(),
        }
    }

    async fn house() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            url: None,
            data_dir: folder.path().to_owned(),
            server: true,
        };
        let store = Store::open(&options).await.unwrap();
        (folder, store)
    }

    async fn write(store: &Store, books: Books) {
        let (kept, told) = store
            .keep_books(Wanted::default(), |_| (Some(books), ()))
            .await;
        kept.unwrap();
        told.unwrap();
    }

    #[tokio::test]
    async fn every_column_is_read_back_as_it_was_written() {
        let (_folder, store) = house().await;
        let new = new_call();
        let window = (LimitId(Uuid::from_u128(14)), Timestamp(15));
        let state = |from| WindowState {
            spent: from,
            held: from + 1,
            tat_ns: from + 2,
        };
        let begins = Books {
            opened: vec![new.clone()],
            windows: BTreeMap::from([(window, state(50))]),
            ..Books::default()
        };
        write(&store, begins).await;
        let (call, open) = store
            .open_call_list_of(new.instance_id, 10)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(call, new.call);
        assert_eq!(open.call_id, new.call.id);
        assert_eq!(open.instance_id, new.instance_id);
        assert_eq!(open.holds, new.holds);
        assert_eq!(open.input_estimate, new.input_estimate);
        assert_eq!(open.attempt, new.attempt);
        assert_eq!(open.output_bytes, 0);
        let windows = store.limit_window_list(&[window]).await.unwrap();
        assert_eq!(windows[&window], state(50));

        let done = settled(&new);
        let (kept, found) = store
            .keep_books(
                Wanted {
                    ending: vec![done.call.id, CallId(Uuid::from_u128(99))],
                    ..Wanted::default()
                },
                |found| (None, found),
            )
            .await;
        kept.unwrap();
        let found = found.unwrap();
        assert_eq!(found.open.len(), 1);
        assert_eq!(found.open[&done.call.id], new.holds);
        assert_eq!(found.windows, BTreeMap::from([(window, state(50))]));

        let rollups = crate::rollups::summed([&done.call]);
        for _ in 0..2 {
            let twice = Books {
                windows: BTreeMap::from([(window, state(60))]),
                rollups: rollups.clone(),
                ..Books::default()
            };
            write(&store, twice).await;
        }
        let ends = Books {
            settled: Arc::new(vec![done.clone()]),
            ..Books::default()
        };
        write(&store, ends).await;
        assert!(store.open_call_list().await.unwrap().is_empty());
        let windows = store.limit_window_list(&[window]).await.unwrap();
        assert_eq!(windows[&window], state(60));
        let tx = store.write().await.unwrap();
        let mut booked = tx.call_lock_settled(&[done.call.id]).await.unwrap();
        let (call, attempts) = booked.remove(&done.call.id).unwrap();
        drop(tx);
        assert_eq!(call, done.call);
        assert_eq!(attempts, done.attempts);
        let sums: BTreeMap<_, _> = store
            .rollup_list(Timestamp(0), Timestamp(i64::MAX))
            .await
            .unwrap()
            .into_iter()
            .collect();
        let (key, once) = rollups.first_key_value().unwrap();
        assert_eq!(sums.len(), 1);
        assert_eq!(sums[key].calls, 2);
        assert_eq!(sums[key].cost, NanoUsd(once.cost.0 * 2));
        assert_eq!(sums[key].reasoning, once.reasoning * 2);
    }

    #[tokio::test]
    async fn what_is_not_written_changes_nothing_and_the_next_batch_goes_on() {
        let (_folder, store) = house().await;
        let new = new_call();
        let twice = Books {
            opened: vec![new.clone(), new.clone()],
            ..Books::default()
        };
        let (kept, told) = store
            .keep_books(Wanted::default(), |_| (Some(twice), "told"))
            .await;
        assert!(matches!(kept, Err(StoreError::Conflict(_))), "{kept:?}");
        assert_eq!(told, None);
        assert!(store.open_call_list().await.unwrap().is_empty());
        let once = Books {
            opened: vec![new],
            ..Books::default()
        };
        write(&store, once).await;
        assert_eq!(store.open_call_list().await.unwrap().len(), 1);
    }
}
