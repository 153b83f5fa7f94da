//! Anthropic's dialect.

use fakes::{DeltaUsage, Dialect, ErrorKind, Fake, Script, Usage, UsagePlace, count_tokens};
use serde_json::{Value, json};

use crate::wire::{Answer, ask, ask_as, send, spoken};

const DIALECT: Dialect = Dialect::Anthropic;
const HEADERS: &[(&str, &str)] = &[
    ("x-api-key", "sk-ant-fake"),
    ("anthropic-version", "2023-06-01"),
];

async fn post(fake: &Fake, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
    send(
        "POST",
        &format!("{}{path}", fake.url(DIALECT)),
        headers,
        &body.to_string(),
    )
    .await
}

async fn get(fake: &Fake, path: &str) -> Answer {
    send("GET", &format!("{}{path}", fake.url(DIALECT)), HEADERS, "").await
}

fn hello() -> Value {
    json!({
        "model": "claude-haiku-5-5", "max_tokens": 4096, "system": "be nice",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hello there"}]}],
    })
}

/// Event names, deltas with their kind, repetitions folded.
fn sequence(answer: &Answer) -> Vec<String> {
    let mut names: Vec<String> = answer
        .named_events()
        .iter()
        .zip(answer.events())
        .map(|((name, _), data)| {
            assert_eq!(data["type"], name.as_str());
            let kind = data["delta"]["type"]
                .as_str()
                .or(data["content_block"]["type"].as_str());
            kind.map_or(name.clone(), |kind| format!("{name} {kind}"))
        })
        .collect();
    names.dedup();
    names
}

#[tokio::test]
async fn a_stream_has_the_full_event_sequence() {
    let fake = Fake::start().await.unwrap();
    let script = Script::text("the answer")
        .with_reasoning("a short thought")
        .with_tool_call("lookup", r#"{"q": "é"}"#)
        .with_tool_call("now", "{}");
    fake.enqueue(DIALECT, script);
    let answer = ask(&fake, DIALECT).await;
    assert_eq!(
        sequence(&answer),
        [
            "message_start",
            "content_block_start thinking",
            "ping",
            "content_block_delta thinking_delta",
            "content_block_delta signature_delta",
            "content_block_stop",
            "content_block_start text",
            "content_block_delta text_delta",
            "content_block_stop",
            "content_block_start tool_use",
            "content_block_delta input_json_delta",
            "content_block_stop",
            "content_block_start tool_use",
            "content_block_delta input_json_delta",
            "content_block_stop",
            "message_delta",
            "message_stop",
        ]
    );
    let text = answer.text();
    assert!(text.contains(r#"{"type": "ping"}"#));
    assert!(text.contains("   }\n"), "some deltas are padded");
    assert!(!text.contains("[DONE]"));
    let events = answer.events();
    let json: String = events
        .iter()
        .filter(|event| event["index"] == 2)
        .filter_map(|event| event["delta"]["partial_json"].as_str())
        .collect();
    assert_eq!(json, r#"{"q": "é"}"#);
    let delta = &events[events.len() - 2];
    assert_eq!(delta["delta"]["stop_reason"], "tool_use");
    assert_eq!(
        delta["usage"]["output_tokens_details"]["thinking_tokens"],
        3
    );
}

#[tokio::test]
async fn the_three_input_counts_exclude_each_other() {
    let fake = Fake::start().await.unwrap();
    let usage = Usage {
        input: 2000,
        cached: 1800,
        cache_write: 100,
        output: 88,
        reasoning: 40,
    };
    fake.enqueue(DIALECT, Script::ok().with_usage(usage));
    let events = ask(&fake, DIALECT).await.events();
    let start = &events[0]["message"]["usage"];
    assert_eq!(start["input_tokens"], 100);
    assert_eq!(start["cache_read_input_tokens"], 1800);
    assert_eq!(start["cache_creation_input_tokens"], 100);
    assert_eq!(start["cache_creation"]["ephemeral_5m_input_tokens"], 100);
    assert_eq!(start["output_tokens"], 1);
    assert_eq!(events[events.len() - 2]["usage"]["output_tokens"], 88);
}

#[tokio::test]
async fn message_delta_varies() {
    let fake = Fake::start().await.unwrap();
    fake.enqueue(
        DIALECT,
        Script::ok().with_delta_usage(DeltaUsage::OutputOnly),
    );
    let events = ask(&fake, DIALECT).await.events();
    let usage = events[events.len() - 2]["usage"].as_object().unwrap();
    assert_eq!(usage.keys().collect::<Vec<_>>(), ["output_tokens"]);

    fake.enqueue(
        DIALECT,
        Script::ok().with_delta_usage(DeltaUsage::RaisesInput(500)),
    );
    let events = ask(&fake, DIALECT).await.events();
    assert_eq!(events[0]["message"]["usage"]["input_tokens"], 3);
    assert_eq!(events[events.len() - 2]["usage"]["input_tokens"], 503);

    fake.enqueue(DIALECT, Script::ok().with_usage_place(UsagePlace::Nowhere));
    let answer = ask(&fake, DIALECT).await;
    assert!(!answer.text().contains("usage"));
}

#[tokio::test]
async fn a_spliced_retry_starts_twice() {
    let fake = Fake::start().await.unwrap();
    fake.enqueue(
        DIALECT,
        Script::text_chunks(["one ", "two"]).with_duplicate_start(),
    );
    let answer = ask(&fake, DIALECT).await;
    let starts = answer
        .named_events()
        .iter()
        .filter(|(name, _)| name == "message_start")
        .count();
    assert_eq!(starts, 2);
    assert_eq!(spoken(DIALECT, &answer.events()), "one one two");
    assert_eq!(fake.counters(DIALECT).sent.output, 2);
}

#[tokio::test]
async fn thinking_can_be_asked_for() {
    let fake = Fake::start().await.unwrap();
    let mut body = hello();
    body["thinking"] = json!({"type": "adaptive"});
    let answer = post(&fake, "/v1/messages", HEADERS, body).await.json();
    assert_eq!(answer["content"][0]["type"], "thinking");
    assert!(answer["content"][0]["signature"].is_string());
    let thought = count_tokens(answer["content"][0]["thinking"].as_str().unwrap());
    let text = count_tokens(answer["content"][1]["text"].as_str().unwrap());
    assert_eq!(answer["usage"]["output_tokens"], thought + text);
    assert_eq!(answer["usage"]["input_tokens"], 4);
    assert_eq!(answer["stop_reason"], "end_turn");
}

#[tokio::test]
async fn both_auth_headers_work_and_the_version_is_required() {
    let fake = Fake::start().await.unwrap();
    let version = ("anthropic-version", "2023-06-01");
    let bearer = [("authorization", "Bearer sk-ant-fake"), version];
    assert_eq!(
        post(&fake, "/v1/messages", &bearer, hello()).await.status,
        200
    );
    let missing = post(&fake, "/v1/messages", &[version], hello()).await;
    assert_eq!(missing.status, 401);
    assert_eq!(
        missing.json()["error"]["message"],
        "x-api-key header is required"
    );
    let bad = post(
        &fake,
        "/v1/messages",
        &[("x-api-key", "sk-ant-real"), version],
        hello(),
    )
    .await;
    assert_eq!(bad.status, 401);
    assert_eq!(bad.json()["error"]["type"], "authentication_error");
    let unversioned = post(&fake, "/v1/messages", &HEADERS[..1], hello()).await;
    assert_eq!(unversioned.status, 400);
    assert_eq!(unversioned.json()["type"], "error");
    assert_eq!(unversioned.json()["request_id"], "req_fake1");
}

#[tokio::test]
async fn requests_are_checked() {
    let fake = Fake::start().await.unwrap();
    let without = |name: &str| {
        let mut body = hello();
        body.as_object_mut().unwrap().remove(name);
        body
    };
    for name in ["model", "max_tokens", "messages"] {
        let answer = post(&fake, "/v1/messages", HEADERS, without(name)).await;
        assert_eq!(answer.status, 400, "{name}");
        assert_eq!(
            answer.json()["error"]["message"],
            format!("{name}: Field required")
        );
    }
    let mut body = hello();
    body["temperature"] = 1.into();
    assert_eq!(
        post(&fake, "/v1/messages", HEADERS, body.clone())
            .await
            .status,
        200
    );
    let newer = [HEADERS[0], ("anthropic-version", "2026-10-21")];
    assert_eq!(post(&fake, "/v1/messages", &newer, body).await.status, 400);
    assert_eq!(
        ask_as(&fake, DIALECT, "claude-nowhere", "fake")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn errors_carry_the_original_status_and_type() {
    let fake = Fake::start().await.unwrap();
    let cases = [
        (ErrorKind::NoMoney, 400, "invalid_request_error"),
        (ErrorKind::SpendLimit, 429, "rate_limit_error"),
        (ErrorKind::RateLimited, 429, "rate_limit_error"),
        (ErrorKind::Overloaded, 529, "overloaded_error"),
        (ErrorKind::Server, 500, "api_error"),
        (ErrorKind::ContextLength, 400, "invalid_request_error"),
    ];
    for (kind, status, class) in cases {
        fake.enqueue(DIALECT, Script::error(kind));
        let answer = ask(&fake, DIALECT).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.json()["error"]["type"], class);
        assert_eq!(
            answer.header("retry-after").is_some(),
            kind == ErrorKind::RateLimited
        );
        let code = &answer.json()["error"]["details"]["error_code"];
        assert_eq!(
            code == "enforced_spend_limit_reached",
            kind == ErrorKind::SpendLimit
        );
    }
    let midstream = ask_as(&fake, DIALECT, "fault-midstream_error", "fake").await;
    let (name, data) = midstream.named_events().pop().unwrap();
    assert_eq!(name, "error");
    assert!(data.contains("overloaded_error"));
}

#[tokio::test]
async fn models_come_in_pages() {
    let fake = Fake::builder().max_page(3).start().await.unwrap();
    let first = get(&fake, "/v1/models").await.json();
    assert_eq!(first["data"].as_array().unwrap().len(), 3);
    assert_eq!(first["has_more"], true);
    let last = first["last_id"].as_str().unwrap();
    let second = get(&fake, &format!("/v1/models?after_id={last}"))
        .await
        .json();
    assert_eq!(second["has_more"], false);
    assert_eq!(second["data"][0]["lifecycle"], "deprecated");
    assert_eq!(
        get(&fake, "/v1/models?limit=1").await.json()["data"][0]["display_name"],
        "Claude Haiku 5.5"
    );
    assert_eq!(get(&fake, "/v1/models?limit=0").await.status, 400);
    assert_eq!(
        get(&fake, "/v1/models/claude-sonnet-5-5").await.json()["type"],
        "model"
    );
}

#[tokio::test]
async fn tokens_are_counted() {
    let fake = Fake::start().await.unwrap();
    let answer = post(&fake, "/v1/messages/count_tokens", HEADERS, hello()).await;
    assert_eq!(answer.json(), json!({"input_tokens": 4}));
}
