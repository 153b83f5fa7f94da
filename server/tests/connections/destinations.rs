//! Where a connection may lead: exactly where an admin said, and never to where a cloud answers.

use std::process::Stdio;

use domain::connections::ProviderKind;
use fakes::{Dialect, Fake, Scenario};
use serde_json::{Value, json};
use testkit::{TestApp, both_databases};

use crate::binary::command;

/// Where clouds tell a machine about itself, in every notation a URL knows.
const METADATA: &[&str] = &[
    "http://169.254.169.254",
    "http://169.254.169.254/latest/meta-data",
    "http://0xa9fea9fe/v1",
    "http://0xa9.0xfe.0xa9.0xfe/v1",
    "http://2852039166/v1",
    "http://0251.0376.0251.0376/v1",
    "http://169.254.43518/v1",
    "http://１６９.254.169.254/v1",
    "http://169。254。169。254/v1",
    "http://[::ffff:169.254.169.254]/v1",
    "http://[::ffff:a9fe:a9fe]/v1",
    "http://[64:ff9b::a9fe:a9fe]/v1",
    "http://[fd00:ec2::254]/v1",
    "http://[fe80::1]/v1",
    "http://100.100.100.200/v1",
    "https://168.63.129.16/v1",
];

/// What is no address of a provider at all.
const NO_ADDRESS: &[&str] = &[
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/",
    "ftp://example.org/v1",
    "javascript:alert(1)",
    "data:text/plain,x",
    "http://",
    "http://user:secret@example.org/v1",
    "https://example.org/v1?key=x",
    "https://example.org/v1#x",
    "//example.org/v1",
    "/v1",
    "http://exa mple.org/",
    "http://[::1",
    "http://127.0.0.1:99999/",
];

both_databases! {
    async fn no_admin_opens_the_way_to_a_clouds_metadata(app: &TestApp) {
        let olga = app.owner().await;
        let there = app.connect(ProviderKind::OpenAi, "openai").await;
        for url in METADATA.iter().chain(NO_ADDRESS) {
            let new = json!({ "kind": "openai", "name": "x", "base_url": url, "key": "sk-fake-1", "weight": 1 });
            let made = olga.act("connections/create", json!({ "new": new })).await;
            assert_eq!((made.status, made.json()["field"].as_str()), (422, Some("base_url")), "{url}: {}", made.text);
            let edit = json!({ "id": there, "name": "x", "base_url": url, "key": "sk-fake-1", "enabled": true, "weight": 1 });
            let edited = olga.act("connections/edit", json!({ "edit": edit })).await;
            assert_eq!(edited.status, 422, "{url}: {}", edited.text);
        }
        let rows: Value = olga.act("connections/list", json!({})).await.ok();
        assert_eq!(rows.as_array().unwrap().len(), 1);
        assert_eq!(rows[0]["base_url"], app.fake.url(Dialect::OpenAi));
    }

    async fn the_command_line_opens_it_neither(app: &TestApp) {
        for url in ["http://169.254.169.254/v1", "http://0xa9fea9fe/v1", "http://[::ffff:169.254.169.254]/v1", "file:///etc/passwd"] {
            let mut child = command(app.database())
                // Another folder: the house of this story holds its own open.
                .env("PURSER_DATA_DIR", app.database().folder.path().join("other"))
                .env_remove("DATABASE_URL")
                .args(["connection", "add", "--kind", "openai", "--name", "x", "--base-url", url, "--key-stdin"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"sk-fake-zq8typed\n").unwrap();
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert!(!output.status.success(), "{url}: {said}");
            assert!(said.contains("base_url") && !said.contains("zq8typed"), "{url}: {said}");
        }
    }

    async fn what_one_connection_opened_stays_shut_to_a_redirect(app: &TestApp) {
        // Both are opened; the one's key must not follow to the other all the same.
        let other = Fake::start().await.unwrap();
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.connect_to(ProviderKind::Anthropic, "other", &other.url(Dialect::Anthropic)).await;
        let key = app.owner().await.key("laptop", None).await;
        other.clear();
        app.fake.clear();
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("redirect").unwrap());
        let question = json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
        let answer = key.chat(question).await;
        assert_eq!(answer.status, 502, "{}", answer.text);
        assert!(other.requests().is_empty());
        let asked = app.fake.requests();
        assert!(!asked.is_empty() && asked.iter().all(|request| request.dialect == Some(Dialect::OpenAi)), "{asked:?}");
    }

    async fn a_program_chooses_a_model_and_no_destination(app: &TestApp) {
        let other = Fake::start().await.unwrap();
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        app.fake.clear();
        let elsewhere = other.url(Dialect::OpenAi);
        let mut question = json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
        for field in ["base_url", "api_base", "api_key", "organization", "extra_headers"] {
            question[field] = json!(elsewhere);
        }
        let stranger = app.stranger();
        let request = stranger
            .request(http::Method::POST, "/v1/chat/completions")
            .header("authorization", format!("Bearer {}", key.secret))
            .header("openai-organization", "org-stranger")
            .header("openai-project", "proj-stranger")
            .header("x-base-url", &elsewhere)
            .header("x-forwarded-host", &elsewhere)
            .header("helicone-target-url", &elsewhere)
            .json(&question);
        let answer = stranger.send(request).await;
        assert!(answer.status == 200 || answer.status == 400, "{}", answer.text);
        assert!(other.requests().is_empty());
        for request in app.fake.requests() {
            let told = format!("{:?} {}", request.headers, String::from_utf8_lossy(&request.body));
            assert!(!told.contains("stranger") && !told.contains(&elsewhere), "{told}");
            assert!(!told.contains(&key.secret), "{told}");
        }
    }
}
