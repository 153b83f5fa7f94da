//! A house that is written as a whole: until [`NewHouse::finish`] the place is as it was.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use domain::{InstanceId, Timestamp};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use super::table::{all_tables_at, count};
use super::{Cell, Rows, Table, tables_at};
use crate::open::{
    DATABASE_FILE, MIGRATION_LOCK, Waits, connect_postgres, connect_sqlite,
    connect_sqlite_unsafely, folder, make_private_folder, migrate_lock, server_lock,
    server_lock_is_free,
};
use crate::{Engine, OpenOptions, Result, StoreError};

/// Tables that only people and programs at work fill; a start alone never does.
const TELLING: [&str; 3] = ["members", "calls", "chats"];

/// A place that nobody else can use while it is held.
///
/// On SQLite the new house grows in a file beside the old one and takes its place by a rename; on
/// PostgreSQL everything, the tables included, is one transaction.
pub struct NewHouse {
    connection: DatabaseConnection,
    tx: DatabaseTransaction,
    engine: Engine,
    tables: Vec<Table>,
    occupied: bool,
    files: Option<Files>,
}

/// What SQLite needs: files, and the locks that keep servers and commands away.
struct Files {
    target: PathBuf,
    growing: PathBuf,
    _locks: [File; 2],
}

impl NewHouse {
    /// Takes the place; changes nothing yet.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when a server uses it.
    pub async fn begin(options: &OpenOptions) -> Result<Self> {
        match &options.url {
            Some(url) => Self::begin_postgres(url).await,
            None => Self::begin_sqlite(&options.data_dir).await,
        }
    }

    async fn begin_sqlite(data_dir: &Path) -> Result<Self> {
        make_private_folder(data_dir)?;
        let locks = [server_lock(data_dir)?, migrate_lock(data_dir).await?];
        let target = data_dir.join(DATABASE_FILE);
        // What cannot be read may be anybody's: it is taken for a house, and kept when it is replaced.
        let occupied = target.is_file()
            && is_lived_in(&target).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the database that is there cannot be read");
                true
            });
        let growing = data_dir.join("purser.db.restoring");
        match std::fs::remove_file(&growing) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(folder(&growing, error));
            }
            _ => {}
        }
        let connection = connect_sqlite_unsafely(&growing).await?;
        std::fs::set_permissions(&growing, Permissions::from_mode(0o600))
            .map_err(|source| folder(&growing, source))?;
        let tx = connection.begin().await?;
        Ok(Self {
            connection,
            tx,
            engine: Engine::Sqlite,
            tables: Vec::new(),
            occupied,
            files: Some(Files {
                target,
                growing,
                _locks: locks,
            }),
        })
    }

    async fn begin_postgres(url: &str) -> Result<Self> {
        let connection = connect_postgres(url, 1, Waits::Endless).await?;
        let tx = connection.begin().await?;
        if !server_lock_is_free(&tx).await? {
            return Err(StoreError::Locked("this PostgreSQL database".to_owned()));
        }
        // Servers and commands that start now wait here until the house is whole.
        let lock = Query::select()
            .expr(Func::cust(Alias::new("pg_advisory_xact_lock")).arg(MIGRATION_LOCK))
            .take();
        tx.execute(&lock).await?;
        let occupied = has_people(&tx, Engine::Postgres).await?;
        Ok(Self {
            connection,
            tx,
            engine: Engine::Postgres,
            tables: Vec::new(),
            occupied,
            files: None,
        })
    }

    /// Which engine it lies on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether people live in the house that is there now.
    pub fn is_occupied(&self) -> bool {
        self.occupied
    }

    /// Makes the tables as they were after these migrations. On PostgreSQL the tables of the house
    /// that is there now go, and come back should anything fail.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when this program does not know one of the migrations.
    pub async fn prepare(&mut self, migrations: &[String]) -> Result<()> {
        let count = count(migrations)?;
        self.tables = tables_at(migrations).await?;
        if self.engine == Engine::Postgres {
            let present = migration::applied(&self.tx).await?;
            let old = all_tables_at(&present).await?;
            let names: Vec<String> = old.into_iter().map(|table| table.name).collect();
            migration::drop_tables(&self.tx, &names).await?;
        }
        migration::up_to(&self.tx, count).await?;
        Ok(())
    }

    /// Its tables, by name.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Its rows, as they are written so far.
    pub fn rows(&self) -> Rows<'_> {
        Rows {
            tx: &self.tx,
            engine: self.engine,
        }
    }

    /// Adds rows, whose cells stand as the columns of the table.
    ///
    /// # Errors
    /// When the database refuses them.
    pub async fn insert(&self, table: &Table, rows: Vec<Vec<Cell>>) -> Result<()> {
        self.rows().insert(table, rows).await
    }

    /// Makes it the house. Calls that were open are given to nobody, so that the next start settles
    /// them once. Returns where the old SQLite file lies, if people lived in it.
    ///
    /// # Errors
    /// When the database cannot commit, or a command still has the old file open.
    pub async fn finish(self, now: Timestamp) -> Result<Option<PathBuf>> {
        if self.tables.iter().any(|table| table.name == "open_calls") {
            let orphan = Query::update()
                .table(Alias::new("open_calls"))
                .value(Alias::new("instance_id"), Expr::value(InstanceId::NIL.0))
                .take();
            self.tx.execute(&orphan).await?;
        }
        self.tx.commit().await?;
        self.connection.close().await?;
        match self.files {
            Some(files) => files.swap(self.occupied, now).await,
            None => Ok(None),
        }
    }
}

impl Files {
    async fn swap(self, occupied: bool, now: Timestamp) -> Result<Option<PathBuf>> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| folder(&path, source)
        };
        File::open(&self.growing)
            .and_then(|file| file.sync_all())
            .map_err(failed(&self.growing))?;
        let mut kept = None;
        let name = format!("{DATABASE_FILE}.replaced-{}", now.0);
        let away = self.target.with_file_name(name);
        if self.target.is_file() {
            if let Err(error) = detach(&self.target).await {
                if error.is_busy() {
                    return Err(error);
                }
                // Damaged: it goes as it is, with its log.
                tracing::warn!(%error, "the log of the database that is there cannot be folded in");
            }
            if occupied {
                std::fs::hard_link(&self.target, &away).map_err(failed(&away))?;
                kept = Some(away.clone());
            }
        }
        // A log that lies there would be taken for the new file's, whoever's it was.
        for ending in ["-wal", "-shm"] {
            let left = beside(&self.target, ending);
            if left.exists() {
                std::fs::rename(&left, beside(&away, ending)).map_err(failed(&left))?;
            }
        }
        std::fs::rename(&self.growing, &self.target).map_err(failed(&self.target))?;
        if let Some(parent) = self.target.parent() {
            File::open(parent)
                .and_then(|file| file.sync_all())
                .map_err(failed(parent))?;
        }
        Ok(kept)
    }
}

/// Folds the write-ahead log into the file and does away with it: it would otherwise be taken for
/// the new file's. SQLite does this only for the last one who has the file open.
async fn detach(file: &Path) -> Result<()> {
    let connection = connect_sqlite(file, 1).await?;
    let left = connection
        .execute_unprepared("PRAGMA journal_mode = DELETE")
        .await;
    connection.close().await?;
    match left.map_err(StoreError::from) {
        // Another one has it open.
        Err(error) if error.is_busy() => Err(StoreError::Busy(file.display().to_string())),
        Ok(_) if beside(file, "-wal").exists() => Err(StoreError::Busy(file.display().to_string())),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

async fn is_lived_in(file: &Path) -> Result<bool> {
    let connection = connect_sqlite(file, 1).await?;
    let tx = connection.begin().await?;
    let people = has_people(&tx, Engine::Sqlite).await;
    tx.rollback().await?;
    connection.close().await?;
    people
}

async fn has_people(tx: &DatabaseTransaction, engine: Engine) -> Result<bool> {
    if migration::applied(tx).await?.is_empty() {
        return Ok(false);
    }
    let rows = Rows { tx, engine };
    for table in TELLING {
        if rows.any(table).await? {
            return Ok(true);
        }
    }
    // A provider's key that somebody entered before there was anybody; the demo has none.
    let key = Query::select()
        .expr(Expr::value(1))
        .from(Alias::new("connections"))
        .and_where(Expr::col(Alias::new("sealed_key")).is_not_null())
        .limit(1)
        .take();
    Ok(tx.query_one(&key).await?.is_some())
}
