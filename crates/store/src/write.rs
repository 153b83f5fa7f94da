//! The one way to write: a transaction that its service opened and commits.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::OwnedMutexGuard;

use crate::open::folder;
use crate::{Engine, Result, Store};

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A `kill -9`: enough for opening a call, whose loss costs nobody anything.
    Normal,
    /// A power loss: everything that is acknowledged.
    Full,
}

/// An open writing transaction. Dropping it without [`Self::commit`] undoes it.
///
/// Nothing but database work is awaited while one is open: on SQLite everybody else waits.
pub struct WriteTx {
    pub(crate) tx: DatabaseTransaction,
    pub(crate) engine: Engine,
    gate: Option<OwnedMutexGuard<Durability>>,
    suspect: Arc<AtomicBool>,
}

impl Store {
    /// Opens a transaction whose commit survives a power loss.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn write(&self) -> Result<WriteTx> {
        self.write_with(Durability::Full).await
    }

    /// Opens a transaction with the given durability.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn write_with(&self, durability: Durability) -> Result<WriteTx> {
        let inner = &self.inner;
        match inner.engine {
            Engine::Sqlite => {
                let mut gate = inner.gate.clone().lock_owned().await;
                if *gate != durability {
                    // Takes effect between transactions only, and the pool has this one connection.
                    let pragma = match durability {
                        Durability::Normal => "PRAGMA synchronous = NORMAL",
                        Durability::Full => "PRAGMA synchronous = FULL",
                    };
                    inner.writer.execute_unprepared(pragma).await?;
                    *gate = durability;
                }
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                let begun = inner.writer.begin_with_options(options).await;
                let tx = begun.inspect_err(|_| inner.suspect.store(true, Ordering::SeqCst))?;
                Ok(WriteTx {
                    tx,
                    engine: inner.engine,
                    gate: Some(gate),
                    suspect: inner.suspect.clone(),
                })
            }
            Engine::Postgres => {
                let tx = inner.writer.begin().await?;
                if durability == Durability::Normal {
                    tx.execute_unprepared("SET LOCAL synchronous_commit = off")
                        .await?;
                }
                Ok(WriteTx {
                    tx,
                    engine: inner.engine,
                    gate: None,
                    suspect: inner.suspect.clone(),
                })
            }
        }
    }
}

impl Store {
    /// Returns once everything that was committed before survives a power loss, however durable each
    /// commit was by itself. Beside it others may commit: what waits for the disk keeps nobody from
    /// writing.
    ///
    /// # Errors
    /// When the disk or the database does not confirm it. What was committed may still be there.
    pub async fn make_durable(&self) -> Result<()> {
        match self.inner.engine {
            Engine::Sqlite => {
                let log = self.inner.log.clone();
                tokio::task::spawn_blocking(move || sync_log(&log))
                    .await
                    .map_err(|error| folder(&self.inner.log, std::io::Error::other(error)))?
                    .map_err(|source| folder(&self.inner.log, source))
            }
            Engine::Postgres => {
                // A commit that waits for the disk makes all before it durable. PostgreSQL lets one that
                // has written nothing into its log not wait, so this one writes an empty message there.
                let tx = self.inner.writer.begin().await?;
                tx.execute_unprepared(
                    "SELECT set_config('synchronous_commit', 'on', true), \
                     pg_logical_emit_message(true, 'purser', '')",
                )
                .await?;
                tx.commit().await?;
                Ok(())
            }
        }
    }
}

/// Every commit stands in the write-ahead log until a checkpoint, which syncs the log before it copies
/// from it. So the log of the moment is all that has to reach the disk. SQLite's locks are on other
/// files: opening and closing this one once more lets go of none.
fn sync_log(log: &Path) -> std::io::Result<()> {
    match std::fs::File::open(log) {
        Ok(log) => log.sync_data(),
        // Folded into the database and synced there.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

impl WriteTx {
    /// Runs statements that need no answer, in their order. SQLite takes them in one trip to the
    /// thread that works for it: under load each trip waits for a core twice. Over PostgreSQL's
    /// protocol a statement with values travels alone.
    pub(crate) async fn run(&self, statements: Vec<Statement>) -> Result<()> {
        match self.engine {
            Engine::Sqlite => {
                let mut sql = String::new();
                let mut values = Vec::new();
                for statement in statements {
                    sql.push_str(&statement.sql);
                    sql.push(';');
                    values.extend(statement.values.into_iter().flat_map(|values| values.0));
                }
                if !sql.is_empty() {
                    let all = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
                    self.tx.execute_raw(all).await?;
                }
            }
            Engine::Postgres => {
                for statement in statements {
                    self.tx.execute_raw(statement).await?;
                }
            }
        }
        Ok(())
    }

    /// Makes everything since the opening visible and durable, or nothing of it.
    ///
    /// # Errors
    /// When the database could not commit.
    pub async fn commit(self) -> Result<()> {
        let committed = self.tx.commit().await;
        committed.inspect_err(|_| self.suspect.store(true, Ordering::SeqCst))?;
        // Only now may the next one write.
        drop(self.gate);
        Ok(())
    }
}
