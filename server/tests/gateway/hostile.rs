//! A provider that means harm, or has lost its mind: no reply, list or error of its own fills the
//! memory, breaks a write, or tells a member where the house's providers live.

use domain::NanoUsd;
use domain::calls::Outcome;
use domain::chats::ChatView;
use domain::connections::{ConnectionTest, EditConnection, ProviderKind};
use domain::error::AppError;
use domain::live::LiveEvent;
use domain::messages::MessageState;
use domain::notice::Notice;
use domain::people::Role;
use fakes::{Dialect, Ending, Endpoint, Script};
use serde_json::{Value, json};
use services::access::Administrator;
use store::calls::{Call, CallFilter};
use testkit::{TestApp, both_databases};
use tokio::sync::broadcast::error::RecvError;

use crate::chats::reply::{html, open, send};

/// The longest reply the house takes.
const REPLY_BYTES: usize = 4 << 20;
const MODEL: &str = "gpt-4o-mini";

fn question(stream: bool) -> Value {
    json!({ "model": MODEL, "stream": stream, "messages": [{ "role": "user", "content": "Hi" }] })
}

async fn replies(app: &TestApp) -> Vec<Call> {
    let all = app
        .services
        .store()
        .call_list(&CallFilter::default(), None, 100)
        .await
        .unwrap();
    all.into_iter()
        .filter(|call| call.parent_call_id.is_none())
        .collect()
}

/// Moves a connection to where nothing answers, after its models were found.
async fn move_away(app: &TestApp, id: domain::ConnectionId, base_url: &str) {
    let edit = EditConnection {
        id,
        name: "away".to_owned(),
        base_url: base_url.to_owned(),
        key: Some("sk-fake-1".to_owned()),
        enabled: true,
        weight: 1,
    };
    app.services
        .connection_edit(&Administrator::command_line(), &edit)
        .await
        .unwrap();
}

fn provider_failed(chat: &ChatView) -> &domain::calls::ProviderFailure {
    match chat.messages[1].notice.as_ref().unwrap() {
        Notice::ProviderFailed { failure } => failure,
        other => panic!("{other:?}"),
    }
}

both_databases! {
    async fn a_reply_without_end_is_ended_booked_and_told(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 1_000_000_000).await;
        let ann = app.owner().await;
        // One open block of code, so that every update would carry all of it.
        let line = format!("{}\n", "x".repeat(1 << 17));
        let endless = Script::text_chunks(["```\n".to_owned(), line]).with_ending(Ending::Endless);
        app.fake.enqueue(Dialect::OpenAi, endless);
        let mut tab = app.services.hub().subscribe(ann.id, None).receiver;
        let started = send(&ann, None, None, "Hi", MODEL).await;
        let finished = loop {
            match tab.recv().await {
                Ok((_, event)) => if let LiveEvent::Finished { message, .. } = &*event { break message.clone() },
                // Too slow for a block that grows like this: a real tab gets a snapshot.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => panic!("the hub is gone"),
            }
        };
        assert_eq!(finished.state, MessageState::Failed);
        app.settle().await;
        let chat = open(&ann, started.chat_id).await;
        assert_eq!(chat.messages[1].state, MessageState::Failed);
        assert_eq!(chat.messages[1].notice, Some(Notice::ReplyTooLong));
        let shown = html(&chat).len();
        assert!(shown > REPLY_BYTES / 2 && shown < REPLY_BYTES + 1_024, "{shown}");
        let calls = replies(app).await;
        assert_eq!((calls.len(), calls[0].outcome), (1, Some(Outcome::Stopped)), "the call was cancelled");
        assert!(calls[0].charge.is_some_and(|charge| charge > NanoUsd::ZERO), "what came is booked");
        app.fake.wait_for_disconnects(1).await;
    }

    async fn a_whole_answer_that_is_too_long_is_cut_as_well(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        // A stream was asked for; some servers answer with one JSON text.
        let long = json!({ "choices": [{ "index": 0, "message": { "content": "word ".repeat(1 << 20) }, "finish_reason": "stop" }] });
        app.fake.enqueue(Dialect::OpenAi, Script::status(200, long.to_string()));
        let started = send(&ann, None, None, "Hi", MODEL).await;
        app.settle().await;
        let chat = open(&ann, started.chat_id).await;
        assert_eq!(chat.messages[1].state, MessageState::Failed);
        assert!(html(&chat).len() <= REPLY_BYTES + 1_024);
    }

    async fn tool_calls_without_end_end_the_answer(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        for stream in [true, false] {
            let calls = (0..200).fold(Script::ok(), |script, n| script.with_tool_call(&format!("f{n}"), "{}"));
            app.fake.enqueue(Dialect::OpenAi, calls);
            let answer = key.chat(question(stream)).await;
            assert!(answer.text.contains("provider_failed"), "{}", answer.text);
            assert!(!answer.text.contains("[DONE]"));
            assert_eq!(answer.status, if stream { 200 } else { 502 });
        }
    }

    async fn control_characters_break_no_write(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        app.fake.enqueue(Dialect::OpenAi, Script::text("a\u{0}b\u{1b}[31m\u{7f} c"));
        // The title is the provider's own text too.
        app.fake.enqueue(Dialect::OpenAi, Script::text("ti\u{0}tle\u{7}"));
        let started = send(&ann, None, None, "Hi", MODEL).await;
        app.settle().await;
        let chat = open(&ann, started.chat_id).await;
        assert_eq!(chat.messages[1].state, MessageState::Complete, "{:?}", chat.messages[1].notice);
        assert!(!html(&chat).contains('\0'));
        assert!(chat.title.is_some_and(|title| !title.contains('\0')));

        let error = json!({ "error": { "message": "no\u{0}thing \u{1b}here\r\nfor you", "type": "invalid_request_error" } });
        app.fake.enqueue(Dialect::OpenAi, Script::status(400, error.to_string()));
        let started = send(&ann, None, None, "Hi", MODEL).await;
        app.settle().await;
        let chat = open(&ann, started.chat_id).await;
        assert_eq!(chat.messages[1].state, MessageState::Failed);
        assert_eq!(provider_failed(&chat).message, "no thing here for you");
    }

    async fn no_wait_is_too_long_to_pass_on(app: &TestApp) {
        app.connect(ProviderKind::Gemini, "gemini").await;
        let key = app.owner().await.key("laptop", None).await;
        let error = json!({ "error": { "code": 429, "status": "RESOURCE_EXHAUSTED", "message": "m", "details": [{ "retryDelay": "99999999999999999999s" }] } });
        for status in [200, 429] {
            app.fake.enqueue(Dialect::Gemini, Script::status(status, error.to_string()));
            let mut asked = question(false);
            asked["model"] = json!("gemini-3.8-flash");
            let answer = key.chat(asked).await;
            assert_eq!(answer.status, 429, "{}", answer.text);
            let seconds: i64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=31 * 24 * 3_600).contains(&seconds), "{seconds}");
        }
    }

    async fn a_list_of_models_is_taken_as_far_as_it_can_be_stored(app: &TestApp) {
        let olga = app.owner().await;
        let id = app.connect(ProviderKind::OpenAi, "openai").await;
        let before = app.services.store().connection_model_list(id).await.unwrap();
        let sync = async |ids: std::ops::Range<usize>| {
            let mut data: Vec<Value> = ids.map(|n| json!({ "id": format!("m-{n:05}") })).collect();
            for id in ["nul\u{0}", "line\nend", ""] {
                data.push(json!({ "id": id }));
            }
            data.push(json!({ "id": "x".repeat(201) }));
            data.push(json!({ "id": "named", "name": format!("a\u{0}{}", "b".repeat(1_000)), "context_length": i64::MAX }));
            let list = Script::status(200, json!({ "data": data }).to_string()).on(Endpoint::Models);
            app.fake.enqueue(Dialect::OpenAi, list);
            let synced = olga.act("connections/sync", json!({ "id": id })).await;
            assert_eq!(synced.status, 200, "{}", synced.text);
            app.services.store().connection_model_list(id).await.unwrap()
        };
        let rows = sync(0..1_200).await;
        assert_eq!(rows.len(), before.len() + 1_200 + 1);
        let named = rows.iter().find(|row| row.model == "named").unwrap();
        assert_eq!(named.label.as_ref().unwrap().chars().count(), 200);
        assert_eq!(named.context_tokens, None);
        assert!(rows.iter().filter(|row| !row.model.starts_with("m-")).all(|row| row.listed == (row.model == "named")));
        // Others every day: those that went stay marked, and there is an end to it.
        let rows = sync(50_000..70_000).await;
        assert_eq!(rows.len(), 10_000);
        assert!(rows.iter().filter(|row| row.model.starts_with("m-00")).all(|row| !row.listed));
        // The same list again changes nothing.
        assert_eq!(sync(50_000..70_000).await, rows);
    }

    async fn members_do_not_learn_where_providers_live(app: &TestApp) {
        let id = app.connect(ProviderKind::OpenAiCompatible, "local").await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let key = ben.key("laptop", None).await;
        move_away(app, id, "http://ollama.invalid:11434/v1").await;
        let secret = |text: &str| text.contains("ollama") || text.contains("11434");
        for stream in [true, false] {
            let mut asked = question(stream);
            asked["model"] = json!("local-chat");
            let answer = key.chat(asked).await;
            assert_eq!(answer.status, 502, "{}", answer.text);
            assert!(answer.text.contains("provider_unreachable"), "{}", answer.text);
            assert!(!secret(&answer.text), "{}", answer.text);
        }
        let started = send(&ben, None, None, "Hi", "local-chat").await;
        app.settle().await;
        let told = ben.act("chats/open", json!({ "id": started.chat_id, "before": null })).await;
        assert!(told.text.contains("provider_failed") && !secret(&told.text), "{}", told.text);
        // Those who entered the address are told what is wrong with it.
        let test: ConnectionTest = olga.act("connections/test", json!({ "id": id })).await.ok();
        assert!(secret(&test.failure.unwrap().message));
        let synced = olga.act("connections/sync", json!({ "id": id })).await;
        assert!(matches!(serde_json::from_str(&synced.text).unwrap(), AppError::Provider { failure } if secret(&failure.message)));
        assert_eq!(ben.act("connections/test", json!({ "id": id })).await.status, 403);
    }
}
