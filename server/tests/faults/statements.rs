//! The N-th statement of one chat turn that PostgreSQL never gets, or whose answer never comes back,
//! for every N.

use domain::chats::Started;
use domain::connections::ProviderKind;
use domain::messages::MessagePart;
use fakes::{Dialect, Ending, Fake, Script};
use serde_json::json;
use services::runtime::Clock;
use store::messages::ReplyFlush;
use testkit::{Database, TestApp, TestDatabase};

use crate::caller::MODEL;
use crate::disk::turn;
use crate::house::House;
use crate::journal::Journal;
use crate::oracle;
use crate::plan::{self, Dice};
use crate::proxy::{Cut, Proxy};
use crate::table::{on_both, told};

/// The short version tries so many of about a hundred.
const SHORT_STEP: u64 = 20;

async fn story(cut: Cut) -> usize {
    let fake = Fake::start().await.unwrap();
    let (house, proxy) = behind_a_wire(fake).await;
    let journal = Journal::default();
    turn(&house, &journal, "warm").await;
    house.quiet(10).await;
    let mut dice = Dice::of("statements");
    let (mut done, mut nth) = (0, 0);
    loop {
        nth += if plan::is_whole() {
            1
        } else {
            i64::try_from(dice.roll(1, SHORT_STEP)).unwrap()
        };
        let known = journal.entries().len();
        proxy.cut_at_statement(nth, cut);
        turn(&house, &journal, &format!("statement {nth}")).await;
        house.settled(30).await;
        let was_hit = proxy.leave_alone();
        oracle::check(&house, &journal, known).await;
        if !was_hit {
            break;
        }
        done += 1;
    }
    // A turn whose first commit arrived unnoticed has a reply that nobody writes: an orphan after a
    // minute, for which the short version does not wait.
    if plan::is_whole() {
        house.quiet(100).await;
    }
    turn(&house, &journal, "after").await;
    house.settled(30).await;
    oracle::check(&house, &journal, 0).await;
    done
}

/// A house whose server reaches its PostgreSQL over a wire that can be cut.
pub(crate) async fn behind_a_wire(fake: Fake) -> (House, Proxy) {
    let database = TestDatabase::new(Database::Postgres).await;
    let (proxy, behind) = Proxy::to_postgres(database.url.as_ref().unwrap()).await;
    let house = House::on(database, fake, &[("DATABASE_URL", behind)]).await;
    (house, proxy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn never_sent_postgres() {
    told(
        "N-th statement of a turn: connection cut before it",
        Database::Postgres,
        story(Cut::Before),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn never_answered_postgres() {
    told(
        "N-th statement of a turn: its answer is lost",
        Database::Postgres,
        story(Cut::After),
    )
    .await;
}

/// A flush of a reply's log whose commit arrived although nobody was told: it is written again, with
/// what has come since, and the log goes on.
async fn flushed_twice(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    let ann = app.owner().await;
    let hangs = Script::text_chunks(["one ", "two "]).with_ending(Ending::Hang { after: 2 });
    app.fake.enqueue(Dialect::OpenAi, hangs);
    let message = json!({ "chat_id": null, "parent_id": null, "text": "Hi", "model": MODEL });
    let started = ann.act("chats/send", json!({ "message": message })).await;
    let started: Started = started.ok();
    let store = app.services.store();
    let flush = |parts: &str| ReplyFlush {
        message_id: started.reply.id,
        sequence: 1_000,
        parts: vec![MessagePart::text(parts)],
    };
    for parts in ["three ", "three four"] {
        let tx = store.write().await.unwrap();
        tx.reply_event_append(&[flush(parts)], app.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let logged = store.reply_event_list(started.reply.id).await.unwrap();
    assert_eq!(logged.last().unwrap(), &[MessagePart::text("three four")]);
    let stopped = ann
        .act("chats/stop", json!({ "id": started.reply.id }))
        .await;
    assert_eq!(stopped.status, 200);
    app.finish().await;
    1
}

on_both!(
    flushed,
    "a reply's flush arrives, its answer is lost",
    flushed_twice
);
