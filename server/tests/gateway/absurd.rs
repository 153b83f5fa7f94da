//! Numbers that cannot be: from a client, from an admin, from a provider. None becomes a credit, and
//! none breaks the books.

use domain::NanoUsd;
use domain::connections::ProviderKind;
use fakes::{Dialect, Script, Usage};
use serde_json::{Value, json};
use store::calls::CallFilter;
use testkit::{TestApp, both_databases};

const MODEL: &str = "gpt-4o-mini";

fn question() -> Value {
    json!({ "model": MODEL, "max_completion_tokens": 100, "messages": [{ "role": "user", "content": "Hi" }] })
}

both_databases! {
    async fn absurd_numbers_of_a_client_are_refused_before_anything_is_held(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 1_000_000_000).await;
        let olga = app.owner().await;
        let key = olga.key("laptop", Some("1.00")).await;
        for (field, value) in [
            ("max_completion_tokens", json!(i64::MAX)), ("max_completion_tokens", json!(-1)), ("max_completion_tokens", json!(0)),
            ("max_completion_tokens", json!(1e300)), ("max_completion_tokens", json!(1.5)), ("max_completion_tokens", json!("100")),
            ("max_tokens", json!(i64::MIN)), ("n", json!(-1)), ("n", json!(i64::MAX)), ("n", json!(1_000)),
        ] {
            let mut body = question();
            body[field] = value.clone();
            let answer = key.chat(body).await;
            assert_eq!(answer.status, 400, "{field} = {value}: {}", answer.text);
        }
        // The dearest that is allowed does not overflow, it is refused for its price.
        let mut dearest = question();
        dearest["max_completion_tokens"] = json!(10_000_000);
        dearest["n"] = json!(128);
        assert_eq!(key.chat(dearest).await.status, 402);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert!(calls.iter().all(|call| call.cost.is_none_or(|cost| cost == NanoUsd::ZERO)), "{calls:?}");
        assert_eq!(key.chat(question()).await.status, 200, "the whole budget is still there");
    }

    async fn a_whole_number_counts_however_json_spells_it(app: &TestApp) {
        // A provider that reads the client's own JSON may think otherwise.
        app.connect(ProviderKind::Demo, "demo").await;
        let key = app.owner().await.key("laptop", None).await;
        for (field, value) in [("max_completion_tokens", json!(100.0)), ("max_tokens", json!(7.0)), ("n", json!(1.0)), ("n", Value::Null)] {
            let mut body = json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] });
            body[field] = value.clone();
            let answer = key.chat(body).await;
            assert_eq!(answer.status, 200, "{field} = {value}: {}", answer.text);
        }
    }

    async fn absurd_amounts_of_an_admin_are_refused(app: &TestApp) {
        let there = app.connect(ProviderKind::OpenAi, "openai").await;
        let olga = app.owner().await;
        for amount in [json!(-1), json!(i64::MIN), json!(1.5), json!(1e300), json!("1"), json!("NaN"), json!("Infinity")] {
            let limit = json!({
                "scope_kind": "house", "scope_id": "00000000-0000-0000-0000-000000000000", "door": null, "model": null,
                "unit": "money", "window": "month", "zone": null, "ceiling": amount, "hard": true,
            });
            let made = olga.act("limits/create", json!({ "new": limit })).await;
            assert!((400..500).contains(&made.status), "a ceiling of {amount}: {}", made.text);
            let new = json!({
                "name": "k", "models": [], "budget": amount, "budget_window": "total",
                "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null,
            });
            let made = olga.act("keys/create", json!({ "new": new })).await;
            assert!((400..500).contains(&made.status), "a budget of {amount}: {}", made.text);
        }
        for amount in ["-1", "-0.0001", "1e300", "NaN", "Infinity", "", "1,5", "0x10", "99999999999999999999", "1.2.3"] {
            for field in ["input", "output"] {
                let mut price = json!({ "price": "per_million", "input": "1", "cached_input": "", "output": "1" });
                price[field] = json!(amount);
                let set = olga.act("prices/set", json!({ "connection": there, "kind": "openai", "model": MODEL, "price": price })).await;
                assert_eq!(set.status, 422, "{field} of {amount}: {}", set.text);
            }
        }
        for days in [json!(-1), json!(0), json!(i64::MAX), json!(1e300)] {
            let new = json!({
                "name": "k", "models": [], "budget": null, "budget_window": "total",
                "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": days,
            });
            let made = olga.act("keys/create", json!({ "new": new })).await;
            assert!((400..500).contains(&made.status), "{days} days: {}", made.text);
        }
    }

    async fn absurd_counts_of_a_provider_are_never_a_credit(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, MODEL, 1_000_000_000, 1_000_000_000).await;
        let key = app.owner().await.key("laptop", Some("1000000")).await;
        let completion = |usage: Value| {
            let body = json!({
                "id": "x", "object": "chat.completion", "created": 1, "model": MODEL,
                "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Hello" }, "finish_reason": "stop" }],
                "usage": usage,
            });
            Script::status(200, body.to_string())
        };
        for usage in [
            json!({ "prompt_tokens": -5, "completion_tokens": -1_000_000, "total_tokens": -1 }),
            json!({ "prompt_tokens": i64::MAX, "completion_tokens": i64::MAX, "total_tokens": i64::MAX }),
            json!({ "prompt_tokens": u64::MAX, "completion_tokens": u64::MAX }),
            json!({ "prompt_tokens": 1e300, "completion_tokens": -1e300 }),
            json!({ "prompt_tokens": 5, "completion_tokens": 5, "prompt_tokens_details": { "cached_tokens": i64::MAX } }),
            json!({ "prompt_tokens": 5, "completion_tokens": 5, "cost": -1.0 }),
            json!({ "prompt_tokens": 5, "completion_tokens": 5, "cost": 1e300 }),
            json!({ "prompt_tokens": "NaN", "completion_tokens": null }),
            json!("lots"),
        ] {
            app.fake.enqueue(Dialect::OpenAi, completion(usage.clone()));
            let answer = key.chat(question()).await;
            assert!(answer.status < 500 || answer.status == 502, "{usage}: {} {}", answer.status, answer.text);
        }
        app.fake.enqueue(Dialect::OpenAi, Script::ok().with_usage(Usage::new(u64::MAX, u64::MAX)));
        let mut streamed = question();
        streamed["stream"] = json!(true);
        key.chat(streamed).await;
        app.settle().await;
        let calls = app.services.store().call_list(&CallFilter::default(), None, 100).await.unwrap();
        assert!(calls.len() >= 10);
        for call in calls {
            assert!(call.cost.is_none_or(|cost| cost >= NanoUsd::ZERO), "{call:?}");
            assert!(call.charge.is_none_or(|charge| charge >= NanoUsd::ZERO), "{call:?}");
        }
    }
}
