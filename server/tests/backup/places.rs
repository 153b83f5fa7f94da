//! Where a house may be put, and how it moves from one engine to the other.

use fakes::Fake;
use serde_json::json;
use store::Store;
use testkit::{Database, Person, TestDatabase, check_books};

use super::{back_up, bring_key, data, furnish, restore, text};
use crate::binary::{PASSWORD, Server, program, refused, run, store_options};

async fn occupied(kind: Database) {
    let house = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    furnish(&house, &fake);
    let file = house.folder.path().join("house.purser");
    back_up(&house, &file);

    let place = TestDatabase::new(kind).await;
    bring_key(&house, &place);
    // A server that nobody has set up yet holds the place, but what it leaves behind does not.
    let server = Server::start(&place).await;
    let told = refused(&place, &["restore", text(&file)]);
    assert!(told.contains("another Purser server is using"), "{told}");
    server.kill();
    testkit::eventually(30, "the server's sessions are gone", || async {
        let options = store::OpenOptions {
            server: true,
            ..store_options(&place)
        };
        (!Store::has_server(&options).await.unwrap()).then_some(())
    })
    .await;
    restore(&place, &file);

    // Now people live there.
    let told = refused(&place, &["restore", text(&file)]);
    assert!(told.contains("--replace"), "{told}");
    let old = [
        "user",
        "create",
        "--email",
        "old@example.org",
        "--role",
        "member",
        "--password-stdin",
    ];
    run(&place, &old, "correct horse battery\n");
    let done = run(&place, &["restore", text(&file), "--replace"], "");
    let kept = done["kept"].as_str().unwrap().to_owned();
    let store = Store::open(&store_options(&place)).await.unwrap();
    assert!(
        store
            .member_find_by_email("old@example.org")
            .await
            .unwrap()
            .is_none()
    );
    check_books(&store).await;
    store.close().await.unwrap();

    // What was replaced was kept, and is a house.
    let again = TestDatabase::new(kind).await;
    bring_key(&house, &again);
    match kind {
        Database::Sqlite => {
            std::fs::copy(&kept, data(&again).join("purser.db")).unwrap();
        }
        Database::Postgres => {
            restore(&again, kept.as_ref());
        }
    }
    let store = Store::open(&store_options(&again)).await.unwrap();
    assert!(
        store
            .member_find_by_email("old@example.org")
            .await
            .unwrap()
            .is_some()
    );
    store.close().await.unwrap();
}

/// A member of a house, put there while its log is not folded in; gives that log.
async fn unfolded(place: &TestDatabase) -> Vec<u8> {
    let store = Store::open(&store_options(place)).await.unwrap();
    let tx = store.write().await.unwrap();
    tx.setting_claim("left", "behind").await.unwrap();
    tx.commit().await.unwrap();
    let log = std::fs::read(data(place).join("purser.db-wal")).unwrap();
    assert!(!log.is_empty());
    store.close().await.unwrap();
    log
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lost_or_damaged_house_left_behind_does_not_get_into_the_restored_one() {
    let house = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    furnish(&house, &fake);
    let file = house.folder.path().join("house.purser");
    back_up(&house, &file);

    let place = TestDatabase::new(Database::Sqlite).await;
    bring_key(&house, &place);
    restore(&place, &file);
    let (database, log) = (
        data(&place).join("purser.db"),
        data(&place).join("purser.db-wal"),
    );
    let bytes = unfolded(&place).await;
    let is_whole = async || {
        assert!(!log.exists(), "the old log is out of the way");
        let store = Store::open(&store_options(&place)).await.unwrap();
        let settings = store.setting_list().await.unwrap();
        assert!(!settings.contains_key("left"), "{settings:?}");
        assert!(store.integrity().await.unwrap().is_empty());
        check_books(&store).await;
        store.close().await.unwrap();
    };

    // The file was moved away, its log was forgotten.
    std::fs::remove_file(&database).unwrap();
    std::fs::write(&log, &bytes).unwrap();
    restore(&place, &file);
    is_whole().await;

    // The file is there and cannot be read: it may be a house, and is replaced only when told.
    std::fs::write(&database, vec![0x5a; 40_000]).unwrap();
    std::fs::write(&log, &bytes).unwrap();
    assert!(refused(&place, &["restore", text(&file)]).contains("--replace"));
    let done = run(&place, &["restore", text(&file), "--replace"], "");
    is_whole().await;
    let kept = std::fs::read(done["kept"].as_str().unwrap()).unwrap();
    assert!(kept.starts_with(&[0x5a; 100]), "it was kept as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_with_people_is_replaced_only_when_told_and_kept_aside_sqlite() {
    occupied(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_with_people_is_replaced_only_when_told_and_kept_aside_postgres() {
    occupied(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_moves_to_postgres_and_back_again() {
    let house = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    let key = furnish(&house, &fake);
    let body = json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
    let client = program();
    let server = Server::start(&house).await;
    for _ in 0..5 {
        let ask = client
            .post(format!("{}/v1/chat/completions", server.base))
            .bearer_auth(&key);
        assert_eq!(ask.json(&body).send().await.unwrap().status(), 200);
    }
    server.kill();

    let there = TestDatabase::new(Database::Postgres).await;
    let url = there.url.clone().unwrap();
    let moved = run(&house, &["copy", "--to", &url], "");
    assert!(
        moved["tables"]["calls"]["sums"]["cost_nano_usd"]
            .as_str()
            .unwrap()
            .len()
            > 3
    );
    let twice = refused(&house, &["copy", "--to", &url]);
    assert!(twice.contains("people in it already"), "{twice}");

    // The house lives there: the same key, the same people.
    bring_key(&house, &there);
    let server = Server::start(&there).await;
    let ask = client
        .post(format!("{}/v1/chat/completions", server.base))
        .bearer_auth(&key);
    assert_eq!(ask.json(&body).send().await.unwrap().status(), 200);
    let ann = Person::in_front_of(&server.base);
    assert_eq!(ann.sign_in("ann@example.org", PASSWORD).await.status, 303);
    server.kill();

    let back = TestDatabase::new(Database::Sqlite).await;
    let to = format!("sqlite:{}", text(&data(&back)));
    let moved_back = run(&there, &["copy", "--to", &to], "");
    assert_eq!(moved_back["tables"]["calls"]["rows"], 6);
    assert_eq!(
        moved_back["tables"]["prices"], moved["tables"]["prices"],
        "untouched tables are the same"
    );
    bring_key(&there, &back);
    let store = Store::open(&store_options(&back)).await.unwrap();
    check_books(&store).await;
    store.close().await.unwrap();
    assert!(refused(&back, &["copy", "--to", "mysql://x"]).contains("sqlite:FOLDER"));
}
