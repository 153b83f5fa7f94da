//! The handles a test steers the fake with.

use std::time::{Duration, Instant};

use fakes::{Dialect, Endpoint, ErrorKind, Fake, RetryAfter, Scenario, Script, count_tokens};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::wire::{ask, ask_as, open, read, send, spoken};

const DIALECT: Dialect = Dialect::OpenAi;
const KEY: (&str, &str) = ("authorization", "Bearer sk-fake-1");

#[tokio::test]
async fn the_queue_comes_before_the_default_and_that_before_names() {
    let fake = Fake::start().await.unwrap();
    fake.set_default(DIALECT, Script::text("default"));
    fake.enqueue(DIALECT, Script::text("first"));
    fake.enqueue(DIALECT, Script::text("second"));
    for expected in ["first", "second", "default", "default"] {
        let answer = ask_as(&fake, DIALECT, "fault-overloaded", "sk-fake-slow").await;
        assert_eq!(spoken(DIALECT, &answer.events()), expected);
    }
    fake.clear_scripts();
    assert_eq!(
        ask_as(&fake, DIALECT, "fault-overloaded", "sk-fake-slow")
            .await
            .status,
        503
    );
    assert!(
        spoken(
            Dialect::Anthropic,
            &ask(&fake, Dialect::Anthropic).await.events()
        )
        .starts_with("You")
    );
}

#[tokio::test]
async fn scripts_wait_for_their_endpoint() {
    let fake = Fake::start().await.unwrap();
    fake.enqueue(
        DIALECT,
        Script::error(ErrorKind::Server).on(Endpoint::Models),
    );
    assert_eq!(ask(&fake, DIALECT).await.status, 200);
    let url = format!("{}/models", fake.url(DIALECT));
    assert_eq!(send("GET", &url, &[KEY], "").await.status, 500);
    assert_eq!(send("GET", &url, &[KEY], "").await.status, 200);
    let limited = [("authorization", "Bearer sk-fake-rate_limited")];
    assert_eq!(send("GET", &url, &limited, "").await.status, 429);
}

#[tokio::test]
async fn requests_are_recorded() {
    let fake = Fake::start().await.unwrap();
    let url = format!("{}/models?x=%20y", fake.url(DIALECT));
    send("GET", &url, &[KEY, ("X-Custom", "1")], "").await;
    ask(&fake, Dialect::Gemini).await;
    let requests = fake.wait_for_requests(2).await;
    assert_eq!(requests[0].dialect, Some(DIALECT));
    assert_eq!(requests[0].method, "GET");
    assert_eq!(requests[0].path, "/openai/v1/models");
    assert_eq!(requests[0].query, "x=%20y");
    assert_eq!(requests[0].header("x-custom"), Some("1"));
    assert_eq!(requests[1].json()["contents"][0]["role"], "user");
    assert!(!requests[1].disconnected);
    fake.clear();
    assert!(fake.requests().is_empty());
    assert_eq!(fake.totals().requests, 0);
}

#[tokio::test]
async fn counters_agree_with_what_was_said() {
    let fake = Fake::start().await.unwrap();
    for dialect in Dialect::ALL {
        let text = spoken(dialect, &ask(&fake, dialect).await.events());
        let counters = fake.counters(dialect);
        assert_eq!(counters.requests, 1);
        assert_eq!(counters.streams_open, 0);
        assert_eq!(counters.reported.input, 3, "{dialect:?}");
        assert_eq!(counters.reported.output, count_tokens(&text), "{dialect:?}");
        assert_eq!(counters.sent, counters.reported, "{dialect:?}");
    }
    assert_eq!(fake.totals().sent.input, 12);
}

#[tokio::test]
async fn a_client_that_leaves_is_counted() {
    let fake = Fake::start().await.unwrap();
    let delay = Duration::from_mins(1);
    fake.enqueue(
        DIALECT,
        Script::text_chunks(["a ", "b"]).with_chunk_delay(delay),
    );
    let url = format!("{}/chat/completions", fake.url(DIALECT));
    let body = r#"{"model":"gpt-6-luna","stream":true,"messages":[{"role":"user","content":"x"}]}"#;
    let stream = open("POST", &url, &[KEY], body).await;
    stream.readable().await.unwrap();
    assert_eq!(fake.counters(DIALECT).streams_open, 1);
    drop(stream);
    fake.wait_for_disconnects(1).await;
    let counters = fake.counters(DIALECT);
    assert_eq!((counters.streams_open, counters.dropped), (0, 1));
    assert_eq!(counters.sent.input, 1);
}

#[tokio::test]
async fn retry_after_takes_every_form() {
    let fake = Fake::start().await.unwrap();
    let date = "Wed, 21 Oct 2026 07:28:00 GMT";
    let cases = [
        (RetryAfter::Natural, Some("1"), Some("1000")),
        (RetryAfter::Absent, None, None),
        (RetryAfter::Seconds(7), Some("7"), None),
        (RetryAfter::Fraction(0.25), Some("0.25"), None),
        (RetryAfter::HttpDate(date.into()), Some(date), None),
        (RetryAfter::Millis(12.5), None, Some("12.5")),
    ];
    for (retry_after, seconds, millis) in cases {
        let script = Script::error(ErrorKind::RateLimited).with_retry_after(retry_after);
        fake.enqueue(
            DIALECT,
            script.with_header("x-ratelimit-remaining-tokens", "-3"),
        );
        let answer = ask(&fake, DIALECT).await;
        assert_eq!(answer.header("retry-after"), seconds);
        assert_eq!(answer.header("retry-after-ms"), millis);
        assert_eq!(answer.header("x-ratelimit-remaining-tokens"), Some("-3"));
    }
}

#[tokio::test]
async fn the_builder_sets_the_pace() {
    let fake = Fake::builder()
        .latency(Duration::from_millis(40))
        .chunks(3)
        .chunk_delay(Duration::from_millis(10))
        .start()
        .await
        .unwrap();
    let begun = Instant::now();
    let answer = ask(&fake, DIALECT).await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
    assert_eq!(answer.events().len(), 6);
}

#[tokio::test]
async fn connections_are_kept_and_chunked_requests_read() {
    let fake = Fake::start().await.unwrap();
    let body = r#"{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}]}"#;
    let head =
        "POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer fake\r\n";
    let (front, back) = body.split_at(10);
    let chunked = format!(
        "{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{front}\r\n{:x}\r\n{back}\r\n0\r\n\r\n",
        front.len(),
        back.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", fake.port()))
        .await
        .unwrap();
    for _ in 0..3 {
        stream.write_all(chunked.as_bytes()).await.unwrap();
        assert_eq!(read(&mut stream).await.status, 200);
    }
    assert_eq!(fake.requests()[2].body, body);
}

#[tokio::test]
async fn only_loopback_is_served_and_stopping_closes_the_door() {
    let refused = Fake::builder()
        .listen(([0, 0, 0, 0], 0).into())
        .start()
        .await;
    assert!(refused.is_err());
    let fake = Fake::builder()
        .record(false)
        .any_model(true)
        .start()
        .await
        .unwrap();
    assert_eq!(
        ask_as(&fake, Dialect::Gemini, "gemini-99", "fake")
            .await
            .status,
        200
    );
    assert!(fake.requests().is_empty());
    let address = ("127.0.0.1", fake.port());
    fake.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn scenario_names_are_read_back() {
    for scenario in Scenario::ALL {
        assert_eq!(Scenario::parse(scenario.name()), Some(*scenario));
    }
}
