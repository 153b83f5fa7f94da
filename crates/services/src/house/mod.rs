//! The house as every call needs it: one immutable snapshot, swapped when a revision row moves.
//!
//! Reading it takes no lock and no query. A change made here is in the snapshot before its request
//! is answered; a change made by another instance or the command line follows within a second.

mod access;
mod catalog;
mod limit_book;
mod watch;

use std::collections::HashMap;
use std::sync::Arc;

use domain::front::FrontPage;
use domain::limits::window::zone;
use outbound::Outbound;
use store::Store;
use store::revisions::Subject;

pub use access::{AccessList, KeyEntry, MemberEntry};
pub use catalog::{Catalog, ConnectionEntry, ModelEntry, Route};
pub use limit_book::LimitBook;

use crate::Result;
use crate::front::FRONT_PAGE_SETTING;
use crate::secrets::{MASTER_KEY_SETTING, Sealer};

/// The snapshot.
pub struct House {
    /// Members and keys.
    pub access: Arc<AccessList>,
    /// Connections, models and prices.
    pub catalog: Arc<Catalog>,
    /// Limits.
    pub limits: Arc<LimitBook>,
    /// Settings.
    pub settings: Arc<Settings>,
    revisions: HashMap<Subject, i64>,
}

/// Settings of the house.
#[derive(Debug, Clone)]
pub struct Settings {
    /// IANA zone of civil windows and of members who chose none.
    pub zone: String,
    /// Output maximum of requests that name none, where a money limit applies.
    pub default_output_tokens: i64,
    /// Whether the house has its owner.
    pub is_set_up: bool,
    /// What is said to whoever is not signed in.
    pub front_page: FrontPage,
    /// Id of the master key that seals.
    master_key_id: Option<String>,
}

/// Set by the one write that made the first owner.
pub(crate) const SET_UP_SETTING: &str = "set_up";

impl Settings {
    async fn read(store: &Store) -> Result<Self> {
        let settings = store.setting_list().await?;
        let known_zone = settings.get("zone").filter(|name| zone(name).is_some());
        Ok(Self {
            zone: known_zone.cloned().unwrap_or_else(|| "UTC".to_owned()),
            default_output_tokens: settings
                .get("default_output_tokens")
                .and_then(|text| text.parse().ok())
                .unwrap_or(8_192),
            is_set_up: settings.contains_key(SET_UP_SETTING),
            // What cannot be read is not shown.
            front_page: settings
                .get(FRONT_PAGE_SETTING)
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
            master_key_id: settings.get(MASTER_KEY_SETTING).cloned(),
        })
    }

    /// Somebody may have made a master key, or turned to another one.
    fn follow(&self, sealer: &Sealer) {
        sealer.read_again();
        let Some(id) = &self.master_key_id else {
            return;
        };
        if sealer.activate(id).is_err() {
            tracing::error!(
                master_key = id,
                "the master key was turned, but this server does not have the new one"
            );
        }
    }
}

/// How often a reading is begun again because something changed meanwhile. A house that changes more
/// often than it can be read gets a snapshot all the same: a revocation must not wait for calm.
const MOST_READINGS: usize = 8;

impl House {
    /// Reads everything.
    pub(crate) async fn read(store: &Store, sealer: &Sealer, outbound: &Outbound) -> Result<Self> {
        let revisions = store.revision_list().await?;
        let first = Self {
            access: Arc::new(AccessList::read(store).await?),
            catalog: Arc::new(Catalog::read(store, sealer, outbound).await?),
            limits: Arc::new(LimitBook::read(store).await?),
            settings: Arc::new(Settings::read(store).await?),
            revisions,
        };
        Ok(first
            .renewed(store, sealer, outbound)
            .await?
            .unwrap_or(first))
    }

    /// Reads again what has moved; `None` when nothing has.
    ///
    /// Begins again until nothing moved while it read: a key is made in one commit with its limits,
    /// and must never be known without them. Every change bumps a revision in its own commit, so equal
    /// revisions before and after mean that all parts are of one moment.
    pub(crate) async fn renewed(
        &self,
        store: &Store,
        sealer: &Sealer,
        outbound: &Outbound,
    ) -> Result<Option<Self>> {
        let mut latest: Option<Self> = None;
        for _ in 0..MOST_READINGS {
            let revisions = store.revision_list().await?;
            let known = latest.as_ref().unwrap_or(self);
            if revisions == known.revisions {
                break;
            }
            let moved = |subject| revisions.get(&subject) != known.revisions.get(&subject);
            let access = if moved(Subject::Access) {
                Arc::new(AccessList::read(store).await?)
            } else {
                known.access.clone()
            };
            let catalog = if moved(Subject::Catalog) {
                Arc::new(Catalog::read(store, sealer, outbound).await?)
            } else {
                known.catalog.clone()
            };
            let limits = if moved(Subject::Limits) {
                Arc::new(LimitBook::read(store).await?)
            } else {
                known.limits.clone()
            };
            let settings = if moved(Subject::Settings) {
                let settings = Settings::read(store).await?;
                settings.follow(sealer);
                Arc::new(settings)
            } else {
                known.settings.clone()
            };
            latest = Some(Self {
                access,
                catalog,
                limits,
                settings,
                revisions,
            });
        }
        Ok(latest)
    }
}
