//! `kill -9` at the worst moment: every settled call is there, every open one is resolved once.

use std::time::Duration;

use domain::calls::{CallState, Outcome, UsageSource};
use fakes::{Dialect, Ending, Fake, Script};
use futures::StreamExt;
use serde_json::json;
use store::Store;
use store::calls::CallFilter;
use testkit::{Database, TestDatabase};

use crate::binary::{Server, connect, make_key, make_owner, program, store_options};

async fn story(kind: Database) {
    let database = TestDatabase::new(kind).await;
    let fake = Fake::start().await.unwrap();
    make_owner(&database);
    connect(&database, &fake.url(Dialect::OpenAi));
    let key = make_key(&database);

    let server = Server::start(&database).await;
    let client = program();
    let ask = |stream: bool| {
        let body = json!({
            "model": "gpt-4o-mini", "stream": stream, "max_completion_tokens": 50,
            "messages": [{ "role": "user", "content": "Hi" }],
        });
        client
            .post(format!("{}/v1/chat/completions", server.base))
            .bearer_auth(&key)
            .json(&body)
            .send()
    };
    // One call settles; its answer is acknowledged, so it must survive.
    let answered = ask(false).await.unwrap();
    assert_eq!(answered.status(), 200, "{}", answered.text().await.unwrap());
    // One is in the middle of its stream when the server dies.
    fake.enqueue(
        Dialect::OpenAi,
        Script::text_chunks(["word "; 40]).with_ending(Ending::Hang { after: 30 }),
    );
    let mut stream = ask(true).await.unwrap().bytes_stream();
    let mut seen = String::new();
    while seen.matches("word ").count() < 30 {
        seen.push_str(&String::from_utf8_lossy(
            &stream.next().await.unwrap().unwrap(),
        ));
    }
    // Progress is written once a second.
    tokio::time::sleep(Duration::from_millis(1_300)).await;
    server.kill();

    let store = Store::open(&store_options(&database)).await.unwrap();
    assert_eq!(
        store.open_call_list().await.unwrap().len(),
        1,
        "the dead server's call is still open"
    );
    store.close().await.unwrap();

    let server = Server::start(&database).await;
    let store = Store::open(&store_options(&database)).await.unwrap();
    for _ in 0..1_000 {
        if store.open_call_list().await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let calls = store
        .call_list(&CallFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(calls.len(), 2);
    let (interrupted, settled) = (&calls[0], &calls[1]);
    assert_eq!(
        (settled.state, settled.outcome),
        (CallState::Settled, Some(Outcome::Answered))
    );
    assert_eq!(
        (interrupted.state, interrupted.outcome),
        (CallState::Settled, Some(Outcome::Interrupted))
    );
    assert_eq!(interrupted.usage_source, Some(UsageSource::Estimated));
    assert_eq!(
        interrupted.usage.output,
        Some(38),
        "30 words of five bytes, four bytes a token"
    );
    assert!(interrupted.cost.unwrap().0 > 0);
    let held = store.limit_window_list_held().await.unwrap();
    assert!(held.is_empty(), "the hold is released: {held:?}");
    let sums = store
        .rollup_list(domain::Timestamp(0), domain::Timestamp(i64::MAX))
        .await
        .unwrap();
    let booked: i64 = sums.iter().map(|(_, sum)| sum.cost.0).sum();
    assert_eq!(
        booked,
        calls.iter().map(|call| call.cost.unwrap().0).sum::<i64>()
    );
    store.close().await.unwrap();
    server.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_servers_open_call_is_resolved_once_sqlite() {
    story(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_servers_open_call_is_resolved_once_postgres() {
    // On PostgreSQL another instance may live: the dead one is known by its lease after 30 seconds.
    story(Database::Postgres).await;
}
