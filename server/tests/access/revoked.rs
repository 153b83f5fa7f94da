//! Every way to take access away ends every form of it.

use std::time::Duration;

use domain::connections::ProviderKind;
use domain::people::Role;
use fakes::{Dialect, Ending, Script};
use serde_json::json;
use testkit::{Answer, Person, TestApp, both_databases};

use super::instances::rest_of;
use crate::chats::live::{events, is};

const PASSWORD: &str = "correct horse battery";

/// How access is taken away, whether the browser that did it stays, and whether keys end too.
const WAYS: [(&str, bool, bool); 5] = [
    ("password", true, false),
    ("everywhere", true, false),
    ("reset", false, false),
    ("role", false, false),
    ("disable", false, true),
];

async fn take_away(way: &str, olga: &Person, ben: &Person) -> Answer {
    match way {
        "password" => {
            let change = json!({ "current": PASSWORD, "new": "battery staple horse" });
            ben.act("account/password", change).await
        }
        "everywhere" => ben.act("account/session_end", json!({ "id": null })).await,
        "reset" => olga.act("members/reset", json!({ "id": ben.id })).await,
        "role" => {
            let role = json!({ "id": ben.id, "role": "admin" });
            olga.act("members/role", role).await
        }
        _ => {
            let shut_out = json!({ "id": ben.id, "enabled": false });
            olga.act("members/enable", shut_out).await
        }
    }
}

both_databases! {
    async fn whatever_takes_access_away_ends_browsers_tabs_and_streams(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let olga = app.owner().await;
        for (way, stays, ends_keys) in WAYS {
            let ben = app.member(way, Role::Member).await;
            let second = app.stranger();
            assert_eq!(second.sign_in(&format!("{way}@example.org"), PASSWORD).await.status, 303);
            let key = ben.key("laptop", Some("5")).await;
            let endless = Script::text_chunks(["word "; 10]).with_ending(Ending::Hang { after: 8 });
            app.fake.enqueue(Dialect::OpenAi, endless);
            let question = json!({
                "model": "gpt-4o-mini", "stream": true, "max_completion_tokens": 50,
                "messages": [{ "role": "user", "content": "Hi" }],
            });
            let stream = key.start_chat(question).await;
            assert_eq!(stream.status(), 200, "{way}");
            let (seen, done) = tokio::join!(events(&second, None, is("signed_out")), async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                take_away(way, &olga, &ben).await
            });
            assert_eq!(done.status, 200, "{way}: {}", done.text);
            assert_eq!(seen.last().unwrap().1["event"], "signed_out", "{way}: the open tab is told and let go");
            assert_eq!(second.get("/").await.status, 303, "{way}");
            assert_eq!(second.act("chats/list", json!({ "cursor": null })).await.status, 401, "{way}");
            assert_eq!(second.get("/live").await.status, 401, "{way}");
            assert_eq!(ben.get("/").await.status, if stays { 200 } else { 303 }, "{way}");
            assert_eq!(key.get("/v1/models").await.status, if ends_keys { 401 } else { 200 }, "{way}");
            if ends_keys {
                let text = rest_of(stream).await;
                assert!(text.contains("invalid_api_key") && !text.contains("[DONE]"), "{way}: {text}");
            }
        }
    }

    async fn a_login_ends_after_ninety_days_however_busy_it_is(app: &TestApp) {
        let olga = app.owner().await;
        for _ in 0..9 {
            app.clock.advance(10 * 86_400_000 - 1_000);
            assert_eq!(olga.get("/").await.status, 200);
        }
        app.clock.advance(10_000);
        assert_eq!(olga.get("/").await.status, 303);
        assert_eq!(olga.act("chats/list", json!({ "cursor": null })).await.status, 401);
        assert_eq!(olga.get("/live").await.status, 401);
    }

    async fn a_key_revoked_under_load_lets_nobody_through_afterwards(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let key = olga.key("busy", None).await;
        let question = || json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] });
        let callers = (0..20).map(|_| async {
            for _ in 0..200 {
                match key.chat(question()).await.status {
                    200 => {}
                    401 => return true,
                    other => panic!("{other}"),
                }
            }
            false
        });
        let revoking = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!(olga.act("keys/revoke", json!({ "id": key.id })).await.status, 200);
            // Whoever begins now comes too late.
            for _ in 0..5 {
                assert_eq!(key.chat(question()).await.status, 401);
            }
        };
        let (ended, ()) = tokio::join!(futures::future::join_all(callers), revoking);
        assert_eq!(ended, [true; 20]);
    }
}
