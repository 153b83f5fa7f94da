//! A house of every released schema is brought up to date with all its data, on both engines.
//!
//! The series lies in `tests/fixtures/houses`: a backup each, and what a story must know of it. How
//! the next one is made stands in `docs/operations/releasing.md`.

mod fill;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::ChatId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use services::backup::{Counted, Head, TableSums, check, restore, save};
use services::runtime::Runtime;
use services::secrets::Sealer;
use store::Store;
use store::backup::Moment;
use testkit::{Database, FakeClock, Key, Person, TestApp, TestDatabase, Told};

use crate::chats::reply::open;

/// What the houses of the series are sealed with: [`TestApp`]'s key.
const MASTER: [u8; 32] = [7; 32];

/// What a story must know of a house.
#[derive(Serialize, Deserialize)]
struct Known {
    email: String,
    password: String,
    key: String,
    chat_id: ChatId,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/houses")
}

/// The series, oldest first.
fn houses() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "purser"))
        .collect();
    found.sort();
    found
}

fn sealer() -> Sealer {
    Sealer::new(Runtime::system(), &MASTER, &[]).unwrap()
}

/// What is in a database now.
async fn counted(database: &TestDatabase) -> (Vec<String>, Counted) {
    let moment = Moment::open(&database.options(false)).await.unwrap();
    let counted = save(&moment, "test", Runtime::system().now(), std::io::sink())
        .await
        .unwrap();
    let migrations = moment.migrations().to_vec();
    moment.close().await.unwrap();
    (migrations, counted)
}

fn of<'a>(counted: &'a Counted, table: &str) -> &'a TableSums {
    &counted.iter().find(|(name, _)| name == table).unwrap().1
}

/// Rows and money stay what they were, whatever else a migration does to a table.
fn compare(path: &Path, before: &Counted, after: &Counted) {
    for (table, sums) in before {
        let now = of(after, table);
        let place = format!("{}: {table}", path.display());
        assert_eq!(sums.rows, now.rows, "{place}");
        for (column, sum) in &sums.sums {
            if column.ends_with("_nano_usd")
                || ["spent", "held", "calls"].contains(&column.as_str())
            {
                assert_eq!(Some(sum), now.sums.get(column), "{place}.{column}");
            }
        }
    }
}

async fn upgrade(kind: Database) {
    for path in houses() {
        let known: Known =
            serde_json::from_reader(File::open(path.with_extension("json")).unwrap()).unwrap();
        let (head, before): (Head, Counted) =
            check(File::open(&path).unwrap(), &sealer()).await.unwrap();
        let database = TestDatabase::new(kind).await;
        let place = database.options(true);
        let now = Runtime::system().now();
        restore(
            &place,
            File::open(&path).unwrap(),
            &sealer(),
            false,
            "test",
            now,
        )
        .await
        .unwrap();
        let (migrations, old) = counted(&database).await;
        assert_eq!(
            migrations, head.migrations,
            "the house stands as its own program left it"
        );
        compare(&path, &before, &old);

        // A start brings it up to date.
        Store::open(&database.options(false))
            .await
            .unwrap()
            .close()
            .await
            .unwrap();
        let (migrations, new) = counted(&database).await;
        assert_eq!(migrations, store::backup::known_migrations());
        compare(&path, &before, &new);

        // Long after the house was left: on PostgreSQL a reply is an orphan when it is a minute old.
        let clock = Arc::new(FakeClock::new());
        clock.advance(3_600_000);
        let app = TestApp::start_on(database, clock, 7, &Told::default()).await;
        let person: Person = app.stranger();
        assert_eq!(
            person.sign_in(&known.email, &known.password).await.status,
            303
        );
        let chat = open(&person, known.chat_id).await;
        assert!(chat.messages.len() >= 2, "{} messages", chat.messages.len());
        let key = Key::made_up(&app, &known.key);
        let body = json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] });
        assert_eq!(key.chat(body).await.status, 200);
        let rows = app.services.store().connection_list().await.unwrap();
        let house = app.services.house();
        for row in rows {
            let entry = house.catalog.connection(row.id).unwrap();
            assert!(entry.endpoint.is_some(), "the key of {} opens", row.name);
        }
        // Settles what was open, and checks the books.
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_house_of_the_series_is_brought_up_to_date_sqlite() {
    upgrade(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_house_of_the_series_is_brought_up_to_date_postgres() {
    upgrade(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_house_of_the_series_has_data_in_every_table() {
    let houses = houses();
    assert!(!houses.is_empty());
    for path in houses {
        let (_, counted) = check(File::open(&path).unwrap(), &sealer()).await.unwrap();
        for (table, sums) in counted {
            assert!(sums.rows > 0, "{}: {table} is empty", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes the next house of the series; see docs/operations/releasing.md"]
async fn make_the_next_house_of_the_series() {
    fill::make(&folder()).await;
}
