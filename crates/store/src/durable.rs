//! Waiting for the disk, apart from the commit.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::open::{Inner, folder};
use crate::{Durability, Engine, Result, Store, StoreError};

/// SQLite's write-ahead log, opened once and kept: Linux tells each descriptor of a loss once, and one
/// that is opened after anybody has heard of it is told nothing. SQLite's own descriptor may hear of it in
/// a checkpoint that tells nobody.
#[derive(Default)]
pub(crate) struct Log(Mutex<Option<Arc<File>>>);

impl Log {
    /// `None` while there is no log.
    fn file(&self, path: &Path) -> std::io::Result<Option<Arc<File>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_none() {
            // SQLite's locks are on other files: closing this one once lets go of none.
            match File::open(path) {
                Ok(file) => *kept = Some(Arc::new(file)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(kept.clone())
    }
}

impl Store {
    /// Returns once the books that were kept before survive a power loss. Beside it others may commit:
    /// what waits for the disk keeps nobody from writing. On PostgreSQL each commit of theirs has waited.
    ///
    /// # Errors
    /// When the disk does not confirm it. What was committed may still be there.
    pub async fn make_durable(&self) -> Result<()> {
        match self.inner.engine {
            Engine::Postgres => Ok(()),
            Engine::Sqlite => {
                if self.inner.log_broken.load(Ordering::SeqCst) {
                    // Folding it in syncs by itself all that was committed.
                    let gate = self.inner.gate.clone().lock_owned().await;
                    self.mend_log(&gate).await?;
                }
                self.sync_log().await
            }
        }
    }

    /// Every commit stands in the write-ahead log until a checkpoint, which syncs the log before it copies
    /// from it. So the log of the moment is all that has to reach the disk.
    pub(crate) async fn sync_log(&self) -> Result<()> {
        let inner = self.inner.clone();
        let synced =
            tokio::task::spawn_blocking(move || match inner.log_file.file(&inner.log)? {
                Some(log) => log.sync_data(),
                // Nothing was written yet.
                None => Ok(()),
            });
        let synced = synced
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)));
        synced.map_err(|source| {
            self.inner.log_broken.store(true, Ordering::SeqCst);
            folder(&self.inner.log, source)
        })
    }

    /// After a sync of the log has failed, no later one that succeeds says anything about what was
    /// written before: the kernel reports the loss once and forgets it. So the log is folded into the
    /// database and begun anew before anything else is called durable.
    ///
    /// Who holds the gate is the only writer meanwhile. A reader that is in the way is not waited for: a
    /// backup reads for minutes, and nobody could write.
    pub(crate) async fn mend_log(&self, _gate: &OwnedMutexGuard<Durability>) -> Result<()> {
        if !self.inner.log_broken.load(Ordering::SeqCst) {
            return Ok(());
        }
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || fold(&inner))
            .await
            .unwrap_or(Err(StoreError::Unmended))
    }
}

fn fold(inner: &Inner) -> Result<()> {
    // A connection of its own: nothing stays behind on another whatever becomes of this.
    let connection = inner.ledger.open()?;
    connection.busy_timeout(Duration::ZERO)?;
    let is_busy: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy != 0 {
        return Err(StoreError::Unmended);
    }
    inner.log_broken.store(false, Ordering::SeqCst);
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::{InstanceId, Timestamp};
    use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};

    use super::*;
    use crate::OpenOptions;

    async fn commit_without_waiting(store: &Store, number: u128) {
        let tx = store.write_with(Durability::Normal).await.unwrap();
        let id = InstanceId(uuid::Uuid::from_u128(number));
        tx.instance_create(id, Timestamp(0), &[]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn house() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&OpenOptions {
            url: None,
            data_dir: folder.path().to_owned(),
            server: true,
        })
        .await
        .unwrap();
        (folder, store)
    }

    fn log_bytes(store: &Store) -> u64 {
        std::fs::metadata(&store.inner.log).unwrap().len()
    }

    #[tokio::test]
    async fn after_a_failed_sync_nothing_counts_as_durable_until_the_log_is_begun_anew() {
        let (_folder, store) = house().await;
        commit_without_waiting(&store, 1).await;
        store.inner.log_broken.store(true, Ordering::SeqCst);
        assert!(log_bytes(&store) > 0);
        store.make_durable().await.unwrap();
        assert_eq!(log_bytes(&store), 0);

        commit_without_waiting(&store, 2).await;
        store.inner.log_broken.store(true, Ordering::SeqCst);
        let full = store.write().await.unwrap();
        assert_eq!(log_bytes(&store), 0, "also before a commit that waits");
        drop(full);
        assert!(!store.inner.log_broken.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_log_that_somebody_still_reads_cannot_be_begun_anew() {
        let (_folder, store) = house().await;
        commit_without_waiting(&store, 1).await;
        let reader = store.reader().begin().await.unwrap();
        let asked = "SELECT count(*) FROM instances";
        let asked = Statement::from_string(DbBackend::Sqlite, asked);
        reader.query_one_raw(asked).await.unwrap();
        commit_without_waiting(&store, 2).await;
        store.inner.log_broken.store(true, Ordering::SeqCst);
        store.make_durable().await.unwrap_err();
        assert!(store.write().await.is_err());
        // What is not called durable goes on.
        commit_without_waiting(&store, 3).await;
        reader.rollback().await.unwrap();
        store.make_durable().await.unwrap();
        assert!(!store.inner.log_broken.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_synced_is_not_trusted_again() {
        let (_folder, mut store) = house().await;
        // Its path leads through a file.
        let inner = std::sync::Arc::get_mut(&mut store.inner).unwrap();
        inner.log = inner.log.join("nothing");
        inner.log_file = Log::default();
        store.make_durable().await.unwrap_err();
        assert!(store.inner.log_broken.load(Ordering::SeqCst));
    }
}
