//! SIGTERM with fifty live streams.

use std::process::Command;
use std::time::{Duration, Instant};

use domain::calls::{CallState, Outcome, UsageSource};
use fakes::{Dialect, Ending, Fake, Script};
use futures::StreamExt;
use store::calls::CallFilter;
use testkit::Database;
use tokio::task::JoinSet;

use crate::house::House;
use crate::journal::Journal;
use crate::oracle;
use crate::table::on_both;

/// Streams that end in time, and as many that do not.
const HALF: usize = 25;
/// Running calls have this long.
const DRAIN: Duration = Duration::from_secs(30);

async fn story(kind: Database) -> usize {
    let fake = Fake::start().await.unwrap();
    let mut house = House::new(kind, fake, &[]).await;
    let journal = Journal::default();
    for number in 0..2 * HALF {
        let ending = if number % 2 == 0 {
            Ending::Clean
        } else {
            Ending::Hang { after: 10 }
        };
        let script = Script::text_chunks(["word "; 20]).with_ending(ending);
        house.fake.enqueue(
            Dialect::OpenAi,
            script.with_chunk_delay(Duration::from_millis(250)),
        );
    }
    let mut streams = JoinSet::new();
    for _ in 0..2 * HALF {
        let asked = house.caller.question(true).send().await.unwrap();
        assert_eq!(asked.status(), 200);
        let call = asked.headers()["x-purser-call-id"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        streams.spawn(async move {
            let mut text = String::new();
            let mut body = asked.bytes_stream();
            while let Some(Ok(bytes)) = body.next().await {
                text.push_str(&String::from_utf8_lossy(&bytes));
            }
            crate::caller::Told {
                status: 200,
                call: Some(call),
                text,
            }
        });
    }
    let mut server = house.server.take().unwrap();
    let pid = server.child.id().to_string();
    let start = Instant::now();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let told = streams.join_all().await;
    let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap())
        .await
        .unwrap();
    let took = start.elapsed();
    assert_eq!(status.code(), Some(0), "it ends well");
    assert!(took < DRAIN + Duration::from_secs(6), "it took {took:?}");
    let whole = told
        .iter()
        .filter(|told| journal.note_answer(told, true))
        .count();
    let cut = told
        .iter()
        .filter(|told| told.text.contains("server_stopping") && told.text.contains("word "))
        .count();
    assert_eq!(
        (whole, cut),
        (HALF, HALF),
        "those that end in time are whole, the others are told"
    );
    let store = house.look().await;
    let calls = store
        .call_list(&CallFilter::default(), None, 100)
        .await
        .unwrap();
    store.close().await.unwrap();
    assert_eq!(calls.len(), 2 * HALF);
    let interrupted: Vec<_> = calls
        .iter()
        .filter(|call| call.outcome == Some(Outcome::Interrupted))
        .collect();
    assert_eq!(interrupted.len(), HALF);
    for call in interrupted {
        assert_eq!(
            (call.state, call.usage_source),
            (CallState::Settled, Some(UsageSource::Estimated))
        );
        assert!(call.cost.unwrap().0 > 0, "what was delivered is charged");
    }
    house.serve().await;
    oracle::check(&house, &journal, 0).await;
    2 * HALF
}

on_both!(with_live_streams, "SIGTERM with 50 live streams", story);
