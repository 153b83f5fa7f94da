//! Waiting for the disk, apart from the commit.

use std::path::Path;
use std::sync::atomic::Ordering;

use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use tokio::sync::OwnedMutexGuard;

use crate::open::folder;
use crate::{Durability, Engine, Result, Store, StoreError};

impl Store {
    /// Returns once everything that was committed before survives a power loss, however durable each
    /// commit was by itself. Beside it others may commit: what waits for the disk keeps nobody from
    /// writing.
    ///
    /// # Errors
    /// When the disk or the database does not confirm it. What was committed may still be there.
    pub async fn make_durable(&self) -> Result<()> {
        match self.inner.engine {
            Engine::Sqlite => self.sync_sqlite().await,
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

    async fn sync_sqlite(&self) -> Result<()> {
        let inner = &self.inner;
        if inner.log_broken.load(Ordering::SeqCst) {
            // The checkpoint syncs by itself all that was committed.
            let gate = inner.gate.clone().lock_owned().await;
            self.mend_log(&gate).await?;
        }
        let log = inner.log.clone();
        tokio::task::spawn_blocking(move || sync_log(&log))
            .await
            .map_err(|error| folder(&inner.log, std::io::Error::other(error)))?
            .map_err(|source| {
                inner.log_broken.store(true, Ordering::SeqCst);
                folder(&inner.log, source)
            })
    }

    /// After a sync of the log has failed, no later one that succeeds says anything about what was
    /// written before: the kernel reports the loss once and forgets it. So the log is folded into the
    /// database and begun anew before anything else is called durable.
    ///
    /// Who holds the gate is the only writer meanwhile.
    pub(crate) async fn mend_log(&self, _gate: &OwnedMutexGuard<Durability>) -> Result<()> {
        let inner = &self.inner;
        if !inner.log_broken.load(Ordering::SeqCst) {
            return Ok(());
        }
        let fold = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let folded = inner.writer.query_one_raw(fold).await;
        let is_busy = match folded.inspect_err(|_| inner.suspect.store(true, Ordering::SeqCst))? {
            Some(row) => row.try_get_by_index::<i64>(0)? != 0,
            None => true,
        };
        if is_busy {
            return Err(StoreError::Unmended);
        }
        inner.log_broken.store(false, Ordering::SeqCst);
        Ok(())
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

#[cfg(test)]
mod tests {
    use domain::{InstanceId, Timestamp};

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
        store
            .inner
            .writer
            .execute_unprepared("PRAGMA busy_timeout = 20")
            .await
            .unwrap();
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
        store.make_durable().await.unwrap_err();
        assert!(store.inner.log_broken.load(Ordering::SeqCst));
    }
}
