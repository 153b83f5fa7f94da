//! Every argument of every server function and of the gateway, replaced by what nobody expects: the
//! answer is a clear one, never a 5xx, and the house stands.

use domain::connections::ProviderKind;
use domain::people::Role;
use serde_json::{Value, json};
use testkit::{TestApp, both_databases};

use super::matrix::{functions, things};

fn hostile() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(1e308),
        json!(""),
        // PostgreSQL takes no zero byte in a text.
        json!("a\u{0}b"),
        json!("%_\\'\";--"),
        json!("\u{202e}\u{feff}\r\n🦀"),
        json!("x".repeat(70_000)),
        json!([]),
        json!({ "a": 1 }),
        json!([null, [null], "x"]),
        deep,
    ]
}

/// Pointers to every value within, the whole excepted.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let at = format!("{at}/{name}");
        found.push(at.clone());
        places(value, &at, found);
    }
}

/// Every way to put one hostile value into one place.
fn spoiled(good: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    places(good, "", &mut found);
    let mut all = Vec::new();
    for place in found {
        for bad in hostile() {
            let mut value = good.clone();
            *value.pointer_mut(&place).unwrap() = bad;
            all.push(value);
        }
    }
    all
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(400).collect()
}

both_databases! {
    async fn no_argument_of_a_server_function_breaks_the_house(app: &TestApp) {
        let admin = app.owner().await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        for (name, (_, good)) in functions(&of) {
            for arguments in spoiled(&good) {
                // Both who may see the thing and who runs the house.
                for person in [&admin, &a] {
                    let answer = person.act(name, arguments.clone()).await;
                    assert!(
                        answer.status < 500,
                        "{name} with {}: {} {}", shown(&arguments), answer.status, answer.text
                    );
                    let asks_password = matches!(name, "account/password" | "sessions/prove");
                    assert!(asks_password || answer.status != 401, "{name} with {} ended a login", shown(&arguments));
                }
            }
        }
        app.settle().await;
        assert_eq!(admin.get("/health").await.status, 200);
    }

    async fn no_field_of_a_gateway_request_breaks_the_house(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.connect(ProviderKind::Anthropic, "claude").await;
        let models = app.owner().await.key("models", None).await.get("/v1/models").await.json();
        let claude = models["data"].as_array().unwrap().iter()
            .filter_map(|model| model["id"].as_str())
            .find(|id| id.starts_with("claude"))
            .unwrap()
            .to_owned();
        let key = app.member("anna", Role::Member).await.key("laptop", Some("5.00")).await;
        for model in ["demo", "gpt-4o-mini", &claude] {
            let good = json!({
                "model": model,
                "messages": [
                    { "role": "system", "content": "Be brief." },
                    { "role": "user", "content": [
                        { "type": "text", "text": "Hi" },
                        { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } },
                    ] },
                    { "role": "assistant", "content": null, "tool_calls": [
                        { "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{}" } },
                    ] },
                    { "role": "tool", "tool_call_id": "call_1", "content": "4" },
                ],
                "tools": [{ "type": "function", "function": { "name": "f", "parameters": { "type": "object" } } }],
                "tool_choice": "auto",
                "response_format": { "type": "text" },
                "max_completion_tokens": 20, "n": 1, "temperature": 1, "stop": ["x"], "stream": false,
                "metadata": { "a": "b" }, "user": "u",
            });
            for body in spoiled(&good) {
                let answer = key.chat(body.clone()).await;
                assert!(
                    answer.status < 500,
                    "{} with {}: {}", answer.status, shown(&body), answer.text
                );
            }
        }
        app.settle().await;
    }
}
