//! `kill -9` in the middle of a restore: the place is as it was, or the new house is whole.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use fakes::Fake;
use store::Store;
use store::backup::Moment;
use testkit::{Database, TestDatabase, check_books, eventually};

use super::{back_up, bring_key, furnish, text};
use crate::binary::{command, run, run_raw, store_options};

/// Moments at which the restore is killed, spread over the time it takes.
const KILLS: u32 = 8;

/// Which house stands there: by the address of somebody who lives only in one of them.
async fn who_lives(place: &TestDatabase) -> Option<&'static str> {
    let options = store_options(place);
    // On PostgreSQL the tables are there from the start.
    if Moment::open(&options).await.is_err() {
        return None;
    }
    let store = Store::open(&options).await.unwrap();
    check_books(&store).await;
    let mut found = None;
    for who in ["ann@example.org", "old@example.org"] {
        if store.member_find_by_email(who).await.unwrap().is_some() {
            assert_eq!(found, None, "never both");
            found = Some(who);
        }
    }
    let models = store.connection_model_list_all().await.unwrap().len();
    if found == Some("ann@example.org") {
        assert!(models > 3, "the new house is whole");
    }
    store.close().await.unwrap();
    found
}

/// Restores until a restore succeeds: the database may need a moment to notice that one was killed.
async fn restore_at_last(place: &TestDatabase, file: &Path, more: &[&str]) -> Duration {
    eventually(30, "the restore succeeds", || async {
        let started = Instant::now();
        let arguments = [&["restore", text(file)], more].concat();
        let done = run_raw(place, &arguments, b"");
        done.status.success().then(|| started.elapsed())
    })
    .await
}

async fn story(kind: Database) {
    let house = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    furnish(&house, &fake);
    let file = house.folder.path().join("house.purser");
    back_up(&house, &file);
    for lived_in in [false, true] {
        let trial = TestDatabase::new(kind).await;
        bring_key(&house, &trial);
        let takes = restore_at_last(&trial, &file, &[]).await;
        let place = TestDatabase::new(kind).await;
        bring_key(&house, &place);
        let mut more: &[&str] = &[];
        let mut before = None;
        if lived_in {
            more = &["--replace"];
            before = Some("old@example.org");
            let old = [
                "user",
                "create",
                "--email",
                "old@example.org",
                "--role",
                "owner",
                "--password-stdin",
            ];
            run(&place, &old, "correct horse battery\n");
        }
        for kill in 1..=KILLS {
            let mut restoring = command(&place)
                .args(["restore", text(&file)])
                .args(more)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            tokio::time::sleep(takes * kill / KILLS).await;
            restoring.kill().unwrap();
            restoring.wait().unwrap();
            let now = who_lives(&place).await;
            assert!(
                now == before || now == Some("ann@example.org"),
                "{now:?} after kill {kill}"
            );
            before = now;
            if now == Some("ann@example.org") {
                more = &["--replace"];
            }
        }
        restore_at_last(&place, &file, more).await;
        assert_eq!(who_lives(&place).await, Some("ann@example.org"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_restore_leaves_nothing_half_sqlite() {
    story(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_restore_leaves_nothing_half_postgres() {
    story(Database::Postgres).await;
}
