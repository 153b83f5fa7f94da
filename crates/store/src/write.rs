//! The one way to write: a transaction that its service opened and commits.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::OwnedMutexGuard;

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
                let tx = inner.writer.begin_with_options(options).await?;
                Ok(WriteTx {
                    tx,
                    engine: inner.engine,
                    gate: Some(gate),
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
                })
            }
        }
    }
}

impl WriteTx {
    /// Makes everything since the opening visible and durable, or nothing of it.
    ///
    /// # Errors
    /// When the database could not commit.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        // Only now may the next one write.
        drop(self.gate);
        Ok(())
    }
}
