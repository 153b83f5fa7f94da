//! An older program leaves the database of a newer one alone, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use store::backup::Moment;
use store::{OpenOptions, Store, StoreError};

/// As a newer program leaves it: with a migration that this one does not know.
async fn visit(connection: DatabaseConnection) {
    let visit = Query::insert()
        .into_table(Alias::new("seaql_migrations"))
        .columns(["version", "applied_at"].map(Alias::new))
        .values_panic(["m9999_the_future".into(), 1.into()])
        .take();
    connection.execute(&visit).await.unwrap();
    connection.close().await.unwrap();
}

async fn story(options: &OpenOptions, url: &str) {
    Store::open(options).await.unwrap().close().await.unwrap();
    visit(Database::connect(url).await.unwrap()).await;
    for server in [true, false] {
        let options = OpenOptions {
            server,
            ..options.clone()
        };
        let refused = Store::open(&options).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Newer(name) if name == "m9999_the_future"));
        assert!(
            refused.to_string().contains("newer than this program"),
            "{refused}"
        );
    }
    assert!(
        matches!(Moment::open(options).await, Err(StoreError::Newer(_))),
        "nor is it backed up in parts"
    );
}

#[tokio::test]
async fn a_newer_database_is_refused_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        url: None,
        data_dir: folder.path().to_owned(),
        server: true,
    };
    story(
        &options,
        &format!("sqlite://{}/purser.db", folder.path().display()),
    )
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused_postgres() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how the run's throw-away server is handed over"
    )]
    let server = std::env::var("PURSER_TEST_POSTGRES_URL").unwrap();
    let name = format!("purser_newer_{}", std::process::id());
    let admin = Database::connect(&server).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        url: Some(url.clone()),
        data_dir: folder.path().to_owned(),
        server: true,
    };
    story(&options, &url).await;
}
