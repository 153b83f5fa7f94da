//! A member talks to a model and sees what it cost; the books outlive the words.

use std::time::Duration;

use domain::calls::{Door, Purpose};
use domain::chats::{ChatView, Started};
use domain::connections::ProviderKind;
use domain::messages::MessageState;
use domain::notice::Notice;
use domain::people::Role;
use domain::{MessageId, NanoUsd};
use fakes::{Dialect, Ending, Scenario, Script, Usage};
use futures::future::join_all;
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Person, TestApp, both_databases};

pub(crate) async fn send(
    person: &Person,
    chat: Option<domain::ChatId>,
    parent: Option<MessageId>,
    text: &str,
    model: &str,
) -> Started {
    person
        .act("chats/send", json!({ "message": { "chat_id": chat, "parent_id": parent, "text": text, "model": model } }))
        .await
        .ok()
}

pub(crate) async fn open(person: &Person, chat: domain::ChatId) -> ChatView {
    person
        .act("chats/open", json!({ "id": chat, "before": null }))
        .await
        .ok()
}

/// Text of the rendered blocks, tags and all.
pub(crate) fn html(chat: &ChatView) -> String {
    let last = chat.messages.last().unwrap();
    last.blocks
        .iter()
        .map(|block| block.html.as_str())
        .collect()
}

both_databases! {
    async fn a_reply_shows_its_cost_and_gets_a_title(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 2_000_000_000, 10_000_000_000).await;
        let ann = app.owner().await;
        app.fake.enqueue(Dialect::OpenAi, Script::text_chunks(["Hello ", "**Ann**"]).with_usage(Usage::new(31, 12)));
        let started = send(&ann, None, None, "Hi", "gpt-4o-mini").await;
        assert_eq!(started.reply.state, MessageState::Streaming);
        app.settle().await;
        let chat = open(&ann, started.chat_id).await;
        assert_eq!(html(&chat).trim(), "<p>Hello <strong>Ann</strong></p>");
        let figures = chat.messages[1].figures.clone().unwrap();
        assert_eq!((figures.usage.input, figures.usage.output), (Some(31), Some(12)));
        assert_eq!(figures.cost, Some(NanoUsd(31 * 2_000 + 12 * 10_000)));
        assert!(figures.first_token_ms.is_some());
        assert!(chat.title.is_some_and(|title| !title.is_empty()));
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        let purposes: Vec<_> = calls.iter().map(|call| (call.door, call.purpose)).collect();
        assert_eq!(purposes, [(Door::Web, Purpose::Title), (Door::Web, Purpose::Reply)]);
        assert_eq!(calls[0].parent_call_id, Some(calls[1].id));
        let total: i64 = calls.iter().map(|call| call.charge.unwrap().0).sum();
        assert_eq!(chat.cost, NanoUsd(total), "the title is part of what the chat cost");
    }

    async fn a_message_sent_again_because_its_answer_was_lost_is_one_message(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let sending = |chat: Option<domain::ChatId>, parent: Option<MessageId>, attempt: &str| {
            json!({ "message": { "chat_id": chat, "parent_id": parent, "text": "Hi", "model": "gpt-4o-mini", "attempt": attempt } })
        };
        let (one, two) = ("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "f0e1d2c3-b4a5-4697-8879-6a5b4c3d2e1f");
        // A new chat, sent again while its reply is still being written, and when it is there.
        app.fake.enqueue(Dialect::OpenAi, Script::text_chunks(["one ", "two"]).with_ending(Ending::Hang { after: 1 }));
        let first: Started = ann.act("chats/send", sending(None, None, one)).await.ok();
        let again: Started = ann.act("chats/send", sending(None, None, one)).await.ok();
        let same = |a: &Started, b: &Started| {
            let ids = |started: &Started| (started.chat_id, started.message.as_ref().map(|said| said.id), started.reply.id);
            ids(a) == ids(b)
        };
        assert!(same(&first, &again), "{first:?} {again:?}");
        assert_eq!(ann.act("chats/stop", json!({ "id": first.reply.id })).await.status, 200);
        app.settle().await;
        let later: Started = ann.act("chats/send", sending(None, None, one)).await.ok();
        assert!(same(&first, &later));
        assert_eq!(later.reply.state, MessageState::Stopped, "as it stands now");
        // The next message of the chat, likewise.
        let (chat, parent) = (Some(first.chat_id), Some(first.reply.id));
        let next: Started = ann.act("chats/send", sending(chat, parent, two)).await.ok();
        app.settle().await;
        let next_again: Started = ann.act("chats/send", sending(chat, parent, two)).await.ok();
        assert!(same(&next, &next_again));
        assert_eq!(open(&ann, first.chat_id).await.messages.len(), 4);
        // Under another name it is another message, and the name is each member's own.
        let other: Started = ann.act("chats/send", sending(None, None, two)).await.ok();
        assert_ne!(other.chat_id, first.chat_id);
        let theirs: Started = ben.act("chats/send", sending(None, None, one)).await.ok();
        assert_ne!(theirs.chat_id, first.chat_id);
        assert_eq!(ben.act("chats/send", sending(chat, parent, two)).await.status, 404);
        app.settle().await;
        let calls = app.services.store().call_list(&CallFilter::default(), None, 20).await.unwrap();
        let replies = calls.iter().filter(|call| call.purpose == Purpose::Reply).count();
        assert_eq!(replies, 4, "each was paid once");
    }

    async fn the_same_sending_at_the_same_moment_is_one_message(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        let sending = |chat: Option<domain::ChatId>, parent: Option<MessageId>| {
            let message = json!({
                "chat_id": chat, "parent_id": parent, "text": "Hi", "model": "gpt-4o-mini",
                "attempt": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
            });
            // Each at an instant of its own, as on a real clock.
            app.clock.advance(1);
            ann.act("chats/send", json!({ "message": message }))
        };
        let mut last: Option<Started> = None;
        for messages in [2, 4] {
            let (chat, parent) = (last.as_ref().map(|last| last.chat_id), last.as_ref().map(|last| last.reply.id));
            let answers = join_all((0..12).map(|_| sending(chat, parent))).await;
            let started: Vec<Started> = answers.iter().map(testkit::Answer::ok).collect();
            let first = &started[0];
            assert!(started.iter().all(|other| other.chat_id == first.chat_id && other.reply.id == first.reply.id));
            app.settle().await;
            assert_eq!(open(&ann, first.chat_id).await.messages.len(), messages);
            last = started.into_iter().next();
        }
        let calls = app.services.store().call_list(&CallFilter::default(), None, 50).await.unwrap();
        let replies = calls.iter().filter(|call| call.purpose == Purpose::Reply).count();
        assert_eq!(replies, 2, "each was paid once");
    }

    async fn reasoning_tells_how_long_it_took(app: &TestApp) {
        app.connect(ProviderKind::OpenAiCompatible, "local").await;
        let ann = app.owner().await;
        let models = ann.key("laptop", None).await.get("/v1/models").await.json();
        let model = models["data"][0]["id"].as_str().unwrap();
        let script = Script::text_chunks(["So ", "it is."])
            .with_reasoning("First this, then that, and so on.")
            .with_chunk_delay(Duration::from_millis(40));
        app.fake.enqueue(Dialect::Compatible, script);
        let started = send(&ann, None, None, "Why?", model).await;
        assert_eq!(started.reply.reasoning_ms, None);
        app.settle().await;
        let chat = open(&ann, started.chat_id).await;
        let reply = &chat.messages[1];
        assert!(!reply.reasoning.is_empty());
        let took = reply.reasoning_ms.unwrap();
        let whole = reply.figures.as_ref().unwrap().duration_ms;
        assert!((40..=whole).contains(&took), "{took} ms of {whole} ms");
        assert_eq!(chat.messages[0].reasoning_ms, None);
        // What is written without any says nothing of it.
        app.fake.enqueue(Dialect::Compatible, Script::text_chunks(["Yes."]));
        send(&ann, Some(chat.id), Some(reply.id), "Sure?", model).await;
        app.settle().await;
        assert_eq!(open(&ann, chat.id).await.messages[3].reasoning_ms, None);
    }

    async fn both_doors_cost_the_same_for_the_same_tokens(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_234_567_891, 9_876_543_219).await;
        let ann = app.owner().await;
        app.fake.set_default(Dialect::OpenAi, Script::ok().with_usage(Usage::new(1_237, 991)));
        send(&ann, None, None, "Hi", "gpt-4o-mini").await;
        app.settle().await;
        let key = ann.key("laptop", None).await;
        let body = json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
        assert_eq!(key.chat(body).await.status, 200);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        let replies: Vec<_> = calls.iter().filter(|call| call.purpose == Purpose::Reply).collect();
        assert_eq!(replies.len(), 2);
        assert_ne!(replies[0].door, replies[1].door);
        assert_eq!(replies[0].cost, replies[1].cost);
        assert!(replies[0].cost.unwrap().0 > 0);
    }

    async fn a_device_learns_which_of_its_chats_are_no_more(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let kept = send(&ann, None, None, "Kept", "demo").await.chat_id;
        let deleted = send(&ann, None, None, "Deleted", "demo").await.chat_id;
        let bens = send(&ben, None, None, "Ben's", "demo").await.chat_id;
        app.settle().await;
        assert_eq!(ann.act("chats/delete", json!({ "id": deleted })).await.status, 200);
        let there: Vec<domain::ChatId> =
            ann.act("chats/there", json!({ "ids": [kept, deleted, bens, domain::ChatId::NIL] })).await.ok();
        assert_eq!(there, [kept]);
        let none: Vec<domain::ChatId> = ann.act("chats/there", json!({ "ids": [] })).await.ok();
        assert!(none.is_empty());
        let many = vec![kept; 101];
        assert_eq!(ann.act("chats/there", json!({ "ids": many })).await.status, 422);
    }

    async fn deleting_a_chat_leaves_its_calls(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let started = send(&ann, None, None, "Hi", "demo").await;
        app.settle().await;
        let before = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert_eq!(ann.act("chats/delete", json!({ "id": started.chat_id })).await.status, 200);
        assert_eq!(ann.act("chats/open", json!({ "id": started.chat_id, "before": null })).await.status, 404);
        let after = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert_eq!(before, after);
        assert!(!after.is_empty());
    }

    async fn a_stopped_reply_keeps_what_is_there_and_goes_on_when_asked(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        app.fake.enqueue(Dialect::OpenAi, Script::text_chunks(["one ", "two ", "three"]).with_ending(Ending::Hang { after: 2 }));
        let started = send(&ann, None, None, "Count", "gpt-4o-mini").await;
        let reply = started.reply.id;
        loop {
            // Seen while it runs: a reload, another tab, another device.
            if html(&open(&ann, started.chat_id).await).contains("two") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let second = ann.act("chats/send", json!({ "message": { "chat_id": started.chat_id, "parent_id": reply, "text": "x", "model": "gpt-4o-mini" } })).await;
        assert_eq!((second.status, second.json()["what"].as_str().unwrap()), (409, "reply_running"));
        assert_eq!(ann.act("chats/stop", json!({ "id": reply })).await.status, 200);
        app.settle().await;
        let stopped = open(&ann, started.chat_id).await;
        assert_eq!(stopped.messages[1].state, MessageState::Stopped);
        assert_eq!(html(&stopped).trim(), "<p>one two</p>");
        app.fake.enqueue(Dialect::OpenAi, Script::text_chunks([" three", " four"]));
        let going = ann.act("chats/continue", json!({ "chat_id": started.chat_id, "id": reply, "model": "gpt-4o-mini" })).await;
        let going: Started = going.ok();
        assert_eq!(going.reply.id, reply, "the same message goes on");
        app.settle().await;
        let whole = open(&ann, started.chat_id).await;
        assert_eq!(whole.messages[1].state, MessageState::Complete);
        assert_eq!(html(&whole).trim(), "<p>one two  three four</p>");
        let sent = app.fake.requests().into_iter().rfind(|sent| sent.path.ends_with("/completions") && String::from_utf8_lossy(&sent.body).contains("cut off")).unwrap();
        assert!(String::from_utf8_lossy(&sent.body).contains("one two"), "the model is told what stands there");
    }

    async fn a_refusal_and_a_failure_are_said_in_the_chat(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("no_money").unwrap());
        let failed = send(&ann, None, None, "Hi", "gpt-4o-mini").await;
        app.settle().await;
        let chat = open(&ann, failed.chat_id).await;
        assert_eq!(chat.messages[1].state, MessageState::Failed);
        assert!(matches!(chat.messages[1].notice, Some(Notice::ProviderFailed { .. })), "{:?}", chat.messages[1].notice);
        let refused = send(&ann, None, None, "Hi", "no-such-model").await;
        assert!(matches!(refused.reply.notice, Some(Notice::Refused { .. })));
        assert_eq!(refused.reply.state, MessageState::Failed);
    }

    async fn a_budget_lowers_the_longest_reply_and_says_so(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        // A thousandth of a dollar a token, input free.
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 0, 1_000_000_000_000).await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let limit = json!({
            "scope_kind": "member", "scope_id": ben.id, "door": null, "model": null, "unit": "money",
            "window": "month", "zone": null, "ceiling": NanoUsd::from_usd(1), "hard": true,
        });
        assert_eq!(olga.act("limits/create", json!({ "new": limit })).await.status, 200);
        app.fake.set_default(Dialect::OpenAi, Script::ok().with_usage(Usage::new(5, 10)));
        let started = send(&ben, None, None, "Hi", "gpt-4o-mini").await;
        app.settle().await;
        let chat = open(&ben, started.chat_id).await;
        assert_eq!(chat.messages[1].notice, Some(Notice::OutputLowered { tokens: 1_000 }));
        let sent = app.fake.requests().into_iter().find(|sent| sent.path.ends_with("/completions")).unwrap();
        assert_eq!(sent.json()["max_completion_tokens"], 1_000);
    }

    async fn hostile_markdown_from_a_model_loads_and_runs_nothing(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        let attack = "<script>alert(1)</script> ![x](https://evil.example/p.png) [a](javascript:alert(1)) <img src=x onerror=alert(1)>";
        app.fake.enqueue(Dialect::OpenAi, Script::text(attack));
        let started = send(&ann, None, None, "Hi", "gpt-4o-mini").await;
        app.settle().await;
        let shown = html(&open(&ann, started.chat_id).await);
        for sign in ["<script", "<img", "href=\"javascript", "href='javascript"] {
            assert!(!shown.contains(sign), "{sign}: {shown}");
        }
    }
}
