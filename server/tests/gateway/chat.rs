//! A program asks, a provider answers, and every nano-dollar is booked.

use domain::NanoUsd;
use domain::calls::{CallState, Door, UsageSource};
use domain::connections::ProviderKind;
use domain::prices::PriceState;
use fakes::{Dialect, Script, Usage};
use serde_json::json;
use store::calls::CallFilter;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn a_call_is_answered_and_booked_to_the_nano_dollar(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        // 2 USD a million in, 10 USD a million out.
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 2_000_000_000, 10_000_000_000).await;
        let ann = app.owner().await;
        let key = ann.key("laptop", Some("1.00")).await;
        app.fake.enqueue(Dialect::OpenAi, Script::ok().with_usage(Usage::new(31, 12)));
        let answer = key
            .chat(json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] }))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let body = answer.json();
        assert_eq!(body["object"], "chat.completion");
        assert_eq!(body["usage"]["prompt_tokens"], 31);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        let call = &calls[0];
        assert_eq!(calls.len(), 1);
        assert_eq!(call.id.to_string(), answer.header("x-purser-call-id"));
        assert_eq!((call.door, call.state), (Door::Gateway, CallState::Settled));
        assert_eq!((call.usage.input, call.usage.output), (Some(31), Some(12)));
        assert_eq!(call.usage_source, Some(UsageSource::Reported));
        assert_eq!(call.cost, Some(NanoUsd(31 * 2_000 + 12 * 10_000)));
        assert_eq!(call.charge, call.cost);
        assert!(!call.overrun && call.hold >= call.cost.unwrap());
    }

    async fn a_client_of_the_same_dialect_gets_the_providers_own_bytes(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        let question = json!({
            "model": "gpt-4o-mini",
            "messages": [{ "role": "user", "content": "Hi" }],
            "temperature": 0.25,
            "seed": 7,
            "metadata": { "kept": "as it is" },
        });
        let answer = key.chat(question).await;
        assert_eq!(answer.status, 200);
        let sent = app.fake.wait_for_requests(1).await.pop().unwrap();
        let sent = app.fake.requests().into_iter().rfind(|request| request.path.ends_with("/completions")).unwrap_or(sent);
        let body = sent.json();
        assert_eq!(body["metadata"]["kept"], "as it is");
        assert_eq!(body["temperature"], 0.25);
        assert_eq!(body["seed"], 7);
        assert!(body.get("max_completion_tokens").is_none(), "nothing is injected without a money limit");
        assert!(!answer.json()["system_fingerprint"].is_null());
    }

    async fn a_request_without_a_maximum_gets_the_houses_where_a_budget_applies(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000, 1_000_000).await;
        let key = app.owner().await.key("laptop", Some("1.00")).await;
        let answer = key
            .chat(json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] }))
            .await;
        assert_eq!(answer.header("x-purser-max-output"), "8192");
        let sent = app.fake.requests().into_iter().rfind(|request| request.path.ends_with("/completions")).unwrap();
        assert_eq!(sent.json()["max_completion_tokens"], 8192);
    }

    async fn a_free_model_costs_nothing_and_an_unpriced_one_is_in_plain_sight(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        app.connect(ProviderKind::OpenAiCompatible, "local").await;
        let key = app.owner().await.key("laptop", None).await;
        let ask = |model: &'static str| {
            key.chat(json!({ "model": model, "messages": [{ "role": "user", "content": "Hi" }] }))
        };
        assert_eq!(ask("demo").await.status, 200);
        let models = key.get("/v1/models").await.json();
        let local = models["data"].as_array().unwrap().iter().find(|model| model["owned_by"] == "openai-compatible").unwrap();
        let local = local["id"].as_str().unwrap().to_owned();
        let answer = key
            .chat(json!({ "model": local, "messages": [{ "role": "user", "content": "Hi" }] }))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        let states: Vec<_> = calls.iter().map(|call| (call.price_state, call.cost)).collect();
        assert_eq!(states, [(PriceState::Unpriced, None), (PriceState::Free, Some(NanoUsd::ZERO))]);
    }
}
