//! Several instances on one PostgreSQL, as real processes; and two servers on one SQLite file.

use std::time::{Duration, Instant};

use domain::calls::{CallState, Outcome};
use fakes::{Dialect, Ending, Fake, Script};
use futures::StreamExt;
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Database, eventually};

use crate::binary::{Server, command, free_port};
use crate::house::House;
use crate::journal::{Entry, Journal};
use crate::oracle;
use crate::table::told;

/// Streams that run at the instance that dies.
const STREAMS: usize = 5;

async fn beside(house: &House) -> (Server, crate::caller::Caller) {
    // The same data folder, as for several machines: the master key lies there.
    let server = house.another(&house.database, free_port()).await;
    let caller = house.caller.at(&server.base);
    (server, caller)
}

/// One of three dies in the middle of its calls: two observers see it, and each call is resolved
/// once.
async fn one_dies() -> usize {
    let mut house = House::new(Database::Postgres, Fake::start().await.unwrap(), &[]).await;
    let journal = Journal::default();
    let (_two, at_two) = beside(&house).await;
    let (_three, at_three) = beside(&house).await;
    for _ in 0..STREAMS {
        let hangs = Script::text_chunks(["word "; 10]).with_ending(Ending::Hang { after: 8 });
        house.fake.enqueue(Dialect::OpenAi, hangs);
    }
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let mut stream = house
            .caller
            .question(true)
            .send()
            .await
            .unwrap()
            .bytes_stream();
        stream.next().await.unwrap().unwrap();
        streams.push(stream);
    }
    house.kill();
    drop(streams);
    house.caller = at_two;
    // The living work on meanwhile.
    for caller in [&house.caller, &at_three] {
        let told = caller.chat(true).await.unwrap();
        assert!(journal.note_answer(&told, true), "{}", told.text);
    }
    house.quiet(90).await;
    let store = house.look().await;
    let calls = store
        .call_list(&CallFilter::default(), None, 100)
        .await
        .unwrap();
    assert_eq!(calls.len(), STREAMS + 2);
    let resolved: Vec<_> = calls
        .iter()
        .filter(|call| call.outcome == Some(Outcome::Interrupted))
        .collect();
    assert_eq!(resolved.len(), STREAMS);
    for call in resolved {
        assert_eq!(call.state, CallState::Settled);
        let attempts = store.call_attempt_list(call.id).await.unwrap();
        assert_eq!(attempts.len(), 1, "once, although two could have done it");
    }
    store.close().await.unwrap();
    oracle::check(&house, &journal, 0).await;
    STREAMS
}

/// Runs something and waits until the other instance has followed; how long that took.
async fn follows<F: Future<Output = bool>>(look: impl Fn() -> F) -> Duration {
    let start = Instant::now();
    eventually(20, "the other instance follows", || async {
        look().await.then_some(())
    })
    .await;
    start.elapsed()
}

/// What is decided at one holds at the other: revocations within a second, settings within five.
async fn one_decides() -> usize {
    const TIMES: usize = 7;
    let house = House::new(Database::Postgres, Fake::start().await.unwrap(), &[]).await;
    let journal = Journal::default();
    let (_two, there) = beside(&house).await;
    let (mut revocations, mut settings) = (Vec::new(), Vec::new());
    for number in 0..TIMES {
        let made = house.caller.make_key().await.unwrap().json();
        let secret = made["secret"].as_str().unwrap();
        follows(|| async { there.meets(secret).await == Some(200) }).await;
        let revoked = house
            .caller
            .act("keys/revoke", json!({ "id": made["row"]["id"] }))
            .await
            .unwrap();
        assert_eq!(revoked.status, 200);
        revocations.push(follows(|| async { there.meets(secret).await == Some(401) }).await);
        journal.note(Entry::KeyRevoked {
            secret: secret.to_owned(),
        });
        // A limit of the house: none, then one that nothing fits.
        let limit = json!({
            "scope_kind": "house", "scope_id": uuid::Uuid::nil(), "door": "gateway", "model": null, "unit": "requests",
            "window": "month", "zone": null, "ceiling": 0, "hard": true,
        });
        let set = house
            .caller
            .act("limits/create", json!({ "new": limit }))
            .await
            .unwrap();
        assert_eq!(set.status, 200, "{number}: {}", set.text);
        settings.push(follows(|| async { there.chat(false).await.unwrap().status == 429 }).await);
        let store = house.look().await;
        let made = store
            .limit_list()
            .await
            .unwrap()
            .into_iter()
            .find(|limit| limit.ceiling == 0)
            .unwrap();
        store.close().await.unwrap();
        let removed = house
            .caller
            .act("limits/delete", json!({ "id": made.id }))
            .await
            .unwrap();
        assert_eq!(removed.status, 200, "{}", removed.text);
        settings.push(follows(|| async { there.chat(false).await.unwrap().status == 200 }).await);
    }
    // The middle one: a machine that is busy with something else is not what is promised.
    revocations.sort();
    settings.sort();
    assert!(
        revocations[TIMES / 2] <= Duration::from_secs(1),
        "{revocations:?}"
    );
    assert!(settings[TIMES] <= Duration::from_secs(5), "{settings:?}");
    house.quiet(10).await;
    oracle::check(&house, &journal, 0).await;
    TIMES * 3
}

/// A second server on the same file says who is there, and the first notices nothing.
async fn two_on_one_file() -> usize {
    let database = testkit::TestDatabase::new(Database::Sqlite).await;
    let first = Server::start(&database).await;
    let second = command(&database)
        .arg("serve")
        .env("PURSER_LISTEN", format!("127.0.0.1:{}", free_port()))
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(told.contains("another Purser server is using"), "{told}");
    let caller = crate::caller::Caller::nobody(&first.base);
    assert_eq!(caller.get("/health").await.unwrap().status, 200);
    // The lock goes with its process, however that ends.
    let port = first.port;
    first.kill();
    let again = Server::start_at(&database, port).await;
    assert_eq!(
        caller.at(&again.base).get("/ready").await.unwrap().status,
        200
    );
    1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_dies_postgres() {
    told(
        "one of three instances killed: resolved once",
        Database::Postgres,
        one_dies(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_decides_the_other_follows_postgres() {
    told(
        "two instances: revocation in 1 s, settings in 5 s",
        Database::Postgres,
        one_decides(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_is_refused_sqlite() {
    told(
        "two servers on one SQLite file",
        Database::Sqlite,
        two_on_one_file(),
    )
    .await;
}
