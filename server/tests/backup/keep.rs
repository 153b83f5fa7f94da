//! A backup is taken under load and restored on an empty host of either engine.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use domain::calls::{CallState, Outcome};
use fakes::{Ending, Fake, Script};
use futures::StreamExt;
use futures::future::join_all;
use serde_json::{Value, json};
use store::Store;
use store::calls::CallFilter;
use testkit::{Database, Person, TestDatabase, check_books, eventually};

use super::{CANARY, back_up, bring_key, data, furnish, restore, text};
use crate::binary::{PASSWORD, Server, program, refused, run, run_beside, run_raw, store_options};
use crate::chats::reply::{open, send};

async fn ask(
    client: &reqwest::Client,
    base: &str,
    key: &str,
    model: &str,
    stream: bool,
) -> reqwest::Response {
    let body = json!({
        "model": model, "stream": stream, "max_completion_tokens": 50,
        "messages": [{ "role": "user", "content": "Hi" }],
    });
    let request = client.post(format!("{base}/v1/chat/completions"));
    request.bearer_auth(key).json(&body).send().await.unwrap()
}

/// All of a backup in clear, as a curious person would look at it.
fn in_clear(file: &std::path::Path) -> String {
    let script = format!(
        "head -n 2 '{0}'; tail -n +3 '{0}' | zcat 2>/dev/null",
        text(file)
    );
    let shown = Command::new("sh").args(["-c", &script]).output().unwrap();
    String::from_utf8_lossy(&shown.stdout).into_owned()
}

async fn story(from: Database, to: Database) {
    let house = TestDatabase::new(from).await;
    let fake = Fake::start().await.unwrap();
    let key = furnish(&house, &fake);
    let server = Server::start(&house).await;
    let ann = Person::in_front_of(&server.base);
    assert_eq!(ann.sign_in("ann@example.org", PASSWORD).await.status, 303);
    let started = send(&ann, None, None, "Remember me", "demo").await;

    // Load, and one call that is in the middle of its stream while the backup is taken.
    let client = program();
    let stop = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicU32::new(0));
    let busy: Vec<_> = (0..6)
        .map(|_| {
            let (client, base, key) = (client.clone(), server.base.clone(), key.clone());
            let (stop, answered) = (stop.clone(), answered.clone());
            async move {
                while !stop.load(Ordering::SeqCst) {
                    assert_eq!(ask(&client, &base, &key, "demo", false).await.status(), 200);
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            }
        })
        .collect();
    fake.enqueue(
        fakes::Dialect::OpenAi,
        Script::text_chunks(["word "; 40]).with_ending(Ending::Hang { after: 30 }),
    );
    let mut hanging = ask(&client, &server.base, &key, "gpt-4o-mini", true)
        .await
        .bytes_stream();
    let _ = hanging.next().await.unwrap().unwrap();
    let file = house.folder.path().join("house.purser");
    let taking = async {
        eventually(60, "calls are answered", || async {
            (answered.load(Ordering::SeqCst) >= 20).then_some(())
        })
        .await;
        let before = answered.load(Ordering::SeqCst);
        let taken = run_beside(&house, &["backup", text(&file)]).await;
        eventually(60, "calls go on after the backup", || async {
            (answered.load(Ordering::SeqCst) > before + 5).then_some(())
        })
        .await;
        stop.store(true, Ordering::SeqCst);
        taken
    };
    let (taken, _) = tokio::join!(taking, join_all(busy));
    let port = server.port;
    server.kill();

    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let clear = in_clear(&file);
    assert!(clear.starts_with("PURSER BACKUP 1\n") && clear.contains("Remember me"));
    let master = std::fs::read_to_string(data(&house).join("master.key")).unwrap();
    for secret in [CANARY, &key, PASSWORD, master.trim()] {
        assert!(
            !clear.contains(secret),
            "{secret} stands in the backup in clear"
        );
        let raw = std::fs::read(&file).unwrap();
        assert!(
            !raw.windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }

    // A host without the key, and one with another key, are told so; nothing comes to be there.
    let other = TestDatabase::new(to).await;
    assert!(refused(&other, &["restore", text(&file)]).contains("no master key"));
    run(&other, &["keys", "list"], "");
    let wrong = refused(&other, &["restore", text(&file)]);
    assert!(wrong.contains("was sealed with the master key"), "{wrong}");
    std::fs::remove_file(data(&other).join("master.key")).unwrap();

    bring_key(&house, &other);
    let restored = restore(&other, &file);
    assert_eq!(
        taken["tables"], restored["tables"],
        "every table has the same rows and sums"
    );
    assert!(taken["tables"]["calls"]["rows"].as_u64().unwrap() >= 21);
    assert!(taken["tables"]["open_calls"]["rows"].as_u64().unwrap() >= 1);

    // Browser and program go on where they were.
    let server = Server::start_at(&other, port).await;
    assert_eq!(
        ann.get("/").await.status,
        200,
        "the browser is still signed in"
    );
    let chat = open(&ann, started.chat_id).await;
    assert_eq!(chat.messages.len(), 2);
    let answer = ask(&client, &server.base, &key, "gpt-4o-mini", false).await;
    assert_eq!(
        answer.status(),
        200,
        "the provider's key opens: {}",
        answer.text().await.unwrap()
    );
    let store = Store::open(&store_options(&other)).await.unwrap();
    eventually(60, "the open calls are settled", || async {
        store
            .open_call_list()
            .await
            .unwrap()
            .is_empty()
            .then_some(())
    })
    .await;
    let calls = store
        .call_list(&CallFilter::default(), None, 10_000)
        .await
        .unwrap();
    let interrupted = calls
        .iter()
        .filter(|call| call.model == "gpt-4o-mini" && call.outcome == Some(Outcome::Interrupted));
    assert_eq!(interrupted.count(), 1, "resolved once");
    assert!(calls.iter().all(|call| call.state != CallState::Open));
    check_books(&store).await;
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_under_load_restores_with_all_its_sums_sqlite() {
    story(Database::Sqlite, Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_under_load_restores_with_all_its_sums_postgres() {
    story(Database::Postgres, Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_of_sqlite_restores_into_postgres() {
    story(Database::Sqlite, Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_of_postgres_restores_into_sqlite() {
    story(Database::Postgres, Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_passes_through_pipes() {
    let house = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    furnish(&house, &fake);
    let out = run_raw(&house, &["backup", "-"], b"");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let other = TestDatabase::new(Database::Sqlite).await;
    bring_key(&house, &other);
    let restored = run_raw(&other, &["restore", "-"], &out.stdout);
    assert!(
        restored.status.success(),
        "{}",
        String::from_utf8_lossy(&restored.stderr)
    );
    let told: Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert_eq!(told["tables"]["members"]["rows"], 1);
    assert!(!data(&other).join("restore.received").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_takes_the_place_of_a_backup_and_of_nothing_else() {
    let house = TestDatabase::new(Database::Sqlite).await;
    let file = house.folder.path().join("house.purser");
    assert!(refused(&house, &["backup", text(&file)]).contains("there is no house"));
    run(&house, &["migrate"], "");
    // Another was killed half-way, with more than this one will have.
    let begun = house.folder.path().join("house.purser.part");
    std::fs::write(&begun, vec![0x5a; 200_000]).unwrap();
    back_up(&house, &file);
    assert!(!begun.exists());
    back_up(&house, &file);
    std::fs::write(&file, "a letter").unwrap();
    assert!(refused(&house, &["backup", text(&file)]).contains("is no backup"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "a letter");
}
