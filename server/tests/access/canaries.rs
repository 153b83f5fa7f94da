//! Planted secrets, and everywhere they must not be: a whole run of the real binary at the loudest
//! log, with every kind of secret in it.

mod life;
mod watch;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Child, Command, Stdio};

use fakes::Fake;
use testkit::{Database, TestDatabase};

use self::life::live_through_it;
use self::watch::Watch;
use crate::binary::command;

const MASTER_KEY: &str = "5c1f8a0e9b7d4263a1f0c8e2d6b59374e8a7c1d20f3b6495887d1ea2c4f60b93";
const DATABASE_PASSWORD: &str = "zq8databasecanary5523";

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
