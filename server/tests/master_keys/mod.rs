//! The master key is turned while the house is lived in, and stopped at any moment.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

use domain::connections::ProviderKind;
use fakes::{Dialect, Fake};
use futures::future::join;
use outbound::{Outbound, Policy};
use serde_json::json;
use services::access::Administrator;
use services::runtime::Runtime;
use services::secrets::Sealer;
use services::{Options, Services};
use store::Store;
use testkit::{Database, TestApp, TestDatabase, both_databases};

use crate::backup::{bring_key, data};
use crate::binary::{
    Server, command, connect_with, make_key, make_owner, program, refused, run, run_beside, run_raw,
};

const OLD: [u8; 32] = [7; 32];
const NEW: [u8; 32] = [9; 32];

/// Another process on the same database, with these keys.
async fn process(app: &TestApp, keys: &[[u8; 32]]) -> Result<Services, services::Error> {
    let runtime = Runtime::system();
    let older: Vec<Vec<u8>> = keys[1..].iter().map(|key| key.to_vec()).collect();
    let sealer = Sealer::new(runtime.clone(), &keys[0], &older).unwrap();
    Services::open(Options {
        store: Store::open(&app.database().options(false)).await.unwrap(),
        runtime,
        outbound: Outbound::new(Policy::default()).unwrap(),
        sealer,
        public_url: None,
    })
    .await
}

/// Whether every connection's key opens.
async fn everything_opens(services: &Services) -> bool {
    let house = services.house();
    let rows = services.store().connection_list().await.unwrap();
    rows.iter().all(|row| {
        let entry = house.catalog.connection(row.id).unwrap();
        entry.endpoint.is_some()
    })
}

both_databases! {
    async fn a_rotation_stopped_at_any_row_is_gone_on_with(app: &TestApp) {
        const ROWS: u64 = 5;
        for number in 0..ROWS {
            app.connect(ProviderKind::OpenAi, &format!("provider {number}")).await;
        }
        let admin = Administrator::command_line();
        // Stopped before the turn: nothing has changed.
        let stopped = process(app, &[NEW, OLD]).await.unwrap();
        let old = stopped.master_keys().await.unwrap().active;
        let new = stopped.master_keys().await.unwrap().present[0].clone();
        assert_ne!(old, new, "the database names the key that seals");
        stopped.master_key_activate(&admin, &new).await.unwrap();
        assert!(stopped.master_key_activate(&admin, "0000000000000000").await.is_err());
        drop(stopped);
        // Each run is stopped after one row, and the next one is another process.
        for row in 0..ROWS {
            let run = process(app, &[NEW, OLD]).await.unwrap();
            assert!(everything_opens(&run).await, "before row {row}");
            assert_eq!(run.master_keys().await.unwrap().left(), ROWS - row);
            assert_eq!(run.master_key_reseal(1).await.unwrap(), 1);
        }
        let done = process(app, &[NEW, OLD]).await.unwrap();
        assert_eq!(done.master_key_reseal(u64::MAX).await.unwrap(), 0, "none is left");
        assert_eq!(done.master_keys().await.unwrap().sealed.get(&new), Some(&ROWS));
        // The old key is needed by nothing, and alone it is refused.
        assert!(everything_opens(&process(app, &[NEW]).await.unwrap()).await);
        assert!(process(app, &[OLD]).await.is_err());
    }

    async fn a_value_changed_during_the_rotation_is_not_turned_back(app: &TestApp) {
        let id = app.connect(ProviderKind::OpenAi, "provider").await;
        let admin = Administrator::command_line();
        let turning = process(app, &[NEW, OLD]).await.unwrap();
        let new = turning.master_keys().await.unwrap().present[0].clone();
        turning.master_key_activate(&admin, &new).await.unwrap();
        let old_value = app.services.store().connection_find(id).await.unwrap().unwrap().sealed_key.unwrap();
        turning.master_key_reseal(1).await.unwrap();
        let tx = app.services.store().write().await.unwrap();
        let replaced = tx.sealed_replace("connections", "sealed_key", id.0, &old_value, b"late").await.unwrap();
        assert!(!replaced, "only what was read is replaced");
    }
}

fn key_file(database: &TestDatabase) -> PathBuf {
    data(database).join("master.key")
}

fn keys_in(database: &TestDatabase) -> Vec<String> {
    let text = std::fs::read_to_string(key_file(database)).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Connections whose keys all get sealed.
fn connect_many(database: &TestDatabase, fake: &Fake, count: usize) {
    connect_with(database, &fake.url(Dialect::OpenAi), "sk-fake-1");
    for number in 1..count {
        let name = format!("more {number}");
        let url = fake.url(Dialect::OpenAi);
        let add = [
            "connection",
            "add",
            "--kind",
            "openai",
            "--name",
            &name,
            "--base-url",
            &url,
            "--key-stdin",
        ];
        run(database, &add, &format!("sk-fake-more-{number}\n"));
    }
}

async fn story(kind: Database) {
    let house = TestDatabase::new(kind).await;
    let fake = Fake::start().await.unwrap();
    make_owner(&house);
    connect_many(&house, &fake, 4);
    let key = make_key(&house);
    let before = keys_in(&house);
    let server = Server::start(&house).await;
    let client = program();
    let body = json!({ "model": "gpt-4o-mini", "max_completion_tokens": 20, "messages": [{ "role": "user", "content": "Hi" }] });
    let ask = || async {
        let request = client.post(format!("{}/v1/chat/completions", server.base));
        request
            .bearer_auth(&key)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    };
    // Calls go on from before the first step until after the last.
    let turned = Cell::new(false);
    let asking = async {
        let mut answered = 0;
        while !turned.get() {
            assert_eq!(ask().await, 200);
            answered += 1;
        }
        answered
    };
    let turning = async {
        let told = run_beside(&house, &["keys", "rotate"]).await;
        turned.set(true);
        told
    };
    let (answered, told) = join(asking, turning).await;
    assert!(answered > 3, "calls went on: {answered}");
    let after = keys_in(&house);
    assert_eq!(
        (after.len(), &after[1]),
        (2, &before[0]),
        "the new key stands before the old one"
    );
    let active = told["active"].as_str().unwrap().to_owned();
    assert_eq!(told["sealed"], json!({ active.clone(): 4 }));

    // The server seals with it too: a connection added through its door is not left behind.
    let ann = testkit::Person::in_front_of(&server.base);
    assert_eq!(
        ann.sign_in("ann@example.org", crate::binary::PASSWORD)
            .await
            .status,
        303
    );
    let new = json!({ "kind": "openai", "name": "late", "base_url": fake.url(Dialect::OpenAi), "key": "sk-fake-late", "weight": 1 });
    assert_eq!(
        ann.act("connections/create", json!({ "new": new }))
            .await
            .status,
        200
    );
    let told = run_beside(&house, &["keys", "retire"]).await;
    assert_eq!(told["sealed"], json!({ active.clone(): 5 }));
    assert_eq!(keys_in(&house), [after[0].clone()]);
    assert_eq!(ask().await, 200);
    server.kill();

    // A start with the new key alone, and none with the old one.
    let again = Server::start(&house).await;
    let request = client.post(format!("{}/v1/chat/completions", again.base));
    assert_eq!(
        request
            .bearer_auth(&key)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    again.kill();
    std::fs::write(key_file(&house), format!("{}\n", before[0])).unwrap();
    assert!(
        refused(&house, &["keys", "list"]).contains("is not the one this data was sealed with")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_is_turned_beside_a_running_server_sqlite() {
    story(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_is_turned_beside_a_running_server_postgres() {
    story(Database::Postgres).await;
}

async fn killed(kind: Database) {
    let house = TestDatabase::new(kind).await;
    let fake = Fake::start().await.unwrap();
    make_owner(&house);
    connect_many(&house, &fake, 6);
    let started = Instant::now();
    run(&house, &["keys", "list"], "");
    let takes = started.elapsed() * 2;
    for kill in 1..=8 {
        let mut rotating = command(&house)
            .args(["keys", "rotate"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(takes * kill / 8).await;
        rotating.kill().unwrap();
        rotating.wait().unwrap();
        let told = run(&house, &["keys", "list"], "");
        let present: Vec<_> = told["present"].as_array().unwrap().clone();
        for id in told["sealed"].as_object().unwrap().keys() {
            assert!(
                present.iter().any(|known| known == id),
                "what is sealed opens: {told}"
            );
        }
    }
    let told = run(&house, &["keys", "rotate"], "");
    let active = told["active"].as_str().unwrap().to_owned();
    assert_eq!(told["sealed"], json!({ active: 6 }));
    run(&house, &["keys", "retire"], "");
    assert_eq!(keys_in(&house).len(), 1);
    // Every key still reaches its provider.
    let synced = run_raw(&house, &["models", "sync"], b"");
    assert!(
        synced.status.success(),
        "{}",
        String::from_utf8_lossy(&synced.stdout)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_is_gone_on_with_sqlite() {
    killed(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_is_gone_on_with_postgres() {
    killed(Database::Postgres).await;
}

/// Two hosts, each with a key file of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sealed_with_a_key_that_a_running_server_lacks_postgres() {
    let one = TestDatabase::new(Database::Postgres).await;
    let two = one.beside();
    let fake = Fake::start().await.unwrap();
    make_owner(&one);
    connect_many(&one, &fake, 2);
    bring_key(&one, &two);
    let (first, second) = (Server::start(&one).await, Server::start(&two).await);
    let told = refused(&one, &["keys", "rotate"]);
    assert!(
        told.contains("do not have the new key") && told.contains("Nothing has been sealed"),
        "{told}"
    );
    let state = run(&one, &["keys", "list"], "");
    let active = state["active"].as_str().unwrap().to_owned();
    assert_eq!(state["sealed"], json!({ active: 2 }));
    bring_key(&one, &two);
    let told = run(&one, &["keys", "rotate"], "");
    assert_ne!(told["active"], state["active"]);
    assert_eq!(
        keys_in(&one).len(),
        2,
        "the key of the refused run is the one that is used"
    );
    first.kill();
    second.kill();
}

/// Keys from the environment: the new one is put before the old one by hand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_the_environment_are_turned_after_both_were_given() {
    const FIRST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const SECOND: &str = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    let house = TestDatabase::new(Database::Sqlite).await;
    let keys = |words: &[&str], master: &str| {
        let done = command(&house)
            .arg("--json")
            .args(words)
            .env("PURSER_MASTER_KEY", master)
            .output()
            .unwrap();
        (
            done.status.success(),
            String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned(),
        )
    };
    assert!(
        keys(
            &["connection", "add", "--kind", "demo", "--name", "demo"],
            FIRST
        )
        .0
    );
    let (done, told) = keys(&["keys", "rotate"], FIRST);
    assert!(!done && told.contains("openssl rand -hex 32"), "{told}");
    let both = format!("{SECOND},{FIRST}");
    let (done, told) = keys(&["keys", "rotate"], &both);
    assert!(done, "{told}");
    assert!(keys(&["keys", "retire"], &both).1.contains("sealed"));
    assert!(keys(&["keys", "list"], SECOND).0);
    assert!(!keys(&["keys", "list"], FIRST).0);
    assert!(
        !data(&house).join("master.key").exists(),
        "no file beside keys of the environment"
    );
}
