//! Budgets hold, also when two hundred ask at once.

use domain::connections::ProviderKind;
use fakes::{Dialect, Script, Usage};
use futures::future::join_all;
use serde_json::json;
use testkit::{TestApp, both_databases};

/// A model whose output costs 0.001 USD a token and whose input is free.
pub(super) async fn dear_output(app: &TestApp) {
    app.connect(ProviderKind::OpenAi, "openai").await;
    app.price(ProviderKind::OpenAi, "gpt-4o-mini", 0, 1_000_000_000_000)
        .await;
    app.fake
        .set_default(Dialect::OpenAi, Script::ok().with_usage(Usage::new(5, 100)));
}

pub(super) fn dime() -> serde_json::Value {
    json!({
        "model": "gpt-4o-mini",
        "max_completion_tokens": 100,
        "messages": [{ "role": "user", "content": "Hi" }],
    })
}

both_databases! {
    async fn of_two_hundred_dimes_at_once_exactly_ten_fit_a_dollar(app: &TestApp) {
        dear_output(app).await;
        let key = app.owner().await.key("race", Some("1.00")).await;
        let answers = join_all((0..200).map(|_| key.chat(dime()))).await;
        let admitted = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.status == 402).count();
        assert_eq!((admitted, refused), (10, 190));
        let one = answers.iter().find(|answer| answer.status == 402).unwrap();
        assert_eq!(one.json()["error"]["code"], "insufficient_quota");
        assert_eq!(one.header("x-should-retry"), "false");
        let reached = app.fake.requests().iter().filter(|sent| sent.path.ends_with("/completions")).count();
        assert_eq!(reached, 10, "a refused call never leaves the house");
    }

    async fn what_a_call_did_not_use_is_there_for_the_next(app: &TestApp) {
        dear_output(app).await;
        app.fake.set_default(Dialect::OpenAi, Script::ok().with_usage(Usage::new(5, 1)));
        let key = app.owner().await.key("thrifty", Some("0.101")).await;
        // The worst case needs the whole budget each time; each call uses a thousandth of a dollar.
        assert_eq!(key.chat(dime()).await.status, 200);
        assert_eq!(key.chat(dime()).await.status, 200);
        assert_eq!(key.chat(dime()).await.status, 402);
    }

    async fn a_refusal_names_the_largest_maximum_that_fits(app: &TestApp) {
        dear_output(app).await;
        let key = app.owner().await.key("small", Some("0.50")).await;
        let mut body = dime();
        body["max_completion_tokens"] = json!(5_000);
        let answer = key.chat(body).await;
        assert_eq!(answer.status, 402);
        let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("max_completion_tokens = 500 "), "{message}");
        let mut body = dime();
        body["max_completion_tokens"] = json!(500);
        assert_eq!(key.chat(body).await.status, 200);
    }

    async fn an_unpriced_model_is_refused_under_a_budget(app: &TestApp) {
        app.connect(ProviderKind::OpenAiCompatible, "local").await;
        let key = app.owner().await.key("budgeted", Some("1.00")).await;
        let models = key.get("/v1/models").await.json();
        let model = models["data"][0]["id"].as_str().unwrap().to_owned();
        let answer = key
            .chat(json!({ "model": model, "messages": [{ "role": "user", "content": "Hi" }] }))
            .await;
        assert_eq!((answer.status, answer.json()["error"]["code"].as_str().unwrap()), (403, "model_unpriced"));
    }

    async fn too_many_requests_a_minute_say_when_to_come_back(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let key = ann.key_with(json!({ "name": "slow", "requests_per_minute": 2 })).await;
        let ask = || key.chat(json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] }));
        let first = ask().await;
        assert_eq!((first.status, first.header("x-ratelimit-remaining-requests")), (200, "1"));
        assert_eq!(ask().await.status, 200);
        let third = ask().await;
        assert_eq!(third.status, 429);
        assert_eq!(third.header("retry-after"), "30");
        assert_eq!(third.json()["error"]["code"], "rate_limit_exceeded");
        app.clock.advance(30_000);
        assert_eq!(ask().await.status, 200);
    }
}
