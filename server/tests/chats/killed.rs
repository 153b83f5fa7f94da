//! `kill -9` under a chat: its text stays, it is marked, and it goes on when it is told to.

use domain::calls::{CallState, Outcome, Purpose, UsageSource};
use domain::chats::{ChatView, Started};
use domain::messages::{MessageState, joined_text};
use domain::notice::Notice;
use domain::{ChatId, MessageId};
use fakes::{Dialect, Ending, Fake, Script, Usage};
use serde_json::json;
use store::Store;
use store::calls::CallFilter;
use testkit::{Database, Person, TestDatabase, check_books, eventually};

use super::reply::{html, open, send};
use crate::binary::{PASSWORD, Server, connect, make_owner, store_options};

/// Words that come before the server dies, and bytes of them.
const WORDS: usize = 30;
const BYTES: i64 = 5 * 30;

/// Waits until everything that came is flushed: the text, and the call's progress.
async fn flushed(store: &Store, reply: MessageId) {
    eventually(30, "the text and the progress are flushed", || async {
        let logged = store.reply_event_list(reply).await.unwrap();
        let text = joined_text(&logged.into_iter().flatten().collect::<Vec<_>>());
        let open = store.open_call_list().await.unwrap();
        let counted = open.first().is_some_and(|call| call.output_bytes == BYTES);
        (counted && text.matches("word ").count() == WORDS).then_some(())
    })
    .await;
}

/// Waits until the last reply of a chat is what it should become.
async fn becomes(person: &Person, chat: ChatId, state: MessageState) -> ChatView {
    // On PostgreSQL another instance may live: the dead one is known by its lease after 30
    // seconds, and its reply is an orphan when it is a minute old.
    eventually(150, "the reply is ended", || async {
        let view = open(person, chat).await;
        (view.messages.last().unwrap().state == state).then_some(view)
    })
    .await
}

async fn story(kind: Database) {
    let database = TestDatabase::new(kind).await;
    let fake = Fake::start().await.unwrap();
    make_owner(&database);
    connect(&database, &fake.url(Dialect::OpenAi));
    let server = Server::start(&database).await;
    let port = server.port;
    let ann = Person::in_front_of(&server.base);
    assert_eq!(ann.sign_in("ann@example.org", PASSWORD).await.status, 303);
    fake.enqueue(
        Dialect::OpenAi,
        Script::text_chunks(["word "; 40]).with_ending(Ending::Hang { after: WORDS }),
    );
    let started = send(&ann, None, None, "Many words", "gpt-4o-mini").await;
    let store = Store::open(&store_options(&database)).await.unwrap();
    flushed(&store, started.reply.id).await;
    server.kill();

    let _server = Server::start_at(&database, port).await;
    // The browser is still signed in, and the text is there before anybody has looked after it.
    let at_once = open(&ann, started.chat_id).await;
    assert_eq!(html(&at_once).matches("word").count(), WORDS);
    let interrupted = becomes(&ann, started.chat_id, MessageState::Interrupted).await;
    assert_eq!(html(&interrupted).matches("word").count(), WORDS);
    let reply = &interrupted.messages[1];
    assert_eq!(reply.notice, Some(Notice::Interrupted));
    let figures = reply.figures.clone().unwrap();
    assert_eq!(figures.usage_source, UsageSource::Estimated);
    assert!(figures.cost.unwrap().0 > 0, "what was delivered is charged");

    let rest = Script::text_chunks(["and ", "the end."]).with_usage(Usage::new(70, 4));
    fake.enqueue(Dialect::OpenAi, rest);
    let going: Started = ann
        .act(
            "chats/continue",
            json!({ "chat_id": started.chat_id, "id": started.reply.id, "model": "gpt-4o-mini" }),
        )
        .await
        .ok();
    assert_eq!(going.reply.id, started.reply.id, "the same message goes on");
    let whole = becomes(&ann, started.chat_id, MessageState::Complete).await;
    assert_eq!(whole.messages.len(), 2);
    assert_eq!(html(&whole).matches("word").count(), WORDS);
    assert!(html(&whole).contains("and the end."), "{}", html(&whole));
    assert_eq!(whole.messages[1].notice, None);

    // The title is the last call.
    eventually(30, "the title is written", || async {
        let titled = open(&ann, started.chat_id).await.title.is_some();
        (titled && store.open_call_list().await.unwrap().is_empty()).then_some(())
    })
    .await;
    let calls = store
        .call_list(&CallFilter::default(), None, 10)
        .await
        .unwrap();
    let mut told: Vec<_> = calls
        .iter()
        .map(|call| (call.purpose, call.state, call.outcome))
        .collect();
    told.reverse();
    assert_eq!(
        told,
        [
            (
                Purpose::Reply,
                CallState::Settled,
                Some(Outcome::Interrupted)
            ),
            (Purpose::Reply, CallState::Settled, Some(Outcome::Answered)),
            (Purpose::Title, CallState::Settled, Some(Outcome::Answered)),
        ]
    );
    let charged: i64 = calls.iter().map(|call| call.charge.unwrap().0).sum();
    assert_eq!(open(&ann, started.chat_id).await.cost.0, charged);
    check_books(&store).await;
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_reply_goes_on_after_a_kill_sqlite() {
    story(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_reply_goes_on_after_a_kill_postgres() {
    story(Database::Postgres).await;
}
