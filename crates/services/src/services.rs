//! The services together, and their start.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use domain::InstanceId;
use domain::problems::ProblemKind;
use outbound::Outbound;
use providers::Providers;
use store::Store;

use crate::access::{SessionsInUse, Throttles};
use crate::calls::{Calls, Writer};
use crate::chats::{ReplyLog, Sendings};
use crate::house::House;
use crate::live::Hub;
use crate::metrics::Metrics;
use crate::problems::Notebook;
use crate::runtime::Runtime;
use crate::secrets::{MASTER_KEY_SETTING, Passwords, Sealer};
use crate::{Error, Result};

/// What the services are started with.
pub struct Options {
    /// The database.
    pub store: Store,
    /// Time, randomness, tasks.
    pub runtime: Runtime,
    /// The one HTTP client.
    pub outbound: Outbound,
    /// The ring of master keys.
    pub sealer: Sealer,
    /// The address people reach the house at, without a trailing slash; for links.
    pub public_url: Option<String>,
}

/// Everything the house can do. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) runtime: Runtime,
    pub(crate) outbound: Outbound,
    pub(crate) providers: Providers,
    pub(crate) sealer: Sealer,
    pub(crate) passwords: Passwords,
    pub(crate) house: ArcSwap<House>,
    /// Held while the snapshot is rebuilt, so that an older one never replaces a newer.
    pub(crate) rebuilding: tokio::sync::Mutex<()>,
    pub(crate) throttles: Throttles,
    pub(crate) sessions_in_use: SessionsInUse,
    pub(crate) writer: Writer,
    pub(crate) calls: Calls,
    pub(crate) hub: Hub,
    pub(crate) metrics: Metrics,
    pub(crate) notebook: Notebook,
    pub(crate) reply_log: ReplyLog,
    pub(crate) sendings: Sendings,
    pub(crate) instance: InstanceId,
    pub(crate) public_url: Option<String>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("instance", &self.inner.instance)
            .finish_non_exhaustive()
    }
}

impl Services {
    /// Opens the house: checks the master key against the data, seeds the price book, and reads
    /// everything that every call needs. Runs no loops yet: see [`Self::start_server`].
    ///
    /// # Errors
    /// When the database fails, or its secrets were sealed with another master key.
    pub async fn open(options: Options) -> Result<Self> {
        let Options {
            store,
            runtime,
            outbound,
            sealer,
            public_url,
        } = options;
        check_master_key(&store, &sealer).await?;
        let passwords = Passwords::new(runtime.clone()).await?;
        crate::prices::seed(&store, &runtime).await?;
        let house = House::read(&store, &sealer, &outbound).await?;
        let instance: InstanceId = runtime.id();
        let inner = Inner {
            providers: Providers::new(outbound.clone()),
            hub: Hub::new(u64::from_be_bytes(runtime.random())),
            metrics: Metrics::new(store.engine()),
            notebook: Notebook::default(),
            writer: Writer::new(),
            calls: Calls::new(),
            reply_log: ReplyLog::default(),
            sendings: Sendings::default(),
            throttles: Throttles::default(),
            sessions_in_use: SessionsInUse::default(),
            house: ArcSwap::from_pointee(house),
            rebuilding: tokio::sync::Mutex::new(()),
            store,
            runtime,
            outbound,
            sealer,
            passwords,
            instance,
            public_url,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Starts what a server runs beside its requests: the lease, the writer, recovery of dead
    /// instances' calls, the watch on revisions, and the sweeps.
    ///
    /// # Errors
    /// When the lease cannot be written or the first recovery fails.
    pub async fn start_server(&self) -> Result<()> {
        let tx = self.store().write().await?;
        let master_keys = self.inner.sealer.told_ids();
        tx.instance_create(self.inner.instance, self.runtime().now(), &master_keys)
            .await?;
        tx.commit().await?;
        self.start_writer();
        self.recover_at_start().await?;
        self.start_house_watch();
        self.start_lease();
        self.start_progress();
        self.start_reply_log();
        self.start_notebook();
        self.start_sweeps();
        Ok(())
    }

    /// Ends everything that runs: live calls get this long to finish by themselves.
    pub async fn shut_down(&self, patience: Duration) {
        self.runtime().tasks.shut_down(patience).await;
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Time, randomness, tasks.
    pub fn runtime(&self) -> &Runtime {
        &self.inner.runtime
    }

    /// The house as it is now.
    pub fn house(&self) -> Arc<House> {
        self.inner.house.load_full()
    }

    /// The address people reach the house at.
    pub fn public_url(&self) -> Option<&str> {
        self.inner.public_url.as_deref()
    }

    /// The live hub.
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// Forgetful jobs: stale sessions and old reply logs, once a minute.
    fn start_sweeps(&self) {
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let mut ticks = tokio::time::interval(Duration::from_mins(1));
            let closing = this.runtime().tasks.closing().clone();
            loop {
                tokio::select! {
                    () = closing.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                if let Err(error) = this.sweep().await {
                    tracing::warn!(%error, "a sweep failed and is tried again in a minute");
                    this.note(ProblemKind::SweepFailed, &error);
                }
            }
        });
    }

    /// One round of the forgetful jobs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.runtime().now();
        let tx = self.store().write().await?;
        tx.session_delete_stale(
            now.plus(-crate::access::SESSION_IDLE_MS),
            now.plus(-crate::access::SESSION_MOST_MS),
        )
        .await?;
        tx.reply_event_delete_old(now.plus(-crate::chats::LOG_KEPT_MS))
            .await?;
        tx.commit().await?;
        self.problem_sweep().await?;
        self.flush_key_use().await
    }
}

/// A missing or wrong master key on existing data stops the start: better than a house whose
/// connections all fail, and better than one that seals new secrets with a key nobody kept.
async fn check_master_key(store: &Store, sealer: &Sealer) -> Result<()> {
    let known = store.setting_list().await?.remove(MASTER_KEY_SETTING);
    let Some(known) = known else {
        let tx = store.write().await?;
        let is_ours = tx
            .setting_claim(MASTER_KEY_SETTING, &sealer.active_id())
            .await?;
        tx.commit().await?;
        if is_ours {
            return Ok(());
        }
        // Another instance that started in the same moment was faster: its key is the house's.
        return Box::pin(check_master_key(store, sealer)).await;
    };
    // Which of several keys seals is for the data to say.
    sealer.activate(&known).map_err(|_| {
        Error::Internal(
            "the master key is not the one this data was sealed with; start with the right \
             PURSER_MASTER_KEY or PURSER_MASTER_KEY_FILE"
                .to_owned(),
        )
    })
}
