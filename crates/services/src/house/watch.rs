//! Keeping the snapshot fresh.

use std::sync::Arc;
use std::time::Duration;

use domain::problems::ProblemKind;

use crate::{Result, Services};

/// How often the revision rows are read: twice a second, so that a revocation made anywhere holds
/// everywhere within one.
const WATCH_EVERY: Duration = Duration::from_millis(500);

impl Services {
    /// Reads again what has moved. Every service that changes the house calls this before it
    /// answers, so that the next request sees the change.
    ///
    /// # Errors
    /// When the database fails; the old snapshot stays.
    pub async fn refresh(&self) -> Result<()> {
        let _one_at_a_time = self.inner.rebuilding.lock().await;
        let current = self.house();
        let renewed = current
            .renewed(self.store(), &self.inner.sealer, &self.inner.outbound)
            .await?;
        self.inner
            .metrics
            .snapshot_read(self.runtime().clock.monotonic_ms());
        if let Some(renewed) = renewed {
            let access = renewed.access.clone();
            self.inner.house.store(Arc::new(renewed));
            if !Arc::ptr_eq(&current.access, &access) {
                self.inner.calls.stop_revoked(&access);
            }
        }
        Ok(())
    }

    pub(crate) fn start_house_watch(&self) {
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let mut ticks = tokio::time::interval(WATCH_EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let closing = this.runtime().tasks.closing().clone();
            let mut failing = false;
            loop {
                tokio::select! {
                    () = closing.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                match this.refresh().await {
                    Ok(()) => failing = false,
                    // Once per outage: twice a second would bury everything else.
                    Err(error) if !failing => {
                        failing = true;
                        tracing::warn!(%error, "revisions cannot be read; changes made elsewhere wait");
                        this.note(ProblemKind::SnapshotStale, &error);
                    }
                    Err(_) => {}
                }
            }
        });
    }
}
