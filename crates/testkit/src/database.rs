//! A database of its own for each test.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in a temporary folder.
    Sqlite,
    /// A database of the run's throw-away server, copied from a migrated template.
    Postgres,
}

/// A fresh database, gone with the value.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its folder: the SQLite file, locks and keys.
    pub folder: TempDir,
    /// `postgres://…`, when it is one.
    pub url: Option<String>,
}

const TEMPLATE: &str = "purser_template";

impl TestDatabase {
    /// Makes one.
    pub async fn new(kind: Database) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match kind {
            Database::Sqlite => None,
            Database::Postgres => Some(copy_of_template().await),
        };
        Self { folder, url }
    }

    /// The same PostgreSQL database for a second instance, with a folder of its own. A file of
    /// SQLite has one server only.
    #[must_use]
    pub fn beside(&self) -> Self {
        assert!(self.url.is_some(), "two instances share a PostgreSQL");
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            url: self.url.clone(),
        }
    }

    /// How to open it.
    pub fn options(&self, server: bool) -> store::OpenOptions {
        store::OpenOptions {
            url: self.url.clone(),
            data_dir: self.folder.path().to_owned(),
            server,
        }
    }
}

fn server_url() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "how the run's throw-away server is handed over"
    )]
    std::env::var("PURSER_TEST_POSTGRES_URL").expect(
        "tests on PostgreSQL need the run's server: start them with `make test` or \
         `scripts/with-postgres cargo test`; `make check` leaves them out",
    )
}

fn with_database(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("an address with a database");
    format!("{base}/{name}")
}

fn psql(statement: &str) {
    let done = Command::new("psql")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--set",
            "ON_ERROR_STOP=1",
            "--command",
            statement,
        ])
        .arg(server_url())
        .output()
        .expect("psql, from Debian's postgresql-client");
    assert!(
        done.status.success(),
        "{statement}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

async fn copy_of_template() -> String {
    static MADE: OnceCell<()> = OnceCell::const_new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let process = std::process::id();
    let template = format!("{TEMPLATE}_{process}");
    MADE.get_or_init(|| async {
        psql(&format!("CREATE DATABASE {template}"));
        let options = store::OpenOptions {
            url: Some(with_database(&server_url(), &template)),
            data_dir: std::env::temp_dir(),
            server: false,
        };
        let store = store::Store::open(&options)
            .await
            .expect("the template migrates");
        store.close().await.expect("the template closes");
    })
    .await;
    let name = format!("purser_{process}_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    psql(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
    with_database(&server_url(), &name)
}
