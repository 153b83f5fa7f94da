//! An instance that was taken for dead while it lived: the estimate gives way to the truth.

use std::time::Duration;

use domain::calls::{CallState, Outcome, UsageSource};
use domain::connections::ProviderKind;
use domain::{NanoUsd, Timestamp};
use fakes::{Dialect, Ending, Script, Usage};
use serde_json::json;
use store::calls::{Call, CallFilter};
use testkit::{TestApp, both_databases};

fn stream(most: i64) -> serde_json::Value {
    json!({
        "model": "gpt-4o-mini",
        "stream": true,
        "max_completion_tokens": most,
        "messages": [{ "role": "user", "content": "Hi" }],
    })
}

async fn the_call(app: &TestApp) -> Call {
    let filter = CallFilter::default();
    let mut calls = app
        .services
        .store()
        .call_list(&filter, None, 2)
        .await
        .unwrap();
    assert_eq!(calls.len(), 1);
    calls.remove(0)
}

/// What the only limit's only window has spent.
async fn spent(app: &TestApp) -> i64 {
    let limits = app.services.store().limit_list().await.unwrap();
    let key = (limits[0].id, Timestamp(0));
    let windows = app
        .services
        .store()
        .limit_window_list(&[key])
        .await
        .unwrap();
    windows[&key].spent
}

both_databases! {
    async fn a_late_answer_replaces_the_estimate_of_a_recovery(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000_000, 2_000_000_000).await;
        let key = app.owner().await.key("laptop", Some("1.00")).await;
        app.fake.set_default(
            Dialect::OpenAi,
            Script::text_chunks(["word "; 8])
                .with_usage(Usage::new(31, 12))
                .with_chunk_delay(Duration::from_millis(150)),
        );
        let taken_for_dead = async {
            let instance = loop {
                if let Some(open) = app.services.store().open_call_list().await.unwrap().first() {
                    break open.instance_id;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            };
            app.services.recover(instance).await.unwrap();
            let booked = the_call(app).await;
            assert_eq!((booked.state, booked.outcome), (CallState::Settled, Some(Outcome::Interrupted)));
            assert_eq!(booked.usage_source, Some(UsageSource::Estimated));
            assert_eq!(spent(app).await, booked.charge.unwrap().0);
        };
        let (answer, ()) = tokio::join!(key.chat(stream(100)), taken_for_dead);
        assert!(answer.text.ends_with("data: [DONE]\n\n"), "the reader notices nothing: {}", answer.text);
        let call = the_call(app).await;
        assert_eq!((call.state, call.outcome), (CallState::Settled, Some(Outcome::Answered)));
        assert_eq!(call.usage_source, Some(UsageSource::Reported));
        assert_eq!((call.usage.input, call.usage.output), (Some(31), Some(12)));
        // 31 tokens at 1,000 nano-USD and 12 at 2,000.
        assert_eq!((call.cost, call.charge), (Some(NanoUsd(55_000)), Some(NanoUsd(55_000))));
        assert_eq!(spent(app).await, 55_000);
        let attempts = app.services.store().call_attempt_list(call.id).await.unwrap();
        assert_eq!(attempts.len(), 3, "the estimate, the same taken back, the truth");
        assert_eq!(attempts[0].cost.unwrap().0, -attempts[1].cost.unwrap().0);
    }

    async fn an_answer_that_goes_on_past_its_maximum_is_ended_and_booked(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 0, 1_000_000_000).await;
        let key = app.owner().await.key("laptop", Some("1.00")).await;
        app.fake.set_default(Dialect::OpenAi, Script::ending(Ending::Endless));
        let answer = key.chat(stream(10)).await;
        assert!(!answer.text.contains("[DONE]"), "{}", answer.text);
        assert!(answer.text.contains("past its output maximum"), "{}", answer.text);
        app.settle().await;
        let call = the_call(app).await;
        assert_eq!((call.state, call.outcome), (CallState::Failed, Some(Outcome::Server)));
        assert!(call.overrun, "more than was held is booked in full: {call:?}");
        assert_eq!(spent(app).await, call.charge.unwrap().0);
    }
}
