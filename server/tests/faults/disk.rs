//! A disk that fails on demand, and the stories of one that is full or has become read-only.
//!
//! The disk is `disk.c`, compiled here and preloaded into the real binary: SQLite's own code calls
//! the C library for every write, and so meets every error where a real disk would raise it.

use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use domain::calls::Outcome;
use fakes::{Dialect, Fake, Script};
use futures::StreamExt;
use store::calls::CallFilter;
use tempfile::TempDir;
use testkit::{Database, eventually};

use crate::house::House;
use crate::journal::{Entry, Journal};
use crate::oracle;
use crate::table::told;

/// What a broken disk says.
pub(crate) const EIO: i64 = 5;
/// What a full disk says.
pub(crate) const ENOSPC: i64 = 28;
/// What a read-only disk says.
pub(crate) const EROFS: i64 = 30;

/// The disk under a server.
pub(crate) struct Disk {
    folder: TempDir,
    orders: std::fs::File,
}

impl Disk {
    /// Compiles it; a C compiler is there wherever Rust links.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("disk.c");
        std::fs::write(&source, include_str!("disk.c")).unwrap();
        let done = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(folder.path().join("disk.so"))
            .arg(&source)
            .arg("-ldl")
            .output()
            .expect("a C compiler");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let orders = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(folder.path().join("orders"))
            .unwrap();
        orders.set_len(32).unwrap();
        Self { folder, orders }
    }

    fn path(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    /// What a server under it is told.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("LD_PRELOAD", self.path("disk.so")),
            ("PURSER_DISK_ORDERS", self.path("orders")),
        ]
    }

    fn order(&self, place: u64, value: i64) {
        self.orders
            .write_all_at(&value.to_ne_bytes(), place * 8)
            .unwrap();
    }

    /// Operations since the last order.
    pub(crate) fn seen(&self) -> i64 {
        let mut bytes = [0; 8];
        self.orders.read_exact_at(&mut bytes, 3 * 8).unwrap();
        i64::from_ne_bytes(bytes)
    }

    /// Only the n-th operation from now fails.
    pub(crate) fn fail_the(&self, nth: i64, error: i64) {
        self.order(0, 0);
        self.order(1, nth);
        self.order(2, error);
        self.order(3, 0);
        self.order(0, 1);
    }

    /// Everything fails.
    pub(crate) fn fail(&self, error: i64) {
        self.order(2, error);
        self.order(0, 2);
    }

    /// All is well again.
    pub(crate) fn mend(&self) {
        self.order(0, 0);
    }
}

/// A disk that takes no writes: what is there is read, nothing is paid for, and when there is room
/// again the house goes on by itself.
async fn takes_no_writes(error: i64) -> usize {
    let disk = Disk::new();
    let fake = Fake::start().await.unwrap();
    let mut house = House::new(Database::Sqlite, fake, &disk.environment()).await;
    let journal = Journal::default();
    let caller = house.caller.clone();
    let told = caller.chat(false).await.unwrap();
    assert!(journal.note_answer(&told, false), "{}", told.text);
    let chat = caller.say("before").await.unwrap().unwrap().chat_id;
    house.quiet(10).await;
    look_old(&house).await;

    // One stream is in its middle when the disk fails.
    let slow = Script::text_chunks(["word "; 20]).with_chunk_delay(Duration::from_millis(100));
    house.fake.enqueue(Dialect::OpenAi, slow);
    let mut stream = caller.question(true).send().await.unwrap().bytes_stream();
    let mut text = String::new();
    while !text.contains("word ") {
        text.push_str(&String::from_utf8_lossy(
            &stream.next().await.unwrap().unwrap(),
        ));
    }
    disk.fail(error);
    let reached = house.fake.counters(Dialect::OpenAi).requests;

    // What is there is read: also by a login whose last use would have to be written down.
    for path in ["/health", "/ready", "/", "/v1/models", "/keys", "/calls"] {
        let told = caller.get(path).await.unwrap();
        assert_eq!(told.status, 200, "{path}: {}", told.text);
    }
    assert_eq!(caller.open(chat).await.unwrap().messages.len(), 2);
    // What costs money or would be forgotten is refused, and says why.
    for stream in [true, false] {
        let told = caller.chat(stream).await.unwrap();
        assert_eq!(
            (told.status, told.code().as_str()),
            (503, "database_unavailable")
        );
        assert!(told.text.contains("cannot record calls"), "{}", told.text);
    }
    let told = caller.say("lost").await.unwrap().unwrap_err();
    assert_eq!(
        (told.status, told.code().as_str()),
        (503, "unavailable"),
        "{}",
        told.text
    );
    let told = caller.make_key().await.unwrap();
    assert_eq!(
        (told.status, told.code().as_str()),
        (503, "unavailable"),
        "{}",
        told.text
    );
    assert_eq!(
        house.fake.counters(Dialect::OpenAi).requests,
        reached,
        "nothing left the house"
    );
    // The running stream ends, without its terminator: its settlement could not be written.
    while let Some(Ok(bytes)) = stream.next().await {
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert_eq!(text.matches("word ").count(), 20, "{text}");
    assert!(
        text.contains("settlement_pending") && !text.contains("[DONE]"),
        "{text}"
    );

    disk.mend();
    house.quiet(10).await;
    let store = house.look().await;
    let calls = store
        .call_list(&CallFilter::default(), None, 1)
        .await
        .unwrap();
    assert_eq!(
        calls[0].outcome,
        Some(Outcome::Answered),
        "settled by itself"
    );
    store.close().await.unwrap();
    let told = caller.chat(true).await.unwrap();
    assert!(journal.note_answer(&told, true), "{}", told.text);
    let made = caller.make_key().await.unwrap().json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    journal.note(Entry::KeyMade { secret });
    assert!(caller.say("after").await.unwrap().is_ok());
    house.quiet(10).await;
    let server = house.server.as_mut().unwrap();
    assert!(
        server.child.try_wait().unwrap().is_none(),
        "no restart was needed"
    );
    oracle::check(&house, &journal, 0).await;
    1
}

/// Makes the logins look as if they had been used last five minutes ago: their next use is written.
pub(crate) async fn look_old(house: &House) {
    let store = house.look().await;
    let owner = store.member_list().await.unwrap()[0].id;
    for session in store.session_list(owner).await.unwrap() {
        let tx = store.write().await.unwrap();
        tx.session_seen(session.id, session.seen_at.plus(-300_000))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_sqlite() {
    told(
        "disk full, then room again",
        Database::Sqlite,
        takes_no_writes(ENOSPC),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_only_sqlite() {
    told(
        "disk read-only, then not",
        Database::Sqlite,
        takes_no_writes(EROFS),
    )
    .await;
}

/// So that a story can wait for the end of a chat turn without failing when it fails.
pub(crate) async fn turn(house: &House, journal: &Journal, text: &str) {
    let Some(Ok(started)) = house.caller.say(text).await else {
        return;
    };
    journal.note(Entry::Sent {
        chat: started.chat_id,
        message: started.message.unwrap().id,
        reply: started.reply.id,
        text: text.to_owned(),
    });
    let seen = eventually(30, "the reply is ended", || async {
        let view = house.caller.open(started.chat_id).await?;
        let reply = view.messages.into_iter().next_back()?;
        reply.state.is_final().then_some(reply)
    })
    .await;
    if seen.state == domain::messages::MessageState::Complete {
        journal.note(Entry::Finished {
            chat: started.chat_id,
            reply: seen.id,
            html: crate::load::shown(&seen),
        });
    }
}
