//! The state of the house as its operator sees it.

use domain::system::{DatabaseView, InstanceView, SystemView};
use store::Engine;

use crate::access::Administrator;
use crate::{Result, Services};

impl Services {
    /// Version, database, instances, work and connections.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn system_view(&self, admin: &Administrator) -> Result<SystemView> {
        let facts = self.store().database_facts().await?;
        let engine = match self.store().engine() {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        };
        let leases = self.store().lease_list().await?;
        let (open_calls, held) = self.store().open_call_sum().await?;
        Ok(SystemView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            database: DatabaseView {
                engine: engine.to_owned(),
                version: facts.version,
                size_bytes: facts.size_bytes,
                migration: facts.migration,
            },
            instances: leases
                .into_iter()
                .map(|lease| InstanceView {
                    id: lease.id,
                    is_this: lease.id == self.inner.instance,
                    started_at: lease.started_at,
                    seen_at: lease.seen_at,
                })
                .collect(),
            open_calls,
            held,
            work: self.work_now(),
            connections: self.connection_list(admin).await?,
        })
    }
}
