//! Bad input gets a clear 4xx and changes nothing; a bad provider becomes the right code.

use domain::connections::ProviderKind;
use fakes::{Dialect, Scenario};
use serde_json::json;
use store::calls::CallFilter;
use testkit::{Key, TestApp, both_databases};

both_databases! {
    async fn keys_that_are_none_cost_a_flat_401(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        for secret in ["", "x", "sk-purser-", "sk-purser-%00", &"k".repeat(8_000)] {
            let answer = Key::made_up(app, secret).get("/v1/models").await;
            assert_eq!(answer.status, 401, "{secret:.20}");
            assert_eq!(answer.json()["error"]["code"], "invalid_api_key");
        }
        let nobody = app.stranger();
        assert_eq!(nobody.get("/v1/models").await.status, 401);
        assert_eq!(nobody.get("/v1/models?api_key=x").await.status, 400);
    }

    async fn a_hostile_key_meets_the_same_flat_401_on_every_path(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let good = app.owner().await.key("laptop", None).await.secret;
        let stranger = app.stranger();
        let nearly = [&good[..good.len() - 1], &format!("{good}x"), &good.to_uppercase(), &good[1..], &good.replace("sk-", "sk_")].map(str::to_owned);
        let hostile = ["", " ", "null", "undefined", "' OR 1=1 --", "%00", "../../etc/passwd", "sk-purser-", "*", "sk-purser-%", "\u{e9}\u{e9}"].map(str::to_owned);
        let long = ["k".repeat(8_000), format!("sk-purser-{}", "A".repeat(8_000))];
        let question = json!({ "model": "demo", "messages": [{ "role": "user", "content": "x" }] }).to_string();
        let flat = Key::made_up(app, "x").get("/v1/models").await;
        assert_eq!(flat.status, 401);
        for secret in nearly.iter().chain(&hostile).chain(&long) {
            for header in ["authorization", "x-api-key", "api-key"] {
                for (method, path, body) in [
                    (http::Method::GET, "/v1/models", ""),
                    (http::Method::GET, "/v1/models/demo", ""),
                    (http::Method::GET, "/v1/models/no-such-model", ""),
                    (http::Method::GET, "/v1/no/such/path", ""),
                    (http::Method::POST, "/v1/chat/completions", question.as_str()),
                    (http::Method::POST, "/v1/chat/completions", "{"),
                    (http::Method::POST, "/v1/chat/completions", ""),
                ] {
                    let value = if header == "authorization" { format!("Bearer {secret}") } else { secret.clone() };
                    let request = stranger.request(method.clone(), path).header(header, value).body(body.to_owned());
                    let answer = stranger.send(request).await;
                    assert_eq!((answer.status, &answer.text), (401, &flat.text), "{method} {path} with {header}: {secret:.30}");
                }
            }
        }
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert!(calls.is_empty());
    }

    async fn every_header_meets_the_same_limits(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let key = app.owner().await.key_with(json!({ "name": "slow", "requests_per_minute": 3 })).await;
        let stranger = app.stranger();
        let mut statuses = Vec::new();
        for header in ["authorization", "x-api-key", "api-key", "authorization", "x-api-key", "api-key"] {
            let value = if header == "authorization" { format!("bearer {}", key.secret) } else { key.secret.clone() };
            let request = stranger
                .request(http::Method::POST, "/v1/chat/completions")
                .header(header, value)
                .json(&json!({ "model": "demo", "messages": [{ "role": "user", "content": "x" }] }));
            statuses.push(stranger.send(request).await.status);
        }
        assert_eq!(statuses, [200, 200, 200, 429, 429, 429]);
    }

    async fn every_header_leads_to_the_same_key_and_two_keys_are_refused(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let (one, other) = (ann.key("one", None).await, ann.key("other", None).await);
        let stranger = app.stranger();
        let asked = |headers: Vec<(&'static str, String)>| {
            let mut request = stranger.request(http::Method::GET, "/v1/models");
            for (name, value) in headers {
                request = request.header(name, value);
            }
            stranger.send(request)
        };
        let bearer = format!("Bearer {}", one.secret);
        assert_eq!(asked(vec![("authorization", bearer.clone())]).await.status, 200);
        assert_eq!(asked(vec![("x-api-key", one.secret.clone())]).await.status, 200);
        assert_eq!(asked(vec![("authorization", bearer.clone()), ("x-api-key", one.secret.clone())]).await.status, 200);
        assert_eq!(asked(vec![("authorization", bearer), ("x-api-key", other.secret)]).await.status, 400);
        assert_eq!(asked(vec![("authorization", format!("Basic {}", one.secret))]).await.status, 401);
    }

    async fn malformed_bodies_get_a_400_and_open_no_call(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let key = app.owner().await.key("laptop", None).await;
        for body in [
            "", "null", "[]", "{", "{}", r#"{"model":"demo"}"#,
            r#"{"model":"demo","messages":[]}"#,
            r#"{"model":"demo","messages":"hi"}"#,
            r#"{"model":"","messages":[{"role":"user","content":"x"}]}"#,
            r#"{"model":"de\u0000mo","messages":[{"role":"user","content":"x"}]}"#,
            r#"{"model":7,"messages":[{"role":"user","content":"x"}]}"#,
            r#"{"model":"demo","messages":[{"role":"wizard","content":"x"}]}"#,
            r#"{"model":"demo","messages":[{"role":"user","content":"x"}],"max_tokens":-1}"#,
            r#"{"model":"demo","messages":[{"role":"user","content":"x"}],"max_tokens":99999999999}"#,
            r#"{"model":"demo","messages":[{"role":"user","content":"x"}],"n":0}"#,
            r#"{"model":"demo","messages":[{"role":"user","content":"x"}],"max_tokens":1,"max_completion_tokens":2}"#,
        ] {
            let answer = key.chat_raw(body).await;
            assert_eq!(answer.status, 400, "{body}: {}", answer.text);
            assert!(answer.json()["error"]["message"].is_string(), "{body}");
        }
        let unknown = key.chat(json!({ "model": "nix", "messages": [{ "role": "user", "content": "x" }] })).await;
        assert_eq!((unknown.status, unknown.json()["error"]["code"].as_str().unwrap()), (404, "model_not_found"));
        assert_eq!(key.get("/v1/nothing/here").await.status, 404);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert!(calls.is_empty());
    }

    async fn a_failing_provider_becomes_the_right_code(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        for (scenario, status, code) in [
            ("rate_limited", 429, "provider_rate_limited"),
            ("overloaded", 503, "provider_overloaded"),
            ("server_error", 502, "provider_failed"),
            ("no_money", 502, "provider_out_of_quota"),
            ("bad_key", 502, "provider_refused_key"),
            ("ctx", 400, "context_length_exceeded"),
            ("html_error", 502, "provider_failed"),
            ("truncate", 502, "provider_unreachable"),
        ] {
            app.fake.enqueue(Dialect::OpenAi, Scenario::parse(scenario).unwrap());
            let stream = scenario == "truncate";
            let answer = key
                .chat(json!({
                    "model": "gpt-4o-mini",
                    "stream": stream,
                    "messages": [{ "role": "user", "content": "Hi" }],
                }))
                .await;
            if stream {
                assert_eq!(answer.status, 200);
                assert!(answer.text.contains(code) && !answer.text.contains("[DONE]"), "{}", answer.text);
            } else {
                assert_eq!(answer.status, status, "{scenario}: {}", answer.text);
                assert_eq!(answer.json()["error"]["code"], code, "{scenario}: {}", answer.text);
            }
            assert!(!answer.text.contains("sk-fake"), "{scenario}: {}", answer.text);
        }
    }
}
