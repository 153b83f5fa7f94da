//! Planted secrets, and everywhere they must not be: a whole run of the real binary at the loudest
//! log, with every kind of secret in it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use fakes::{Dialect, Fake, Scenario};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, Person, TestDatabase};

use super::matrix::PAGES;
use crate::binary::command;
use crate::chats::live::{events, is};

const MASTER_KEY: &str = "5c1f8a0e9b7d4263a1f0c8e2d6b59374e8a7c1d20f3b6495887d1ea2c4f60b93";
const DATABASE_PASSWORD: &str = "zq8databasecanary5523";

/// What leaves the house, with where it was seen, and the secrets that must not be in it.
#[derive(Default)]
struct Watch {
    seen: Vec<(String, String)>,
    secrets: Vec<(&'static str, String)>,
}

impl Watch {
    fn plant(&mut self, what: &'static str, secret: &str) -> String {
        assert!(
            secret.len() >= 16,
            "{what} is too short to be told from chance"
        );
        self.secrets.push((what, secret.to_owned()));
        secret.to_owned()
    }

    /// The cookie of a new login is a secret, and stands in no other header.
    fn login(&mut self, place: &str, answer: &Answer) {
        let cookie = answer
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default();
        let secret = cookie.split_once('=').map(|(_, secret)| secret.to_owned());
        self.plant(
            "a login",
            &secret.unwrap_or_else(|| panic!("{place}: {} {}", answer.status, answer.text)),
        );
        let mut rest = answer.clone();
        rest.headers.remove("set-cookie");
        self.answer(place, &rest);
    }

    fn answer(&mut self, place: &str, answer: &Answer) {
        self.text(place, format!("{:?}\n{}", answer.headers, answer.text));
    }

    fn text(&mut self, place: &str, text: String) {
        self.seen.push((place.to_owned(), text));
    }

    /// Nothing of a secret is in what was seen.
    fn check(&self) {
        for (place, text) in &self.seen {
            for (what, secret) in &self.secrets {
                for spelling in spellings(secret) {
                    if let Some(at) = text.find(&spelling) {
                        let around: String = text[..at].chars().rev().take(200).collect();
                        let around: String = around.chars().rev().collect();
                        panic!("{what} is in {place}, behind: {around}");
                    }
                }
            }
        }
    }
}

/// How a secret may show: its middle, its end, and as other alphabets spell it.
fn spellings(secret: &str) -> Vec<String> {
    let middle = secret.len() / 2;
    let mut hex = String::new();
    for byte in secret.bytes() {
        write!(hex, "{byte:02x}").unwrap();
    }
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret);
    vec![
        secret[middle - 6..middle + 6].to_owned(),
        // Masks show four characters.
        secret[secret.len() - 8..].to_owned(),
        hex[..24].to_owned(),
        base64[..16].to_owned(),
    ]
}

/// The server, its log and the link it shows. It dies with the value.
struct House {
    child: Child,
    base: String,
    token: String,
    log: std::path::PathBuf,
}

impl House {
    fn start(database: &TestDatabase) -> Self {
        let log = database.folder.path().join("server.log");
        let mut child = with_key(database)
            .arg("serve")
            .env("PURSER_LISTEN", "127.0.0.1:0")
            .env("PURSER_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        // The one secret that may reach the console.
        let console = BufReader::new(child.stdout.take().unwrap());
        let link = console
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("/setup#"))
            .unwrap();
        let (base, token) = link.trim().split_once("/setup#").unwrap();
        Self {
            base: base.to_owned(),
            token: token.to_owned(),
            child,
            log,
        }
    }

    fn stop(&mut self) {
        // Both fail only for a child that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

fn with_key(database: &TestDatabase) -> Command {
    let mut command = command(database);
    command.env("PURSER_MASTER_KEY", MASTER_KEY);
    command
}

/// What a command says, on both its outputs.
fn told(database: &TestDatabase, arguments: &[&str], input: &str) -> String {
    let mut child = with_key(database)
        .args(arguments)
        .env("PURSER_LOG", "trace")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    // One connection's key is refused, which a reading of all models says at its end.
    assert!(
        output.status.success() || arguments == ["models", "sync"],
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// All that a stolen copy of the database holds.
fn copy_of(database: &TestDatabase) -> String {
    if let Some(url) = &database.url {
        let dump = Command::new("pg_dump").arg(url).output().unwrap();
        assert!(
            dump.status.success(),
            "{}",
            String::from_utf8_lossy(&dump.stderr)
        );
        return String::from_utf8_lossy(&dump.stdout).into_owned();
    }
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(database.folder.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        // The token of the link on the console, spent by now, is no part of the database.
        if entry.file_name() != "setup.token" && entry.path().is_file() {
            let mut file = File::open(entry.path()).unwrap();
            file.read_to_end(&mut bytes).unwrap();
        }
    }
    assert!(bytes.len() > 10_000);
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn connect(
    watch: &mut Watch,
    olga: &Person,
    kind: &str,
    name: &str,
    url: &str,
    key: &str,
) -> String {
    let new = json!({ "kind": kind, "name": name, "base_url": url, "key": key, "weight": 1 });
    let made = olga.act("connections/create", json!({ "new": new })).await;
    watch.answer("connections/create", &made);
    let id: String = made.ok();
    for function in ["test", "sync", "models"] {
        let answer = olga
            .act(&format!("connections/{function}"), json!({ "id": id }))
            .await;
        watch.answer(&format!("connections/{function} of {name}"), &answer);
    }
    id
}

/// Whatever a person and a program do in a house, the foolish things as well.
async fn live_through_it(
    watch: &mut Watch,
    database: &TestDatabase,
    house: &House,
    ours: &Fake,
    others: &Fake,
) {
    let olga = Person::in_front_of(&house.base);
    let ben = Person::in_front_of(&house.base);
    let stranger = Person::in_front_of(&house.base);
    watch.plant("the set-up link", &house.token);
    let password = watch.plant("a password", "zq8passwordcanaryolga7301");
    let form = [
        ("token", house.token.as_str()),
        ("name", "Olga"),
        ("email", "olga@example.org"),
        ("password", password.as_str()),
    ];
    watch.login("/setup", &olga.form("/setup", &form).await);

    let ours_key = watch.plant("our provider's key", "sk-fake-zq8oursproviderkeycanary4711");
    let others_key = watch.plant(
        "the other provider's key",
        "sk-fake-zq8othersproviderkeycanary0815",
    );
    let bad_key = watch.plant("a refused key", "sk-wrong-zq8refusedproviderkeycanary6");
    let id = connect(
        watch,
        &olga,
        "openai",
        "ours",
        &ours.url(Dialect::OpenAi),
        &ours_key,
    )
    .await;
    connect(
        watch,
        &olga,
        "anthropic",
        "others",
        &others.url(Dialect::Anthropic),
        &others_key,
    )
    .await;
    connect(
        watch,
        &olga,
        "openai",
        "refused",
        &ours.url(Dialect::OpenAi),
        &bad_key,
    )
    .await;
    // Elsewhere without the key: refused, and the key stays where it is.
    let moved = json!({ "id": id, "name": "ours", "base_url": others.url(Dialect::OpenAi), "key": null, "enabled": true, "weight": 1 });
    let refused = olga.act("connections/edit", json!({ "edit": moved })).await;
    assert_eq!(refused.status, 409);
    watch.answer("connections/edit", &refused);

    // Shown once, to whom they belong: these two answers are not looked at.
    let new = json!({ "name": "laptop", "models": [], "budget": null, "budget_window": "total",
        "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null });
    let made: Value = olga.act("keys/create", json!({ "new": new })).await.ok();
    let key = watch.plant("a gateway key", made["secret"].as_str().unwrap());
    let invited = json!({ "name": "Ben", "email": "ben@example.org", "role": "member" });
    let invited: Value = olga.act("members/invite", invited).await.ok();
    let token = watch.plant("a one-time link", invited["token"].as_str().unwrap());

    let bens = watch.plant("a chosen password", "zq8passwordcanaryben9920");
    watch.login(
        "/welcome",
        &ben.form("/welcome", &[("token", &token), ("password", &bens)])
            .await,
    );
    watch.answer(
        "/welcome again",
        &stranger
            .form("/welcome", &[("token", &token), ("password", &bens)])
            .await,
    );
    let mistyped = watch.plant("a mistyped password", "zq8mistypedcanaryword5561");
    watch.answer(
        "/signin with a wrong password",
        &stranger.sign_in("olga@example.org", &mistyped).await,
    );
    // In the wrong field the page gives it back to whoever typed it, and nothing else keeps it.
    stranger.sign_in(&mistyped, "x").await;
    watch.login(
        "/signin",
        &olga.sign_in("olga@example.org", &password).await,
    );
    watch.answer(
        "sessions/prove, wrong",
        &olga
            .act("sessions/prove", json!({ "password": mistyped }))
            .await,
    );
    watch.login(
        "sessions/prove",
        &olga
            .act("sessions/prove", json!({ "password": password }))
            .await,
    );
    let changed = watch.plant("a changed password", "zq8changedcanaryword1170");
    watch.login(
        "account/password",
        &ben.act(
            "account/password",
            json!({ "current": bens, "new": changed }),
        )
        .await,
    );

    // What cannot be read is told without its values.
    let nonsense = [
        ("connections/create", json!({ "new": ours_key })),
        (
            "connections/create",
            json!({ "new": { "kind": ours_key, "name": [ours_key], "key": { "a": ours_key } } }),
        ),
        (
            "connections/edit",
            json!({ "edit": { "id": ours_key, "key": ours_key, "weight": ours_key } }),
        ),
        ("sessions/prove", json!({ "password": [password] })),
        (
            "account/password",
            json!({ "current": { "x": password }, "new": password }),
        ),
        ("keys/revoke", json!({ "id": key })),
        ("chats/open", json!({ "id": key, "before": password })),
    ];
    for (function, arguments) in nonsense {
        watch.answer(
            &format!("{function} with nonsense"),
            &olga.act(function, arguments).await,
        );
    }
    for (path, field) in [
        ("/setup", "token"),
        ("/signin", "password"),
        ("/welcome", "token"),
    ] {
        let request = stranger
            .request(Method::POST, path)
            .header("origin", &house.base)
            .header("content-type", "application/json");
        let answer = stranger
            .send(request.body(json!({ field: password }).to_string()))
            .await;
        watch.answer(&format!("{path} with JSON"), &answer);
    }

    gateway(watch, &stranger, &key, ours).await;

    let message =
        json!({ "chat_id": null, "parent_id": null, "text": "Hi", "model": "gpt-4o-mini" });
    let (heard, sent) = tokio::join!(events(&ben, None, is("finished")), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        ben.act("chats/send", json!({ "message": message })).await
    });
    watch.text("a live connection", format!("{heard:?}"));
    watch.answer("chats/send", &sent);
    let chat = sent.json()["chat_id"].as_str().unwrap().to_owned();
    for (name, arguments) in [
        ("connections/list", json!({})),
        ("keys/list", json!({})),
        ("account/sessions", json!({})),
        ("members/list", json!({})),
        ("audit/list", json!({ "before": null })),
        ("calls/list", json!({ "before": null })),
        ("sessions/reader", json!({})),
        ("limits/subjects", json!({})),
        ("models/list", json!({})),
    ] {
        for person in [&olga, &ben] {
            watch.answer(name, &person.act(name, arguments.clone()).await);
        }
    }
    for page in PAGES {
        for person in [&olga, &ben, &stranger] {
            let path = page.replace(
                "{id}",
                if page.starts_with("/chats") {
                    &chat
                } else {
                    &id
                },
            );
            watch.answer(page, &person.get(&path).await);
        }
    }

    // Commands beside the running server.
    let line = format!("{password}\n");
    watch.text(
        "user create",
        told(
            database,
            &[
                "user",
                "create",
                "--email",
                "eve@example.org",
                "--role",
                "member",
                "--password-stdin",
            ],
            &line,
        ),
    );
    let url = ours.url(Dialect::OpenAi);
    let add = [
        "connection",
        "add",
        "--kind",
        "openai",
        "--name",
        "typed",
        "--base-url",
        &url,
        "--key-stdin",
    ];
    watch.text(
        "connection add",
        told(database, &add, &format!("{ours_key}\n")),
    );
    let second = told(
        database,
        &[
            "key",
            "create",
            "--user",
            "eve@example.org",
            "--name",
            "typed",
        ],
        "",
    );
    watch.plant("a key made by hand", second.trim());
    watch.text("models sync", told(database, &["models", "sync"], ""));
    for format in ["json", "csv"] {
        let exported = told(database, &["usage", "export", "--format", format], "");
        assert!(exported.contains("gpt-4o-mini"), "{exported}");
        watch.text("usage export", exported);
    }
}

async fn gateway(watch: &mut Watch, program: &Person, key: &str, fake: &Fake) {
    let ask = |stream: bool| {
        program
            .request(Method::POST, "/v1/chat/completions")
            .header("authorization", format!("Bearer {key}"))
            .json(&json!({ "model": "gpt-4o-mini", "stream": stream, "messages": [{ "role": "user", "content": "Hi" }] }))
    };
    for scenario in [
        None,
        Some("bad_key"),
        Some("redirect"),
        Some("html_error"),
        Some("midstream_error"),
        Some("garbage"),
    ] {
        for stream in [false, true] {
            if let Some(scenario) = scenario {
                fake.enqueue(Dialect::OpenAi, Scenario::parse(scenario).unwrap());
            }
            let answer = program.send(ask(stream)).await;
            assert!(
                scenario.is_some() || answer.status == 200,
                "{}",
                answer.text
            );
            watch.answer(&format!("a call, {scenario:?}"), &answer);
        }
    }
    for path in [
        format!("/v1/models?api_key={key}"),
        "/v1/models".to_owned(),
        "/v1/none".to_owned(),
    ] {
        for header in [
            format!("Bearer {key}"),
            format!("Basic {key}"),
            format!("Bearer {key}x"),
        ] {
            let answer = program
                .send(
                    program
                        .request(Method::GET, &path)
                        .header("authorization", header),
                )
                .await;
            watch.answer("a look through the gateway", &answer);
        }
    }
}

/// Each provider was told its own key, in the header that is for it, and no other secret at all.
fn check_provider(watch: &Watch, fake: &Fake, own: &[&str]) {
    let requests = fake.requests();
    assert!(!requests.is_empty());
    for request in &requests {
        let told = |text: &str, what: &str| {
            for (name, secret) in &watch.secrets {
                assert!(
                    !text.contains(secret.as_str()),
                    "{name} reached a provider in {what}"
                );
            }
        };
        told(&request.path, "the path");
        told(&request.query, "the query");
        told(&String::from_utf8_lossy(&request.body), "the body");
        for (name, value) in &request.headers {
            let is_key = matches!(name.as_str(), "authorization" | "x-api-key");
            if is_key
                && own
                    .iter()
                    .any(|own| value.strip_prefix("Bearer ").unwrap_or(value) == *own)
            {
                continue;
            }
            told(value, name);
        }
        assert!(
            request.dialect.is_some(),
            "nobody follows to {}",
            request.path
        );
    }
}

async fn story(kind: Database) {
    let mut database = TestDatabase::new(kind).await;
    let mut watch = Watch::default();
    watch.plant("the master key", MASTER_KEY);
    if let Some(url) = &mut database.url {
        *url = url.replacen("postgres@", &format!("postgres:{DATABASE_PASSWORD}@"), 1);
        watch.plant("the database's password", DATABASE_PASSWORD);
    }
    let (ours, others) = (Fake::start().await.unwrap(), Fake::start().await.unwrap());
    let mut house = House::start(&database);
    Box::pin(live_through_it(
        &mut watch, &database, &house, &ours, &others,
    ))
    .await;
    house.stop();
    let log = std::fs::read(&house.log).unwrap();
    let log = String::from_utf8_lossy(&log).into_owned();
    assert!(
        log.contains("TRACE") && log.contains("DEBUG"),
        "the log is as loud as it gets"
    );
    watch.text("the log", log);
    watch.text("a copy of the database", copy_of(&database));
    watch.check();
    check_provider(
        &watch,
        &ours,
        &[
            "sk-fake-zq8oursproviderkeycanary4711",
            "sk-wrong-zq8refusedproviderkeycanary6",
        ],
    );
    check_provider(&watch, &others, &["sk-fake-zq8othersproviderkeycanary0815"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_seen_anywhere_after_a_whole_run_sqlite() {
    story(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_seen_anywhere_after_a_whole_run_postgres() {
    story(Database::Postgres).await;
}
