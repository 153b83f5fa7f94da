//! OpenAI's dialect.

use fakes::{Dialect, ErrorKind, Fake, Script, Usage, UsagePlace, count_tokens};
use serde_json::{Value, json};

use crate::wire::{self, Answer, ask, send, spoken};

const KEY: (&str, &str) = ("authorization", "Bearer sk-fake-1");

async fn chat(fake: &Fake, body: Value) -> Answer {
    let url = format!("{}/chat/completions", fake.url(Dialect::OpenAi));
    send("POST", &url, &[KEY], &body.to_string()).await
}

async fn get(fake: &Fake, path: &str) -> Answer {
    send(
        "GET",
        &format!("{}{path}", fake.url(Dialect::OpenAi)),
        &[KEY],
        "",
    )
    .await
}

#[tokio::test]
async fn a_stream_has_the_original_shape() {
    let fake = Fake::start().await.unwrap();
    let answer = ask(&fake, Dialect::OpenAi).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-ratelimit-reset-tokens"), Some("1m12s"));
    assert_eq!(answer.header("x-request-id"), Some("req_fake1"));
    assert!(answer.text().ends_with("data: [DONE]\n\n"));

    let events = answer.events();
    let first = &events[0];
    assert_eq!(first["object"], "chat.completion.chunk");
    assert_eq!(first["created"], 1_790_000_000);
    assert_eq!(
        first["choices"][0]["delta"],
        json!({"role": "assistant", "content": "", "refusal": null})
    );
    assert!(first["usage"].is_null() && first.get("usage").is_some());
    assert!(first["obfuscation"].is_string());

    let [.., finish, usage] = events.as_slice() else {
        panic!()
    };
    assert_eq!(finish["choices"][0]["finish_reason"], "stop");
    assert_eq!(usage["choices"], json!([]));
    let text = spoken(Dialect::OpenAi, &events);
    assert!(text.starts_with("You said: hello there fake\n\n"));
    assert!(text.contains('é') && text.contains('🦀') && text.contains("```rust"));
    assert_eq!(usage["usage"]["prompt_tokens"], 3);
    assert_eq!(usage["usage"]["completion_tokens"], count_tokens(&text));
    assert_eq!(
        usage["usage"]["completion_tokens_details"]["reasoning_tokens"],
        0
    );
    // Role, eight pieces, finish, usage.
    assert_eq!(events.len(), 11);
}

#[tokio::test]
async fn usage_and_obfuscation_are_opt_in_and_opt_out() {
    let fake = Fake::start().await.unwrap();
    let messages = json!([{"role": "user", "content": "hi"}]);
    let body = json!({"model": "gpt-6-luna", "stream": true, "messages": messages});
    for event in chat(&fake, body).await.events() {
        assert!(event.get("usage").is_none());
        assert!(event.get("obfuscation").is_some());
    }
    let body = json!({
        "model": "gpt-6-luna", "stream": true, "messages": messages,
        "stream_options": {"include_obfuscation": false},
    });
    for event in chat(&fake, body).await.events() {
        assert!(event.get("obfuscation").is_none());
    }
}

#[tokio::test]
async fn a_whole_answer_says_what_the_stream_says() {
    let fake = Fake::start().await.unwrap();
    let streamed = spoken(Dialect::OpenAi, &ask(&fake, Dialect::OpenAi).await.events());
    let body = json!({
        "model": "gpt-6-luna", "n": 2,
        "messages": [{"role": "user", "content": "hello there fake"}],
    });
    let whole = chat(&fake, body).await.json();
    assert_eq!(whole["object"], "chat.completion");
    assert_eq!(whole["choices"][0]["message"]["content"], streamed);
    assert_eq!(whole["choices"][1]["index"], 1);
    assert_eq!(
        whole["usage"]["completion_tokens"],
        2 * count_tokens(&streamed)
    );
}

#[tokio::test]
async fn choices_are_interleaved() {
    let fake = Fake::start().await.unwrap();
    fake.enqueue(Dialect::OpenAi, Script::text_chunks(["a ", "b"]));
    let body = json!({
        "model": "gpt-6-luna", "n": 2, "stream": true,
        "messages": [{"role": "user", "content": "x"}],
    });
    let events = chat(&fake, body).await.events();
    let indexes: Vec<_> = events
        .iter()
        .map(|e| e["choices"][0]["index"].as_u64().unwrap())
        .collect();
    assert_eq!(indexes, [0, 1, 0, 1, 0, 1, 0, 1]);
}

#[tokio::test]
async fn parallel_tool_calls_interleave_by_index() {
    let fake = Fake::start().await.unwrap();
    let script = Script::ok()
        .with_tool_call("weather", r#"{"city":"Zürich","days":3}"#)
        .with_tool_call("clock", r#"{"zone":"Europe/Zurich"}"#);
    fake.enqueue(Dialect::OpenAi, script.clone());
    let events = ask(&fake, Dialect::OpenAi).await.events();
    let mut arguments = [String::new(), String::new()];
    let mut order = Vec::new();
    for event in &events {
        let call = &event["choices"][0]["delta"]["tool_calls"][0];
        let Some(index) = call["index"].as_u64() else {
            continue;
        };
        order.push(index);
        arguments[usize::try_from(index).unwrap()] +=
            call["function"]["arguments"].as_str().unwrap();
    }
    assert_eq!(order[..6], [0, 1, 0, 1, 0, 1]);
    assert_eq!(arguments[0], r#"{"city":"Zürich","days":3}"#);
    assert_eq!(arguments[1], r#"{"zone":"Europe/Zurich"}"#);
    let finish = &events[events.len() - 2]["choices"][0];
    assert_eq!(finish["finish_reason"], "tool_calls");

    fake.enqueue(Dialect::OpenAi, script);
    let body = json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": "x"}]});
    let message = &chat(&fake, body).await.json()["choices"][0]["message"];
    assert!(message["content"].is_null());
    assert_eq!(message["tool_calls"][1]["id"], "call_fake2");
}

#[tokio::test]
async fn images_json_titles_and_limits_are_understood() {
    let fake = Fake::start().await.unwrap();
    let say = async |extra: Value, messages: Value| {
        let mut body = json!({"model": "gpt-4o-mini", "messages": messages});
        body.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        let mut answer = chat(&fake, body).await.json();
        answer["choices"][0].take()
    };
    let parts = json!([{"role": "user", "content": [
        {"type": "text", "text": "what is this"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
    ]}]);
    let seen = say(json!({}), parts).await;
    assert!(
        seen["message"]["content"]
            .as_str()
            .unwrap()
            .contains("Images seen: 1.")
    );

    let question = json!([{"role": "user", "content": "one \"two\" three"}]);
    let object = say(
        json!({"response_format": {"type": "json_object"}}),
        question.clone(),
    )
    .await;
    let object: Value =
        serde_json::from_str(object["message"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(object["reply"], "one \"two\" three");

    let cut = say(json!({"max_tokens": 2}), question).await;
    assert_eq!(cut["message"]["content"], "You said:");
    assert_eq!(cut["finish_reason"], "length");

    let title = say(
        json!({}),
        json!([
            {"role": "system", "content": "Write a short Title."},
            {"role": "user", "content": "How do I bake bread, please?"},
        ]),
    )
    .await;
    assert_eq!(title["message"]["content"], "Notes on How do I bake");
}

#[tokio::test]
async fn keys_and_requests_are_checked() {
    let fake = Fake::start().await.unwrap();
    let url = format!("{}/chat/completions", fake.url(Dialect::OpenAi));
    let missing = send("POST", &url, &[], "{}").await;
    assert_eq!(missing.status, 401);
    assert!(missing.json()["error"]["code"].is_null());
    let bad = send(
        "POST",
        &url,
        &[("authorization", "Bearer sk-proj-real-looking-key")],
        "{}",
    )
    .await;
    assert_eq!(bad.status, 401);
    assert_eq!(bad.json()["error"]["code"], "invalid_api_key");
    let message = bad.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("sk-proj-***") && !message.contains("looking"));

    let user = json!([{"role": "user", "content": "x"}]);
    let cases = [
        (json!({"messages": user}), 400, Value::Null),
        (
            json!({"model": "gpt-6-luna"}),
            400,
            "missing_required_parameter".into(),
        ),
        (
            json!({"model": "gpt-6-luna", "messages": user, "max_tokens": 5}),
            400,
            "unsupported_parameter".into(),
        ),
        (
            json!({"model": "gpt-nowhere", "messages": user}),
            404,
            "model_not_found".into(),
        ),
        (
            json!({"model": "text-embedding-3-small", "messages": user}),
            404,
            Value::Null,
        ),
        (json!("nonsense"), 400, Value::Null),
    ];
    for (body, status, code) in cases {
        let answer = chat(&fake, body.clone()).await;
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(answer.json()["error"]["code"], code, "{body}");
    }
}

#[tokio::test]
async fn errors_carry_the_original_status_and_code() {
    let fake = Fake::start().await.unwrap();
    let cases = [
        (ErrorKind::NoMoney, 429, "insufficient_quota"),
        (
            ErrorKind::SpendLimit,
            429,
            "organization_spend_limit_exceeded",
        ),
        (ErrorKind::RateLimited, 429, "rate_limit_exceeded"),
        (ErrorKind::Ramp, 429, "slow_down"),
        (ErrorKind::Overloaded, 503, "server_is_overloaded"),
        (ErrorKind::ContextLength, 400, "context_length_exceeded"),
    ];
    for (kind, status, code) in cases {
        fake.enqueue(Dialect::OpenAi, Script::error(kind));
        let answer = ask(&fake, Dialect::OpenAi).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.json()["error"]["code"], code);
    }
}

#[tokio::test]
async fn the_model_list_has_strangers_in_it() {
    let fake = Fake::start().await.unwrap();
    let list = get(&fake, "/models").await.json();
    let ids: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap())
        .collect();
    for id in [
        "gpt-6-luna",
        "gpt-6-sol",
        "gpt-4o-mini",
        "gpt-unheard-1",
        "text-embedding-3-small",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
    let one = get(&fake, "/models/gpt-4o-mini").await.json();
    assert_eq!(one["shutdown_date"], "2027-01-14");
    assert_eq!(get(&fake, "/models/nothing").await.status, 404);
    assert_eq!(get(&fake, "/elsewhere").await.status, 404);
}

#[tokio::test]
async fn a_script_decides_the_numbers() {
    let fake = Fake::start().await.unwrap();
    let usage = Usage {
        input: 31,
        cached: 16,
        cache_write: 2,
        output: 12,
        reasoning: 4,
    };
    fake.enqueue(Dialect::OpenAi, Script::text("short").with_usage(usage));
    let events = ask(&fake, Dialect::OpenAi).await.events();
    let told = &events.last().unwrap()["usage"];
    assert_eq!(told["total_tokens"], 43);
    assert_eq!(told["prompt_tokens_details"]["cached_tokens"], 16);
    assert_eq!(told["prompt_tokens_details"]["cache_write_tokens"], 2);
    assert_eq!(told["completion_tokens_details"]["reasoning_tokens"], 4);

    let grows =
        Script::text_chunks(["one ", "two ", "three"]).with_usage_place(UsagePlace::EveryChunk);
    fake.enqueue(Dialect::OpenAi, grows);
    let events = wire::ask(&fake, Dialect::OpenAi).await.events();
    let outputs: Vec<_> = events
        .iter()
        .map(|e| e["usage"]["completion_tokens"].as_u64().unwrap())
        .collect();
    assert_eq!(outputs, [0, 1, 2, 3, 3]);
}
