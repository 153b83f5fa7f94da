//! The real binary: its log lines, its metrics on an address of their own, its traces.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use fakes::{Dialect, Fake};
use http::HeaderMap;
use serde_json::{Value, json};
use testkit::{Database, Person, TestDatabase, eventually};
use tokio::net::TcpListener;

use crate::binary::{PASSWORD, command, connect, free_port, make_owner};

/// A server whose log is read.
struct Watched {
    child: Child,
    log: std::thread::JoinHandle<Vec<String>>,
    base: String,
}

impl Watched {
    async fn start(database: &TestDatabase, settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let mut child = command(database)
            .arg("serve")
            .env("PURSER_LISTEN", format!("127.0.0.1:{port}"))
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // Read all the time: a full pipe would stop the server.
        let log = std::thread::spawn(move || lines.map_while(Result::ok).collect());
        let base = format!("http://127.0.0.1:{port}");
        eventually(30, "the server listens", || async {
            let there = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
            there.ok()
        })
        .await;
        Self { child, log, base }
    }

    /// SIGTERM, as a service manager stops it; then its whole log.
    fn stop(mut self) -> Vec<String> {
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
        self.log.join().unwrap()
    }
}

/// A collector that keeps what it is sent.
async fn collector() -> (String, Arc<Mutex<Vec<(HeaderMap, Bytes)>>>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = kept.clone();
    let take = move |headers: HeaderMap, body: Bytes| async move {
        keep.lock().unwrap().push((headers, body));
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/v1/traces", post(take));
    #[expect(
        clippy::disallowed_methods,
        reason = "the collector ends with the test"
    )]
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), kept)
}

async fn ask(key: &str, base: &str, id: &str) -> testkit::Answer {
    let visitor = Person::in_front_of(base);
    let request = visitor
        .request(http::Method::POST, "/v1/chat/completions?zqquery=zqsecret")
        .header("authorization", format!("Bearer {key}"))
        .header("x-request-id", id)
        .json(&json!({
            "model": "gpt-4o-mini",
            "messages": [{ "role": "user", "content": "zqprompt" }],
        }));
    visitor.send(request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_lines_metrics_and_traces_of_a_call_leave_the_house() {
    let database = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    make_owner(&database);
    connect(&database, &fake.url(Dialect::OpenAi));
    let key = crate::binary::run(
        &database,
        &[
            "key",
            "create",
            "--user",
            "ann@example.org",
            "--name",
            "zqkey",
        ],
        "",
    );
    let key = key["key"].as_str().unwrap().to_owned();
    let (endpoint, kept) = collector().await;
    let metrics_port = free_port();
    let server = Watched::start(
        &database,
        &[
            ("PURSER_LOG", "info,access=debug"),
            ("PURSER_LOG_FORMAT", "json"),
            (
                "PURSER_METRICS_LISTEN",
                &format!("127.0.0.1:{metrics_port}"),
            ),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ],
    )
    .await;

    let answer = ask(&key, &server.base, "told-by-a-proxy").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // A password passes through too.
    let ann = Person::in_front_of(&server.base);
    assert_eq!(ann.sign_in("ann@example.org", PASSWORD).await.status, 303);

    let scraper = Person::in_front_of(&format!("http://127.0.0.1:{metrics_port}"));
    let figures = scraper.get("/metrics").await;
    assert_eq!(figures.status, 200);
    assert!(
        figures.text.contains("purser_calls_total{"),
        "{}",
        figures.text
    );
    assert_eq!(
        scraper.get("/health").await.status,
        404,
        "nothing else is there"
    );
    let stranger = Person::in_front_of(&server.base);
    assert_eq!(stranger.get("/metrics").await.status, 401);

    let log = server.stop();
    let lines: Vec<Value> = log
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let line = lines
        .iter()
        .find(|line| line["spans"][0]["id"] == "told-by-a-proxy" && line["target"] == "access")
        .unwrap_or_else(|| panic!("no line of the request: {log:#?}"));
    assert_eq!(line["route"], "/v1/chat/completions");
    assert_eq!(
        (line["method"].as_str(), line["status"].as_i64()),
        (Some("POST"), Some(200))
    );
    assert!(line["ms"].is_i64());
    let all = log.join("\n");
    for canary in [
        "zqsecret",
        "zqquery",
        "zqprompt",
        "zqkey",
        &key,
        PASSWORD,
        "ann@example.org",
        "sk-fake",
    ] {
        assert!(!all.contains(canary), "{canary} stands in the log:\n{all}");
    }

    let kept = kept.lock().unwrap();
    assert!(!kept.is_empty(), "no traces came");
    assert_eq!(kept[0].0["content-type"], "application/x-protobuf");
    let sent: Vec<u8> = kept.iter().flat_map(|(_, body)| body.to_vec()).collect();
    let has = |word: &str| sent.windows(word.len()).any(|part| part == word.as_bytes());
    for word in [
        "service.name",
        "purser",
        "request",
        "call",
        "told-by-a-proxy",
    ] {
        assert!(has(word), "{word} is not in the traces");
    }
    for canary in ["zqsecret", "zqprompt", "zqkey", key.as_str(), "sk-fake"] {
        assert!(!has(canary), "{canary} is in the traces");
    }
}

#[test]
fn a_log_format_that_is_none_stops_the_start() {
    let folder = std::env::temp_dir();
    let mut child = Command::new(env!("CARGO_BIN_EXE_purser"))
        .current_dir(folder)
        .arg("serve")
        .env("PURSER_LOG_FORMAT", "xml")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(told.contains("PURSER_LOG_FORMAT"), "{told}");
}
