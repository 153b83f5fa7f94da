//! The books on PostgreSQL are on its disk once they are kept: its crash leaves the server alive.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::limits::WindowState;
use domain::{LimitId, Timestamp};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use store::{Books, OpenOptions, Store, Wanted};

async fn says(connection: &DatabaseConnection, sql: &str) -> bool {
    let asked = Statement::from_string(DbBackend::Postgres, sql);
    let row = connection.query_one_raw(asked).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn books_that_are_kept_are_flushed_postgres() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how the throw-away server is handed over"
    )]
    let server = std::env::var("PURSER_TEST_POSTGRES_URL").unwrap();
    let admin = Database::connect(&server).await.unwrap();
    let name = format!("durable_{}", std::process::id());
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&OpenOptions {
        url: Some(format!("{base}/{name}")),
        data_dir: folder.path().to_owned(),
        server: true,
    })
    .await
    .unwrap();
    // The server itself writes to the same log now and then, and where the log ends is all that can be
    // asked for. Books that were not flushed would lie behind that end nearly every time: the server
    // flushes by itself five times a second.
    let mut behind = Vec::new();
    for number in 0..20 {
        let window = (LimitId(uuid::Uuid::from_u128(number)), Timestamp(0));
        let books = Books {
            windows: [(window, WindowState::default())].into(),
            ..Books::default()
        };
        let (kept, told) = store
            .keep_books(Wanted::default(), |_| (Some(books), ()))
            .await;
        kept.unwrap();
        told.unwrap();
        let written = Statement::from_string(
            DbBackend::Postgres,
            "SELECT pg_current_wal_insert_lsn()::text",
        );
        let row = admin.query_one_raw(written).await.unwrap().unwrap();
        let place: String = row.try_get_by_index(0).unwrap();
        let flushed = format!("SELECT pg_current_wal_flush_lsn() >= '{place}'::pg_lsn");
        if !says(&admin, &flushed).await {
            behind.push(place);
        }
    }
    assert!(behind.len() <= 5, "only in memory: {behind:?}");
    store.close().await.unwrap();
    admin
        .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
}
