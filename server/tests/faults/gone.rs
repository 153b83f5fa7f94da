//! A database that goes and comes back: a foreign lock on SQLite, a PostgreSQL nobody reaches, and
//! one that has become read-only.

use std::process::Command;
use std::time::{Duration, Instant};

use fakes::{Dialect, Fake, Script};
use futures::StreamExt;
use testkit::{Database, eventually};

use crate::disk::{look_old, turn};
use crate::house::House;
use crate::journal::Journal;
use crate::oracle;
use crate::statements::behind_a_wire;
use crate::table::told;

/// Another program may hold the file so long.
const LOCKED: Duration = Duration::from_secs(10);

async fn locked() -> usize {
    let house = House::new(Database::Sqlite, Fake::start().await.unwrap(), &[]).await;
    let journal = Journal::default();
    turn(&house, &journal, "before").await;
    house.quiet(10).await;
    look_old(&house).await;
    let store = house.look().await;
    let foreign = store.write().await.unwrap();
    let holding = async {
        tokio::time::sleep(LOCKED).await;
        drop(foreign);
    };
    let reading = async {
        for _ in 0..20 {
            for path in ["/health", "/ready", "/v1/models"] {
                assert_eq!(house.caller.get(path).await.unwrap().status, 200, "{path}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let page = async {
        let start = Instant::now();
        (house.caller.get("/").await.unwrap(), start.elapsed())
    };
    let (told, (), page, ()) = tokio::join!(house.caller.chat(false), reading, page, holding);
    let told = told.unwrap();
    let (page, took) = page;
    assert_eq!(page.status, 200, "what is there is read: {}", page.text);
    assert!(took < LOCKED / 2, "and at once: {took:?}");
    // It waited for the lock to go, or said that it would not.
    if told.status == 200 {
        assert!(journal.note_answer(&told, false), "{}", told.text);
    } else {
        assert_eq!(
            (told.status, told.code().as_str()),
            (503, "database_unavailable"),
            "{}",
            told.text
        );
    }
    store.close().await.unwrap();
    house.quiet(30).await;
    eventually(30, "calls are answered again", || async {
        let told = house.caller.chat(true).await?;
        journal.note_answer(&told, true).then_some(())
    })
    .await;
    turn(&house, &journal, "after").await;
    house.quiet(10).await;
    oracle::check(&house, &journal, 0).await;
    1
}

/// Words of a stream that is in its middle when the database goes.
async fn begun(
    house: &House,
) -> (
    impl futures::Stream<Item = reqwest::Result<bytes::Bytes>> + Unpin + use<>,
    String,
) {
    let slow = Script::text_chunks(["word "; 10]).with_chunk_delay(Duration::from_millis(100));
    house.fake.enqueue(Dialect::OpenAi, slow);
    let mut stream = house
        .caller
        .question(true)
        .send()
        .await
        .unwrap()
        .bytes_stream();
    let mut text = String::new();
    while !text.contains("word ") {
        text.push_str(&String::from_utf8_lossy(
            &stream.next().await.unwrap().unwrap(),
        ));
    }
    (stream, text)
}

async fn unreachable() -> usize {
    let (mut house, proxy) = behind_a_wire(Fake::start().await.unwrap()).await;
    let journal = Journal::default();
    turn(&house, &journal, "before").await;
    house.quiet(10).await;
    let (mut stream, mut text) = begun(&house).await;
    proxy.break_off();
    let reached = house.fake.counters(Dialect::OpenAi).requests;
    assert_eq!(house.caller.get("/health").await.unwrap().status, 200);
    assert_eq!(
        house.caller.get("/v1/models").await.unwrap().status,
        200,
        "needs no database"
    );
    let (chat, ready, key) = tokio::join!(
        house.caller.chat(false),
        house.caller.get("/ready"),
        house.caller.make_key(),
    );
    let (chat, ready, key) = (chat.unwrap(), ready.unwrap(), key.unwrap());
    assert_eq!(
        (chat.status, chat.code().as_str()),
        (503, "database_unavailable"),
        "{}",
        chat.text
    );
    assert_eq!(ready.status, 503, "{}", ready.text);
    assert_eq!(key.status, 503, "{}", key.text);
    assert_eq!(
        house.fake.counters(Dialect::OpenAi).requests,
        reached,
        "nothing left the house"
    );
    while let Some(Ok(bytes)) = stream.next().await {
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(
        text.contains("settlement_pending") && !text.contains("[DONE]"),
        "{text}"
    );
    proxy.mend();
    house.quiet(60).await;
    eventually(30, "calls are answered again", || async {
        let told = house.caller.chat(true).await?;
        journal.note_answer(&told, true).then_some(())
    })
    .await;
    turn(&house, &journal, "after").await;
    house.quiet(10).await;
    let server = house.server.as_mut().unwrap();
    assert!(
        server.child.try_wait().unwrap().is_none(),
        "no restart was needed"
    );
    oracle::check(&house, &journal, 0).await;
    1
}

/// Runs SQL on the house's database.
fn psql(house: &House, statement: &str) {
    let done = Command::new("psql")
        // Also on a database that has become read-only.
        .env("PGOPTIONS", "-c default_transaction_read_only=off")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--set",
            "ON_ERROR_STOP=1",
            "--command",
            statement,
        ])
        .arg(house.database.url.as_ref().unwrap())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// As after a fail-over to a standby, or when its own disk watch stops it.
fn read_only(house: &House, on: &str) {
    let name = house
        .database
        .url
        .as_ref()
        .unwrap()
        .rsplit_once('/')
        .unwrap()
        .1
        .to_owned();
    psql(
        house,
        &format!("ALTER DATABASE {name} SET default_transaction_read_only = {on}"),
    );
    psql(
        house,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
}

async fn writes_are_refused() -> usize {
    let house = House::new(Database::Postgres, Fake::start().await.unwrap(), &[]).await;
    let journal = Journal::default();
    turn(&house, &journal, "before").await;
    house.quiet(10).await;
    look_old(&house).await;
    let (mut stream, mut text) = begun(&house).await;
    read_only(&house, "on");
    let reached = house.fake.counters(Dialect::OpenAi).requests;
    for path in ["/health", "/ready", "/", "/v1/models"] {
        let told = house.caller.get(path).await.unwrap();
        assert_eq!(told.status, 200, "{path}: {}", told.text);
    }
    let chat = house.caller.chat(false).await.unwrap();
    assert_eq!(
        (chat.status, chat.code().as_str()),
        (503, "database_unavailable"),
        "{}",
        chat.text
    );
    let key = house.caller.make_key().await.unwrap();
    assert_eq!(
        (key.status, key.code().as_str()),
        (503, "unavailable"),
        "{}",
        key.text
    );
    assert_eq!(
        house.fake.counters(Dialect::OpenAi).requests,
        reached,
        "nothing left the house"
    );
    while let Some(Ok(bytes)) = stream.next().await {
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(
        text.contains("settlement_pending") && !text.contains("[DONE]"),
        "{text}"
    );
    read_only(&house, "off");
    house.quiet(60).await;
    eventually(30, "calls are answered again", || async {
        let told = house.caller.chat(true).await?;
        journal.note_answer(&told, true).then_some(())
    })
    .await;
    turn(&house, &journal, "after").await;
    house.quiet(10).await;
    oracle::check(&house, &journal, 0).await;
    1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locked_sqlite() {
    told(
        "database locked by another program for 10 s",
        Database::Sqlite,
        locked(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreachable_postgres() {
    told(
        "database unreachable, then back",
        Database::Postgres,
        unreachable(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_only_postgres() {
    told(
        "database read-only, then not",
        Database::Postgres,
        writes_are_refused(),
    )
    .await;
}
