//! Opening a database: pools, locks and migrations.

use std::collections::HashSet;
use std::fs::{File, OpenOptions as FileOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::sea_query::{Alias, Func, Query};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    TransactionTrait,
};
use tokio::sync::Mutex;

use crate::durable::Log;
use crate::ledger::Ledger;
use crate::limits::WindowKey;
use crate::{Durability, Result, StoreError};

/// Advisory lock under which PostgreSQL migrates; any fixed number nobody else uses.
pub(crate) const MIGRATION_LOCK: i64 = 0x7075_7273_6572;
/// Advisory lock that every session of a server holds shared; a restore takes it alone.
pub(crate) const SERVER_LOCK: i64 = 0x7075_7273_6573;
/// The SQLite file in the data folder.
pub(crate) const DATABASE_FILE: &str = "purser.db";

/// Which database lies beneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded; one writing connection.
    Sqlite,
    /// A server; several instances may share it.
    Postgres,
}

impl Engine {
    /// As SeaORM calls it.
    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
}

/// How to open.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// `postgres://…`, or `None` for SQLite in the data folder.
    pub url: Option<String>,
    /// Where the SQLite file and the locks live.
    pub data_dir: PathBuf,
    /// Whether this process is the server: then no second one may use the same SQLite file.
    pub server: bool,
}

/// The database.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) writer: DatabaseConnection,
    pub(crate) readers: DatabaseConnection,
    /// SQLite has one writer: who holds this may write, and knows the pragma last set.
    pub(crate) gate: Arc<Mutex<Durability>>,
    /// SQLite's write-ahead log; never used on PostgreSQL.
    pub(crate) log: PathBuf,
    pub(crate) log_file: Log,
    /// A write has failed: the connection that writes to SQLite is replaced before the next one. What
    /// was opened while the disk was read-only stays so, for one.
    pub(crate) suspect: Arc<AtomicBool>,
    /// The disk has failed a write or a sync: what stands in SQLite's log may never reach the disk, whatever a
    /// later sync says.
    pub(crate) log_broken: AtomicBool,
    /// The writer's connection to SQLite; never used on PostgreSQL.
    pub(crate) ledger: Ledger,
    /// Windows of limits whose rows are known to exist.
    pub(crate) known_windows: Mutex<HashSet<WindowKey>>,
    /// Held as long as the server runs.
    _server_lock: Option<File>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("engine", &self.inner.engine)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database, migrates it under a lock, and takes the server's lock if asked to.
    ///
    /// # Errors
    /// When it cannot be reached, is newer than this program, or is in use by another server.
    pub async fn open(options: &OpenOptions) -> Result<Self> {
        match &options.url {
            Some(url) => Self::open_postgres(url, options.server).await,
            None => Self::open_sqlite(&options.data_dir, options.server).await,
        }
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Whether a server uses this database now.
    ///
    /// # Errors
    /// When the database or the lock cannot be asked.
    pub async fn has_server(options: &OpenOptions) -> Result<bool> {
        let Some(url) = &options.url else {
            return match server_lock(&options.data_dir) {
                Ok(_) => Ok(false),
                Err(StoreError::Locked(_)) => Ok(true),
                Err(error) => Err(error),
            };
        };
        let session = connect_postgres(url, 1, Waits::Bounded).await?;
        let tx = session.begin().await?;
        let free = server_lock_is_free(&tx).await;
        tx.rollback().await?;
        session.close().await?;
        Ok(!free?)
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.reader().execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Closes every connection; on SQLite this also folds the log back into the file.
    ///
    /// # Errors
    /// When a connection fails while closing.
    pub async fn close(&self) -> Result<()> {
        self.inner.ledger.close();
        self.inner.readers.clone().close().await?;
        self.inner.writer.clone().close().await?;
        Ok(())
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.inner.readers
    }

    async fn open_sqlite(data_dir: &Path, server: bool) -> Result<Self> {
        make_private_folder(data_dir)?;
        let server_lock = if server {
            Some(server_lock(data_dir)?)
        } else {
            None
        };
        let file = data_dir.join(DATABASE_FILE);
        // Before the file is opened: a restore that holds the lock is about to put another in its place.
        let lock = migrate_lock(data_dir).await?;
        let suspect = Arc::new(AtomicBool::new(false));
        let writer = connect_sqlite_watched(&file, 1, suspect.clone()).await?;
        migrate(&writer).await?;
        drop(lock);
        let readers = connect_sqlite(&file, 8).await?;
        let store = Self::assemble(Engine::Sqlite, writer, readers, &file, suspect, server_lock);
        // From here on no loss is missed.
        store.sync_log().await?;
        Ok(store)
    }

    async fn open_postgres(url: &str, server: bool) -> Result<Self> {
        // One session takes the lock, migrates and lets go by closing.
        let session = connect_postgres(url, 1, Waits::Endless).await?;
        session
            .execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
            .await?;
        let migrated = migrate(&session).await;
        session.close().await?;
        migrated?;
        let waits = if server {
            Waits::Server
        } else {
            Waits::Bounded
        };
        let writer = connect_postgres_with(url, 6, waits, BY_KEY).await?;
        let readers = connect_postgres(url, 10, waits).await?;
        Ok(Self::assemble(
            Engine::Postgres,
            writer,
            readers,
            Path::new(""),
            Arc::default(),
            None,
        ))
    }

    fn assemble(
        engine: Engine,
        writer: DatabaseConnection,
        readers: DatabaseConnection,
        file: &Path,
        suspect: Arc<AtomicBool>,
        server_lock: Option<File>,
    ) -> Self {
        let gate = Arc::new(Mutex::new(Durability::Full));
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        Self {
            inner: Arc::new(Inner {
                engine,
                writer,
                readers,
                gate,
                log: log.into(),
                log_file: Log::default(),
                suspect,
                log_broken: AtomicBool::new(false),
                ledger: Ledger::new(file),
                known_windows: Mutex::new(HashSet::new()),
                _server_lock: server_lock,
            }),
        }
    }
}

/// Takes the servers' lock alone until the transaction's end; false when a server lives.
pub(crate) async fn server_lock_is_free(tx: &DatabaseTransaction) -> Result<bool> {
    let ask = Query::select()
        .expr(Func::cust(Alias::new("pg_try_advisory_xact_lock")).arg(SERVER_LOCK))
        .take();
    let row = tx.query_one(&ask).await?;
    Ok(row.map_or(Ok(false), |row| row.try_get_by_index(0))?)
}

async fn migrate(connection: &DatabaseConnection) -> Result<()> {
    let unknown = migration::unknown(connection).await?;
    if let Some(name) = unknown.into_iter().next() {
        return Err(StoreError::Newer(name));
    }
    migration::up(connection).await?;
    Ok(())
}

pub(crate) async fn connect_sqlite(file: &Path, connections: u32) -> Result<DatabaseConnection> {
    connect_sqlite_watched(file, connections, Arc::default()).await
}

/// As durable as a house asks for; a connection is replaced once `suspect` says so.
async fn connect_sqlite_watched(
    file: &Path,
    connections: u32,
    suspect: Arc<AtomicBool>,
) -> Result<DatabaseConnection> {
    connect_sqlite_with(file, connections, suspect, |options| {
        options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
    })
    .await
}

/// For a file that is thrown away unless it is written to its end: no log, no waiting for the disk.
pub(crate) async fn connect_sqlite_unsafely(file: &Path) -> Result<DatabaseConnection> {
    connect_sqlite_with(file, 1, Arc::default(), |options| {
        options
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
    })
    .await
}

async fn connect_sqlite_with(
    file: &Path,
    connections: u32,
    suspect: Arc<AtomicBool>,
    durability: fn(SqliteConnectOptions) -> SqliteConnectOptions,
) -> Result<DatabaseConnection> {
    // Only the scheme stands in the URL: a folder name may hold characters a URL would change.
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_pool_opts(move |options| {
            let suspect = suspect.clone();
            options.before_acquire(move |connection, _| {
                let suspected = suspect.swap(false, Ordering::SeqCst);
                Box::pin(async move { Ok(!suspected && has_ended(connection).await?) })
            })
        })
        .map_sqlx_sqlite_opts(move |options| {
            durability(options)
                .in_memory(false)
                .shared_cache(false)
                .filename(&file)
                .create_if_missing(true)
                .busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
        });
    Ok(Database::connect(options).await?)
}

/// Whether a connection's last transaction is over; one that answers no is closed, and another opened.
///
/// SQLite itself rolls a transaction back whose commit failed. The driver does not learn that, and would
/// nest every later transaction inside one that never commits: written, acknowledged, and lost.
async fn has_ended(connection: &mut SqliteConnection) -> std::result::Result<bool, sqlx::Error> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // The rollback of a transaction that was dropped may still be on its way.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// How long a statement may wait or run on PostgreSQL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// As long as it takes: another instance may migrate first, and a whole house is read or written.
    Endless,
    /// No longer than a person would; a transaction whose process hangs lets go of its locks.
    Bounded,
    /// As bounded, and every session holds the server's lock, also one that is made anew later.
    Server,
}

/// What is written is found by its key. Plans are kept for a session that may begin when tables are small,
/// where reading all of one looks cheap; what is open is a small table whose dead rows soon are many.
const BY_KEY: &[(&str, &str)] = &[
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

pub(crate) async fn connect_postgres(
    url: &str,
    connections: u32,
    waits: Waits,
) -> Result<DatabaseConnection> {
    connect_postgres_with(url, connections, waits, &[]).await
}

async fn connect_postgres_with(
    url: &str,
    connections: u32,
    waits: Waits,
    more: &'static [(&'static str, &'static str)],
) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .connect_timeout(Duration::from_secs(10))
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .set_application_name("purser");
    options.map_sqlx_postgres_pool_opts(move |options| {
        options.after_connect(move |session, _| {
            Box::pin(async move {
                // What is acknowledged is on the disk, whatever the server does for others.
                sqlx::query(
                    "SELECT set_config('synchronous_commit', 'on', false) \
                     WHERE current_setting('synchronous_commit') = 'off'",
                )
                .execute(&mut *session)
                .await?;
                if waits == Waits::Server {
                    let lock = sqlx::query("SELECT pg_advisory_lock_shared($1)");
                    lock.bind(SERVER_LOCK).execute(session).await?;
                }
                Ok(())
            })
        })
    });
    if waits != Waits::Endless {
        options.map_sqlx_postgres_opts(move |options| {
            let bounds = [
                ("statement_timeout", "30s"),
                ("lock_timeout", "10s"),
                ("idle_in_transaction_session_timeout", "60s"),
            ];
            options.options(bounds).options(more.iter().copied())
        });
    }
    Ok(Database::connect(options).await?)
}

/// The data folder holds keys and money: nobody else reads it.
pub(crate) fn make_private_folder(path: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    if path.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| folder(path, source))?;
    // `mode` is narrowed by the umask only, but a parent may have existed with wider rights.
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .map_err(|source| folder(path, source))
}

fn open_lock(path: &Path) -> Result<File> {
    FileOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(|source| folder(path, source))
}

/// Held while a database is migrated or replaced. Waits for whoever has it.
pub(crate) async fn migrate_lock(data_dir: &Path) -> Result<File> {
    let path = data_dir.join("migrate.lock");
    let lock = open_lock(&path)?;
    tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
        .await
        .map_err(|error| folder(&path, std::io::Error::other(error)))?
        .map_err(|source| folder(&path, source))
}

pub(crate) fn server_lock(data_dir: &Path) -> Result<File> {
    let path = data_dir.join("server.lock");
    let lock = open_lock(&path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(StoreError::Locked(data_dir.display().to_string()))
        }
        Err(std::fs::TryLockError::Error(source)) => Err(folder(&path, source)),
    }
}

pub(crate) fn folder(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::Folder {
        path: path.display().to_string(),
        source,
    }
}
