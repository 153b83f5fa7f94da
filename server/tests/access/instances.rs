//! What is taken away at one instance of the house is gone at every other.

use std::time::Duration;

use domain::calls::Outcome;
use domain::connections::ProviderKind;
use domain::people::Role;
use fakes::{Dialect, Ending, Script};
use futures::StreamExt;
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Key, Person, TestApp, eventually, two_instances};

use crate::chats::live::{events, is};

/// Waits until a key meets this status at its instance. The watch looks twice a second.
async fn meets(key: &Key, status: u16) {
    eventually(10, "the key is known for what it is", || async {
        (key.get("/v1/models").await.status == status).then_some(())
    })
    .await;
}

/// Waits until a browser is let in, or sent away.
async fn finds(person: &Person, status: u16) {
    eventually(10, "the member is known for who they are", || async {
        (person.get("/").await.status == status).then_some(())
    })
    .await;
}

/// Reads a stream to its end.
pub(super) async fn rest_of(stream: reqwest::Response) -> String {
    let mut body = stream.bytes_stream();
    let mut text = String::new();
    let reading = async {
        while let Some(Ok(bytes)) = body.next().await {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    };
    // A guard against waiting for ever, not a measure of speed.
    let ended = tokio::time::timeout(Duration::from_secs(20), reading).await;
    assert!(ended.is_ok(), "the stream goes on: {text}");
    text
}

two_instances! {
    async fn a_key_revoked_at_one_instance_is_refused_at_the_other(one: &TestApp, two: &TestApp) {
        one.connect(ProviderKind::Demo, "demo").await;
        let olga = one.owner().await;
        let key = olga.key("laptop", None).await;
        let there = key.on(two);
        meets(&there, 200).await;
        assert_eq!(olga.act("keys/revoke", json!({ "id": key.id })).await.status, 200);
        assert_eq!(key.get("/v1/models").await.status, 401, "here at once");
        meets(&there, 401).await;
        let question = json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] });
        assert_eq!(there.chat(question).await.status, 401);
    }

    async fn a_member_shut_out_at_one_instance_is_out_at_the_other(one: &TestApp, two: &TestApp) {
        let olga = one.owner().await;
        let ben = one.member("ben", Role::Member).await;
        let (ben_there, key_there) = (ben.on(two), ben.key("laptop", None).await.on(two));
        finds(&ben_there, 200).await;
        meets(&key_there, 200).await;
        let (seen, shut_out) = tokio::join!(events(&ben_there, None, is("signed_out")), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            olga.act("members/enable", json!({ "id": ben.id, "enabled": false })).await
        });
        assert_eq!(shut_out.status, 200, "{}", shut_out.text);
        assert_eq!(seen.last().unwrap().1["event"], "signed_out", "the open tab is told and let go");
        finds(&ben_there, 303).await;
        meets(&key_there, 401).await;
        assert_eq!(ben_there.act("chats/list", json!({ "cursor": null })).await.status, 401);
        let back = ben_there.sign_in("ben@example.org", "correct horse battery").await;
        assert_eq!(back.status, 401);
    }

    async fn a_role_taken_away_at_one_instance_is_gone_at_the_other(one: &TestApp, two: &TestApp) {
        let olga = one.owner().await;
        let amy = one.member("amy", Role::Admin).await;
        let there = amy.on(two);
        eventually(10, "the other instance knows the admin", || async {
            (there.act("members/list", json!({})).await.status == 200).then_some(())
        })
        .await;
        assert_eq!(olga.act("members/role", json!({ "id": amy.id, "role": "member" })).await.status, 200);
        // Her logins ended with the role; a new one has the new role, and never the old one for long.
        assert_eq!(there.act("members/list", json!({})).await.status, 401);
        assert_eq!(there.sign_in("amy@example.org", "correct horse battery").await.status, 303);
        eventually(10, "the other instance knows the new role", || async {
            (there.act("members/list", json!({})).await.status == 403).then_some(())
        })
        .await;
    }

    async fn a_changed_password_ends_the_tabs_at_the_other_instance(one: &TestApp, two: &TestApp) {
        let olga = one.owner().await;
        let elsewhere = one.stranger();
        assert_eq!(elsewhere.sign_in("olga@example.org", "correct horse battery").await.status, 303);
        let there = elsewhere.on(two);
        finds(&there, 200).await;
        let (seen, changed) = tokio::join!(events(&there, None, is("signed_out")), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let change = json!({ "current": "correct horse battery", "new": "battery staple horse" });
            olga.act("account/password", change).await
        });
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(seen.last().unwrap().1["event"], "signed_out");
        assert_eq!(there.get("/").await.status, 303);
        assert_eq!(olga.get("/").await.status, 200, "who changed it stays");
    }

    async fn a_running_stream_ends_with_its_key_also_at_the_other_instance(one: &TestApp, two: &TestApp) {
        one.connect(ProviderKind::OpenAi, "openai").await;
        let olga = one.owner().await;
        let ben = one.member("ben", Role::Member).await;
        let (revoked, shut_out) = (olga.key("laptop", Some("5")).await, ben.key("laptop", Some("5")).await);
        meets(&shut_out.on(two), 200).await;
        let mut streams = Vec::new();
        for key in [&revoked, &shut_out] {
            for door in [one, two] {
                let endless = Script::text_chunks(["word "; 10]).with_ending(Ending::Hang { after: 8 });
                one.fake.enqueue(Dialect::OpenAi, endless);
                let question = json!({
                    "model": "gpt-4o-mini", "stream": true, "max_completion_tokens": 50,
                    "messages": [{ "role": "user", "content": "Hi" }],
                });
                let stream = key.on(door).start_chat(question).await;
                assert_eq!(stream.status(), 200);
                streams.push(stream);
            }
        }
        assert_eq!(olga.act("keys/revoke", json!({ "id": revoked.id })).await.status, 200);
        assert_eq!(olga.act("members/enable", json!({ "id": ben.id, "enabled": false })).await.status, 200);
        for stream in streams {
            let text = rest_of(stream).await;
            assert!(text.contains("word "), "{text}");
            assert!(text.contains("invalid_api_key") && !text.contains("[DONE]"), "{text}");
        }
        one.settle().await;
        let calls = one.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert_eq!(calls.len(), 4);
        for call in calls {
            assert_eq!(call.outcome, Some(Outcome::Stopped));
            assert!(call.usage.output.unwrap() > 0, "what was delivered is charged");
        }
        let gone = one.fake.wait_for_disconnects(4).await;
        assert_eq!(gone.iter().filter(|sent| sent.disconnected).count(), 4, "the provider is left alone");
    }
}
