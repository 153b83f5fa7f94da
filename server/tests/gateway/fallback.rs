//! When a connection fails before the first token, the next one answers; after it, never.

use domain::connections::ProviderKind;
use fakes::{Dialect, Ending, Scenario, Script};
use serde_json::json;
use store::calls::CallFilter;
use testkit::{TestApp, both_databases};

fn question(stream: bool) -> serde_json::Value {
    json!({
        "model": "gpt-4o-mini",
        "stream": stream,
        "messages": [{ "role": "user", "content": "Hi" }],
    })
}

both_databases! {
    async fn another_connection_answers_when_the_first_refuses(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "first").await;
        app.connect(ProviderKind::OpenAi, "second").await;
        let key = app.owner().await.key("laptop", None).await;
        for scenario in ["overloaded", "server_error", "first_frame_error"] {
            app.fake.enqueue(Dialect::OpenAi, Scenario::parse(scenario).unwrap());
            let answer = key.chat(question(scenario == "first_frame_error")).await;
            assert_eq!(answer.status, 200, "{scenario}: {}", answer.text);
            assert!(!answer.text.contains("\"error\""), "{scenario}: {}", answer.text);
        }
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert_eq!(calls.len(), 3, "a fallback is no second call");
        for call in calls {
            let attempts = app.services.store().call_attempt_list(call.id).await.unwrap();
            assert_eq!(attempts.len(), 2);
            assert_ne!(attempts[0].connection_id, attempts[1].connection_id);
        }
    }

    async fn after_the_first_token_nobody_else_is_asked(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "first").await;
        app.connect(ProviderKind::OpenAi, "second").await;
        let key = app.owner().await.key("laptop", None).await;
        let breaks_off = Script::text_chunks(["one ", "two ", "three ", "four "]).with_ending(Ending::Reset { after: 3 });
        app.fake.enqueue(Dialect::OpenAi, breaks_off);
        let answer = key.chat(question(true)).await;
        assert!(answer.text.contains("two ") && answer.text.contains("provider_unreachable"), "{}", answer.text);
        assert!(!answer.text.contains("[DONE]"));
        app.settle().await;
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        let attempts = app.services.store().call_attempt_list(calls[0].id).await.unwrap();
        assert_eq!(attempts.len(), 1);
        assert!(attempts[0].usage.output.unwrap() > 0, "what was delivered is booked");
    }

    async fn the_requests_own_fault_is_not_tried_elsewhere(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "first").await;
        app.connect(ProviderKind::OpenAi, "second").await;
        let key = app.owner().await.key("laptop", None).await;
        app.fake.clear();
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("ctx").unwrap());
        assert_eq!(key.chat(question(false)).await.status, 400);
        assert_eq!(app.fake.requests().len(), 1);
    }
}
