//! Turning the master key while servers run.
//!
//! The order makes every moment safe to stop at: the new key lies in its place before anything
//! happens; every running server has read it before the database names it; the database names it
//! before a value is sealed with it; and the old one stays until nothing needs it.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::InstanceId;
use store::instances::Lease;
use store::revisions::Subject;
use uuid::Uuid;

use super::places::MASTER_KEY_SETTING;
use super::{SEALED, Sealer};
use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::{Error, Result, Services};

/// Values looked at with one query.
const PAGE: u64 = 500;
/// Longer than two beats: a lease that stands still for so long is a dead process's.
const PATIENCE: Duration = Duration::from_secs(12);
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Where the master key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterKeys {
    /// Id of the key that seals.
    pub active: String,
    /// Ids of all keys that are here, the newest first.
    pub present: Vec<String>,
    /// How many values are sealed with each.
    pub sealed: BTreeMap<String, u64>,
}

impl MasterKeys {
    /// Values that are not sealed with the active key.
    pub fn left(&self) -> u64 {
        let others = self.sealed.iter().filter(|(id, _)| **id != self.active);
        others.map(|(_, count)| count).sum()
    }
}

impl Services {
    /// Looks at every sealed value.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn master_keys(&self) -> Result<MasterKeys> {
        let mut sealed = BTreeMap::new();
        for column in SEALED {
            let mut after = Uuid::nil();
            loop {
                let page = self
                    .store()
                    .sealed_list(column.table, column.column, after, PAGE)
                    .await?;
                let Some((last, _)) = page.last() else { break };
                after = *last;
                for (_, value) in &page {
                    let id = Sealer::key_id_of(value).unwrap_or_default();
                    *sealed.entry(id).or_insert(0) += 1;
                }
            }
        }
        Ok(MasterKeys {
            active: self.inner.sealer.active_id(),
            present: self.inner.sealer.key_ids(),
            sealed,
        })
    }

    /// Has every running server read its master keys again, this process too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn master_keys_announce(&self) -> Result<()> {
        self.inner.sealer.read_again();
        let tx = self.store().write().await?;
        tx.revision_bump(Subject::Settings).await?;
        Ok(tx.commit().await?)
    }

    /// Waits until every running server can open what this key seals, or until those that cannot
    /// are known: they are returned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn master_key_lacking(&self, id: &str) -> Result<Vec<InstanceId>> {
        self.leases_without(|lease| lease.master_keys.iter().any(|known| known == id))
            .await
    }

    /// As [`Self::master_key_lacking`], until every running server also seals with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn master_key_unused_by(&self, id: &str) -> Result<Vec<InstanceId>> {
        self.leases_without(|lease| lease.master_keys.first().is_some_and(|known| known == id))
            .await
    }

    async fn leases_without(&self, fits: impl Fn(&Lease) -> bool) -> Result<Vec<InstanceId>> {
        let first = self.store().lease_list().await?;
        let clock = self.runtime().clock.clone();
        let begun = clock.monotonic_ms();
        loop {
            let mut unfit = self.store().lease_list().await?;
            unfit.retain(|lease| !fits(lease));
            if unfit.is_empty() {
                return Ok(Vec::new());
            }
            let waited = clock.monotonic_ms() - begun;
            if u128::try_from(waited).is_ok_and(|waited| waited >= PATIENCE.as_millis()) {
                // Those that have stood still all the time are dead.
                let lives = |lease: &Lease| {
                    first
                        .iter()
                        .all(|known| (known.id, known.counter) != (lease.id, lease.counter))
                };
                return Ok(unfit
                    .iter()
                    .filter(|lease| lives(lease))
                    .map(|lease| lease.id)
                    .collect());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Names the key that seals from now on; every server follows within a second.
    ///
    /// # Errors
    /// When the key is not here, or another command named one at the same time.
    pub async fn master_key_activate(&self, admin: &Administrator, id: &str) -> Result<()> {
        let active = self.inner.sealer.active_id();
        if !self.inner.sealer.has(id) {
            return Err(Error::Internal(format!("the master key {id} is not here")));
        }
        let tx = self.store().write().await?;
        if !tx.setting_replace(MASTER_KEY_SETTING, &active, id).await? {
            return Err(Error::Internal(
                "another command turns the master key at this moment".to_owned(),
            ));
        }
        tx.revision_bump(Subject::Settings).await?;
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action: Action::MasterKeyTurned,
            subject_id: Uuid::nil(),
            subject: id,
            detail: "",
        };
        self.write_act(&tx, &act).await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// Seals values anew that are sealed with another key than the active one, each in a commit of
    /// its own, at most so many. Returns how many that were; 0 means that none is left.
    ///
    /// # Errors
    /// When the database fails, or a value does not open.
    pub async fn master_key_reseal(&self, most: u64) -> Result<u64> {
        let sealer = &self.inner.sealer;
        let active = sealer.active_id();
        let mut done = 0;
        for column in SEALED {
            let mut after = Uuid::nil();
            loop {
                let page = self
                    .store()
                    .sealed_list(column.table, column.column, after, PAGE)
                    .await?;
                let Some((last, _)) = page.last() else { break };
                after = *last;
                for (row, old) in page {
                    if Sealer::key_id_of(&old).as_deref() == Some(active.as_str()) {
                        continue;
                    }
                    if done == most {
                        return Ok(done);
                    }
                    let place = column.place(row);
                    let failed = |error| {
                        Error::Internal(format!(
                            "{}.{} of {row}: {error}",
                            place.table, place.field
                        ))
                    };
                    let value = sealer.open(place, &old).map_err(failed)?;
                    let new = sealer.seal(place, &value).map_err(failed)?;
                    let tx = self.store().write().await?;
                    // Changed meanwhile: whoever did that sealed it with the active key, or the
                    // next round finds it.
                    tx.sealed_replace(column.table, column.column, row, &old, &new)
                        .await?;
                    tx.commit().await?;
                    done += 1;
                }
            }
        }
        Ok(done)
    }
}
