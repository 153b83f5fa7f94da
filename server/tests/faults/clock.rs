//! The machine's clock jumps a day, forward and back, while calls run: no login, hold, schedule or
//! order breaks.

use std::time::Duration;

use domain::calls::Outcome;
use domain::chats::{ChatView, Started};
use domain::connections::ProviderKind;
use domain::messages::MessageState;
use domain::time::DAY_MS;
use fakes::{Dialect, Script};
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Database, Person, TestApp, eventually};

use crate::caller::MODEL;
use crate::load::shown;
use crate::table::on_both;

async fn say(ann: &Person, after: Option<&ChatView>, text: &str) -> ChatView {
    let message = json!({
        "chat_id": after.map(|chat| chat.id), "text": text, "model": MODEL,
        "parent_id": after.map(|chat| chat.messages.last().unwrap().id),
    });
    let started: Started = ann
        .act("chats/send", json!({ "message": message }))
        .await
        .ok();
    eventually(20, "the reply is ended", || async {
        let chat: ChatView = ann
            .act(
                "chats/open",
                json!({ "id": started.chat_id, "before": null }),
            )
            .await
            .ok();
        let last = chat.messages.last().unwrap();
        last.state.is_final().then_some(chat)
    })
    .await
}

async fn story(kind: Database) -> usize {
    let app = TestApp::start(kind).await;
    app.connect(ProviderKind::OpenAi, "openai").await;
    app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 2_000_000_000)
        .await;
    let ann = app.owner().await;
    let new = json!({ "name": "daily", "budget": 1_000_000_000_i64, "budget_window": "day", "requests_per_minute": 5 });
    let key = ann.key_with(new).await;
    let question = json!({
        "model": MODEL, "stream": true, "max_completion_tokens": 50,
        "messages": [{ "role": "user", "content": "Hi" }],
    });
    let mut chat = say(&ann, None, "one").await;
    let jumps = [DAY_MS, -DAY_MS, -DAY_MS, DAY_MS];
    for (number, jump) in jumps.into_iter().enumerate() {
        // A call is in its middle while the clock jumps.
        let slow = Script::text_chunks(["word "; 4]).with_chunk_delay(Duration::from_millis(100));
        app.fake.enqueue(Dialect::OpenAi, slow);
        let (answer, ()) = tokio::join!(key.chat(question.clone()), async {
            tokio::time::sleep(Duration::from_millis(150)).await;
            app.clock.jump(jump);
        });
        assert!(
            answer.text.ends_with("data: [DONE]\n\n"),
            "jump {number}: {} {}",
            answer.status,
            answer.text
        );
        app.settle().await;
        let store = app.services.store();
        assert!(
            store.limit_window_list_held().await.unwrap().is_empty(),
            "no hold is left in another day's window"
        );
        let calls = store
            .call_list(&CallFilter::default(), None, 100)
            .await
            .unwrap();
        assert!(
            calls
                .iter()
                .all(|call| call.outcome == Some(Outcome::Answered))
        );
        assert!(
            calls.iter().all(|call| call
                .duration_ms
                .is_some_and(|took| (0..60_000).contains(&took))),
            "durations are monotonic"
        );
        // The login and the key are still good, and a limit a minute does not lock out for a day.
        assert_eq!(ann.get("/").await.status, 200);
        assert_eq!(key.get("/v1/models").await.status, 200);
        app.services.sweep().await.unwrap();
        assert_eq!(
            ann.get("/").await.status,
            200,
            "no sweep has taken the login"
        );
        // The conversation goes on in its order.
        chat = say(&ann, Some(&chat), &format!("turn {number}")).await;
    }
    assert_eq!(chat.messages.len(), 2 + 2 * jumps.len());
    assert!(
        chat.messages
            .iter()
            .all(|message| message.state == MessageState::Complete)
    );
    for number in 0..jumps.len() {
        let said = &chat.messages[2 + 2 * number];
        assert!(
            shown(said).contains(&format!("turn {number}")),
            "{}",
            shown(said)
        );
    }
    app.finish().await;
    jumps.len()
}

on_both!(jumps, "clock jumps a day forward and back", story);
