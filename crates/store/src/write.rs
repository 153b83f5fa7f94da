//! The one way to write: a transaction that its service opened and commits.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::OwnedMutexGuard;

use crate::open::Inner;
use crate::{Engine, Result, Store, StoreError};

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
    inner: Arc<Inner>,
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
                    // Who asked may leave in between: what is known is never more than what holds.
                    if durability == Durability::Normal {
                        *gate = durability;
                    }
                    inner.writer.execute_unprepared(pragma).await?;
                    *gate = durability;
                }
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                if durability == Durability::Full {
                    self.mend_log(&gate).await?;
                }
                let begun = inner.writer.begin_with_options(options).await;
                let tx = begun.inspect_err(|_| inner.suspect.store(true, Ordering::SeqCst))?;
                Ok(WriteTx {
                    tx,
                    engine: inner.engine,
                    gate: Some(gate),
                    inner: inner.clone(),
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
                    inner: inner.clone(),
                })
            }
        }
    }
}

impl Inner {
    /// A write has failed: what it leads to. Only the disk's own errors say that what was written before
    /// may be lost as well; a full disk, for one, takes nothing and loses nothing.
    pub(crate) fn doubt(&self, error: &StoreError) {
        self.suspect.store(true, Ordering::SeqCst);
        if error.is_of_the_disk() {
            self.log_broken.store(true, Ordering::SeqCst);
        }
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
        let committed = committed.map_err(StoreError::from);
        committed.inspect_err(|error| self.inner.doubt(error))?;
        // Only now may the next one write.
        drop(self.gate);
        Ok(())
    }
}
