//! Editing and regenerating open branches; nothing that was said is lost.

use domain::chats::{ChatView, Started};
use domain::connections::ProviderKind;
use fakes::{Dialect, Script};
use serde_json::json;
use testkit::{TestApp, both_databases};

use super::reply::{html, open, send};

both_databases! {
    async fn an_edited_question_and_a_second_reply_are_branches(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ann = app.owner().await;
        app.fake.set_default(Dialect::OpenAi, Script::text("first"));
        let first = send(&ann, None, None, "One", "gpt-4o-mini").await;
        app.settle().await;
        app.clock.advance(1);
        app.fake.set_default(Dialect::OpenAi, Script::text("second"));
        let again: Started = ann
            .act("chats/regenerate", json!({ "chat_id": first.chat_id, "id": first.reply.id, "model": "gpt-4o-mini" }))
            .await
            .ok();
        app.settle().await;
        let chat = open(&ann, first.chat_id).await;
        assert!(html(&chat).contains("second"));
        assert_eq!(chat.messages[1].siblings, [first.reply.id, again.reply.id]);
        app.clock.advance(1);
        app.fake.set_default(Dialect::OpenAi, Script::text("third"));
        let question = chat.messages[0].id;
        let edited: Started = ann
            .act("chats/edit", json!({ "chat_id": first.chat_id, "id": question, "text": "Other", "model": "gpt-4o-mini" }))
            .await
            .ok();
        app.settle().await;
        let chat = open(&ann, first.chat_id).await;
        assert!(html(&chat).contains("third"));
        assert_eq!(chat.messages[0].siblings.len(), 2);
        let back: ChatView = ann
            .act("chats/branch", json!({ "chat_id": first.chat_id, "id": question }))
            .await
            .ok();
        assert!(html(&back).contains("second"), "the newest reply of that branch");
        assert_eq!(edited.message.unwrap().siblings.len(), 2);
        let text: String = ann.act("chats/text", json!({ "chat_id": first.chat_id, "id": question })).await.ok();
        assert_eq!(text, "One");
    }

    async fn the_history_comes_in_pages_newest_first(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let mut made = Vec::new();
        for number in 0..45 {
            made.push(send(&ann, None, None, &format!("chat {number}"), "demo").await.chat_id);
            app.clock.advance(1_000);
        }
        app.settle().await;
        let mut seen = Vec::new();
        let mut cursor = serde_json::Value::Null;
        loop {
            let answer = ann.act("chats/list", json!({ "cursor": cursor })).await.json();
            let page = &answer["page"];
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            cursor = page["next"].clone();
            if cursor.is_null() {
                break;
            }
        }
        made.reverse();
        assert_eq!(seen, made.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(ann.act("chats/list", json!({ "cursor": "nonsense" })).await.status, 422);
    }
}
