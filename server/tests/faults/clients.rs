//! Clients that reset at every stage, and clients that read a byte a second.

use std::time::Duration;

use domain::connections::ProviderKind;
use fakes::{Dialect, Script};
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Database, Key, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::caller::MODEL;
use crate::plan;
use crate::table::on_both;

/// Chunks of each stream.
const CHUNKS: usize = 8;

fn request(app: &TestApp, key: &Key) -> Vec<u8> {
    let body = json!({
        "model": MODEL, "stream": true, "max_completion_tokens": 50,
        "messages": [{ "role": "user", "content": "Hi" }],
    })
    .to_string();
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        app.address,
        key.secret,
        body.len()
    )
    .into_bytes()
}

/// A connection that ends with a reset.
async fn resetting(app: &TestApp) -> TcpStream {
    let stream = TcpStream::connect(app.address).await.unwrap();
    stream.set_zero_linger().unwrap();
    stream
}

/// Sends so many bytes of the request, then resets.
async fn reset_at(app: &TestApp, request: &[u8], bytes: usize) {
    let mut stream = resetting(app).await;
    stream.write_all(&request[..bytes]).await.unwrap();
    stream.flush().await.unwrap();
    // Until the other side has it.
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Reads until so many chunks have come, then resets.
async fn reset_after_chunks(app: &TestApp, request: &[u8], chunks: usize) {
    let mut stream = resetting(app).await;
    stream.write_all(request).await.unwrap();
    let mut seen = Vec::new();
    let mut some = [0; 512];
    while String::from_utf8_lossy(&seen).matches("word ").count() < chunks {
        let read = stream.read(&mut some).await.unwrap();
        assert!(read > 0);
        seen.extend_from_slice(&some[..read]);
    }
}

async fn resets(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 2_000_000_000)
        .await;
    let key = app.owner().await.key("laptop", Some("1000")).await;
    let slow = Script::text_chunks(["word "; CHUNKS])
        .with_latency(Duration::from_millis(60))
        .with_chunk_delay(Duration::from_millis(20));
    app.fake.set_default(Dialect::OpenAi, slow);
    let request = request(&app, &key);
    let head = request
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    app.fake.clear();
    let mut times = 0;
    // Before all of it is there nothing happens at all: every so many-th byte of head and body.
    let step = plan::times(41, 1);
    for bytes in (0..request.len())
        .step_by(step)
        .chain([1, head, head + 1, request.len() - 1])
    {
        reset_at(&app, &request, bytes).await;
        times += 1;
    }
    let calls = async || {
        app.services
            .store()
            .call_list(&CallFilter::default(), None, 1_000)
            .await
            .unwrap()
    };
    assert!(calls().await.is_empty(), "half a request is no call");
    assert!(app.fake.requests().is_empty());
    // Before the first byte, and after each chunk.
    reset_at(&app, &request, request.len()).await;
    for chunks in 1..=CHUNKS {
        reset_after_chunks(&app, &request, chunks).await;
    }
    times += 1 + CHUNKS;
    app.settle().await;
    let booked = calls().await;
    assert_eq!(booked.len(), 1 + CHUNKS);
    for call in &booked {
        assert!(call.outcome.is_some() && call.charge.is_some(), "{call:?}");
    }
    let counted = app.fake.counters(Dialect::OpenAi);
    assert_eq!(counted.streams_open, 0, "every provider's stream is let go");
    assert_eq!(
        key.chat(json!({ "model": MODEL, "messages": [{ "role": "user", "content": "x" }] }))
            .await
            .status,
        200
    );
    app.finish().await;
    times
}

/// Readers of a byte a second: their calls are settled although they have hardly begun to read, and
/// nobody waits for them.
async fn slow_readers(kind: Database) -> usize {
    const READERS: usize = 20;
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    let key = app.owner().await.key("laptop", Some("1000")).await;
    let request = request(&app, &key);
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(&request).await.unwrap();
        readers.push(stream);
    }
    let (mut one, seconds) = ([0; 1], 4);
    for _ in 0..seconds {
        tokio::time::sleep(Duration::from_secs(1)).await;
        for reader in &mut readers {
            reader.read_exact(&mut one).await.unwrap();
        }
        let quick = key
            .chat(json!({ "model": MODEL, "messages": [{ "role": "user", "content": "x" }] }))
            .await;
        assert_eq!(quick.status, 200);
    }
    app.settle().await;
    // What they have not read yet is still theirs.
    let mut rest = Vec::new();
    while !String::from_utf8_lossy(&rest).contains("[DONE]") {
        let mut some = [0; 4_096];
        let read = readers[0].read(&mut some).await.unwrap();
        assert!(read > 0);
        rest.extend_from_slice(&some[..read]);
    }
    let calls = app
        .services
        .store()
        .call_list(&CallFilter::default(), None, 1_000)
        .await
        .unwrap();
    assert_eq!(calls.len(), READERS + seconds);
    assert!(
        calls
            .iter()
            .all(|call| call.outcome == Some(domain::calls::Outcome::Answered))
    );
    app.finish().await;
    READERS
}

/// A reader that stops reading in the middle of more than the kernel holds for it: its call ends
/// after a minute, with what was delivered.
async fn stalled_reader(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    let key = app.owner().await.key("laptop", None).await;
    let endless = Script::text_chunks(["x".repeat(1 << 16)]).with_ending(fakes::Ending::Endless);
    app.fake.enqueue(Dialect::OpenAi, endless);
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(&request(&app, &key)).await.unwrap();
    let mut one = [0; 1];
    stream.read_exact(&mut one).await.unwrap();
    testkit::eventually(150, "the stalled reader's call is settled", || async {
        let open = app.services.store().open_call_list().await.unwrap();
        open.is_empty().then_some(())
    })
    .await;
    let calls = app
        .services
        .store()
        .call_list(&CallFilter::default(), None, 2)
        .await
        .unwrap();
    assert_eq!(calls[0].outcome, Some(domain::calls::Outcome::Stopped));
    app.finish().await;
    1
}

on_both!(reset, "client resets at every stage", resets);
on_both!(slow, "client reads a byte a second", slow_readers);
on_both!(
    #[ignore = "takes minutes: make faults"]
    stalled,
    "client stops reading",
    stalled_reader
);

/// Callers at once, of whom every other one leaves in the middle.
const STORM: usize = 60;

/// A budget that fits ten worst cases, and sixty callers at once of whom half leave: what those give
/// back may be spent by others, and never a nano-dollar more than there is.
async fn budget_storm(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    // A thousandth of a dollar a token of output; fifty are held and used by each.
    app.price(ProviderKind::OpenAi, MODEL, 0, 1_000_000_000_000)
        .await;
    let key = app.owner().await.key("tight", Some("0.5")).await;
    let slow = Script::text_chunks(["word "; CHUNKS])
        .with_usage(fakes::Usage::new(5, 50))
        .with_chunk_delay(Duration::from_millis(30));
    app.fake.set_default(Dialect::OpenAi, slow);
    let request = request(&app, &key);
    let (app_ref, request) = (&app, request.as_slice());
    let callers = (0..STORM).map(|number| async move {
        let mut stream = resetting(app_ref).await;
        stream.write_all(request).await.unwrap();
        let mut seen = Vec::new();
        let mut some = [0; 4_096];
        loop {
            let read = stream.read(&mut some).await.unwrap_or(0);
            seen.extend_from_slice(&some[..read]);
            let text = String::from_utf8_lossy(&seen);
            let leaves = number % 2 == 0 && text.contains("word ");
            if read == 0 || leaves || text.contains("[DONE]") || text.contains("insufficient_quota")
            {
                return;
            }
        }
    });
    futures::future::join_all(callers).await;
    app.settle().await;
    let limit = app.services.store().limit_list().await.unwrap().remove(0);
    let window = (limit.id, domain::Timestamp(0));
    let spent = app
        .services
        .store()
        .limit_window_list(&[window])
        .await
        .unwrap()[&window]
        .spent;
    let calls = app
        .services
        .store()
        .call_list(&CallFilter::default(), None, 1_000)
        .await
        .unwrap();
    let charged: i64 = calls
        .iter()
        .filter_map(|call| call.charge)
        .map(|charge| charge.0)
        .sum();
    assert_eq!(spent, charged);
    assert!(
        charged <= limit.ceiling,
        "{charged} of a budget of {} are spent",
        limit.ceiling
    );
    assert!(calls.len() >= 10);
    app.finish().await;
    STORM
}

on_both!(storm, "a tight budget while callers reset", budget_storm);
