//! All chats in one table: looked for, read page by page with their figures, deleted several at once.

use domain::ChatId;
use domain::chats::{ChatEntry, DELETED_MOST, Page};
use domain::connections::ProviderKind;
use domain::people::Role;
use fakes::{Dialect, Script, Usage};
use serde_json::json;
use services::runtime::Clock;
use testkit::{Person, TestApp, both_databases};

use super::reply::{open, send};

async fn survey(person: &Person, query: Option<&str>, cursor: Option<&str>) -> Page<ChatEntry> {
    person
        .act("chats/survey", json!({ "query": query, "cursor": cursor }))
        .await
        .ok()
}

async fn rename(person: &Person, chat: ChatId, title: &str) {
    let answer = person
        .act("chats/rename", json!({ "id": chat, "title": title }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

fn ids(page: &Page<ChatEntry>) -> Vec<ChatId> {
    page.rows.iter().map(|entry| entry.row.id).collect()
}

both_databases! {
    async fn each_chat_has_its_messages_and_what_it_cost_and_nobody_elses(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 2_000_000_000, 10_000_000_000).await;
        app.fake.set_default(Dialect::OpenAi, Script::text("Hello").with_usage(Usage::new(31, 12)));
        let ann = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        assert_eq!(survey(&ann, None, None).await, Page { rows: Vec::new(), next: None });
        let began = app.clock.now();
        let long = send(&ann, None, None, "One", "gpt-4o-mini").await;
        app.settle().await;
        app.clock.advance(1_000);
        let theirs = send(&ben, None, None, "Mine alone", "gpt-4o-mini").await;
        app.settle().await;
        app.clock.advance(1_000);
        let short = send(&ann, None, None, "Short", "gpt-4o-mini").await;
        app.settle().await;
        app.clock.advance(1_000);
        // A second reply to the same question counts, though only one of them is shown.
        let again = ann
            .act("chats/regenerate", json!({ "chat_id": long.chat_id, "id": long.reply.id, "model": "gpt-4o-mini" }))
            .await;
        assert_eq!(again.status, 200, "{}", again.text);
        app.settle().await;

        let all = survey(&ann, None, None).await;
        assert_eq!(ids(&all), [long.chat_id, short.chat_id], "what was changed last comes first");
        assert_eq!([all.rows[0].messages, all.rows[1].messages], [3, 2]);
        assert_eq!(all.rows[0].created_at, began);
        for entry in &all.rows {
            let chat = open(&ann, entry.row.id).await;
            assert!(entry.cost.0 > 0, "{entry:?}");
            assert_eq!((entry.cost, entry.unpriced_calls), (chat.cost, chat.unpriced_calls));
        }
        assert_eq!(ids(&survey(&ben, None, None).await), [theirs.chat_id]);
        assert!(survey(&ben, Some("One"), None).await.rows.is_empty());
    }

    async fn a_call_without_a_price_is_counted_and_not_summed(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.fake.set_default(Dialect::OpenAi, Script::text("Hello").with_usage(Usage::new(31, 12)));
        let ann = app.owner().await;
        let chat = send(&ann, None, None, "Hi", "gpt-4o-mini").await.chat_id;
        app.settle().await;
        let shown = open(&ann, chat).await;
        let entry = survey(&ann, None, None).await.rows.remove(0);
        assert_eq!((entry.cost, entry.unpriced_calls), (shown.cost, shown.unpriced_calls));
    }

    async fn what_is_looked_for_comes_page_by_page(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let mut made = Vec::new();
        for number in 0..45 {
            let chat = send(&ann, None, None, "Hi", "demo").await.chat_id;
            app.settle().await;
            rename(&ann, chat, &format!("Budget {number}")).await;
            made.insert(0, chat);
            app.clock.advance(1_000);
        }
        rename(&ann, made[3], "Something else").await;
        for (query, wanted) in [
            (None, made.clone()),
            (Some("budget"), made.iter().copied().filter(|id| *id != made[3]).collect()),
        ] {
            let first = survey(&ann, query, None).await;
            assert_eq!(first.rows.len(), 40);
            let rest = survey(&ann, query, first.next.as_deref()).await;
            assert_eq!(rest.next, None);
            assert_eq!([ids(&first), ids(&rest)].concat(), wanted, "{query:?}");
        }
        assert_eq!(ids(&survey(&ann, Some("ELSE some"), None).await), [made[3]]);
        let long = "x".repeat(201);
        assert_eq!(ann.act("chats/survey", json!({ "query": long, "cursor": null })).await.status, 422);
        assert_eq!(ann.act("chats/survey", json!({ "query": null, "cursor": "nonsense" })).await.status, 422);
    }

    async fn several_are_deleted_at_once_and_only_ones_own(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let mut chats = Vec::new();
        for _ in 0..3 {
            chats.push(send(&ann, None, None, "Hi", "demo").await.chat_id);
            app.clock.advance(1_000);
        }
        let theirs = send(&ben, None, None, "Hi", "demo").await.chat_id;
        app.settle().await;
        let delete = async |person: &Person, ids: &[ChatId]| {
            person.act("chats/delete_several", json!({ "ids": ids })).await.status
        };
        assert_eq!(delete(&ben, &chats).await, 404);
        assert_eq!(survey(&ann, None, None).await.rows.len(), 3);
        // Another's, and one that is gone already, are passed over.
        assert_eq!(delete(&ann, &[chats[0], theirs, chats[0], chats[2]]).await, 200);
        assert_eq!(ids(&survey(&ann, None, None).await), [chats[1]]);
        assert_eq!(ids(&survey(&ben, None, None).await), [theirs]);
        assert_eq!(delete(&ann, &[chats[0]]).await, 404);
        assert_eq!(delete(&ann, &vec![chats[1]; DELETED_MOST + 1]).await, 422);
        assert_eq!(survey(&ann, None, None).await.rows.len(), 1);
    }

    async fn the_page_says_what_its_address_looks_for(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        for title in ["Tea in Busan", "Coffee in Seoul"] {
            let chat = send(&ann, None, None, "Hi", "demo").await.chat_id;
            app.settle().await;
            rename(&ann, chat, title).await;
        }
        let page = async |path: &str| {
            let page = ann.get(path).await;
            assert_eq!(page.status, 200);
            // The sidebar lists them all, wherever the pieces of the answer stand.
            let table = page.text.split_once("<table").unwrap().1.split_once("</table>").unwrap().0;
            (page.text.contains("value=\"busan\""), table.contains("Tea in Busan"), table.contains("Coffee in Seoul"))
        };
        assert_eq!(page("/history?q=busan").await, (true, true, false));
        assert_eq!(page("/history").await, (false, true, true));
    }
}
