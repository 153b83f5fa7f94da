//! One house, two instances: a reply is written at one of them and read at both.

use std::time::Duration;

use domain::connections::ProviderKind;
use domain::messages::MessageState;
use fakes::{Dialect, Script};
use serde_json::json;
use testkit::{TestApp, eventually, two_instances};

use super::reply::{html, open, send};

two_instances! {
    async fn a_reply_that_runs_at_one_instance_is_read_at_the_other(one: &TestApp, two: &TestApp) {
        one.connect(ProviderKind::OpenAi, "openai").await;
        let ann = one.owner().await;
        let there = ann.on(two);
        eventually(10, "the other instance knows the member", || async {
            (there.get("/").await.status == 200).then_some(())
        })
        .await;
        let slow = Script::text_chunks(["one ", "two ", "three ", "four"]).with_chunk_delay(Duration::from_millis(700));
        one.fake.enqueue(Dialect::OpenAi, slow);
        let started = send(&ann, None, None, "Count", "gpt-4o-mini").await;
        let running = eventually(20, "the other instance reads what has come", || async {
            let chat = open(&there, started.chat_id).await;
            html(&chat).contains("one").then_some(chat)
        })
        .await;
        assert_eq!(running.messages[1].state, MessageState::Streaming, "{}", html(&running));
        let whole = eventually(20, "the other instance reads the end", || async {
            let chat = open(&there, started.chat_id).await;
            (chat.messages[1].state != MessageState::Streaming).then_some(chat)
        })
        .await;
        assert_eq!(whole.messages[1].state, MessageState::Complete);
        assert_eq!(html(&whole).trim(), "<p>one two three four</p>");
        one.settle().await;
        let (here, there) = (open(&ann, started.chat_id).await, open(&there, started.chat_id).await);
        assert_eq!(html(&here), html(&there));
        assert_eq!(here.cost, there.cost);
        assert!(there.messages[1].figures.is_some());
    }

    async fn a_chat_goes_on_at_the_instance_its_member_comes_to(one: &TestApp, two: &TestApp) {
        one.connect(ProviderKind::Demo, "demo").await;
        let ann = one.owner().await;
        let there = ann.on(two);
        let first = send(&ann, None, None, "Hi", "demo").await;
        one.settle().await;
        eventually(10, "the other instance has the model", || async {
            let choices = there.act("models/list", json!({})).await;
            (choices.status == 200 && choices.text.contains("demo")).then_some(())
        })
        .await;
        let second = send(&there, Some(first.chat_id), Some(first.reply.id), "And?", "demo").await;
        two.settle().await;
        let chat = open(&ann, second.chat_id).await;
        assert_eq!(chat.messages.len(), 4);
        assert!(chat.messages.iter().all(|message| message.state == MessageState::Complete));
    }
}
