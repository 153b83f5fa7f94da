//! Gemini's dialect.

use fakes::{Dialect, ErrorKind, Fake, Script, Usage, count_tokens};
use serde_json::{Value, json};

use crate::wire::{Answer, ask, ask_as, send, spoken};

const DIALECT: Dialect = Dialect::Gemini;
const KEY: (&str, &str) = ("x-goog-api-key", "AIza-fake");

async fn post(fake: &Fake, method: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let url = format!("{}/models/gemini-3.8-flash:{method}", fake.url(DIALECT));
    send("POST", &url, headers, &body.to_string()).await
}

async fn get(fake: &Fake, path: &str) -> Answer {
    send("GET", &format!("{}{path}", fake.url(DIALECT)), &[KEY], "").await
}

fn hello() -> Value {
    json!({
        "systemInstruction": {"parts": [{"text": "be nice"}]},
        "contents": [{"role": "user", "parts": [{"text": "hello there"}]}],
    })
}

#[tokio::test]
async fn a_stream_grows_its_usage_chunk_by_chunk() {
    let fake = Fake::start().await.unwrap();
    fake.enqueue(
        DIALECT,
        Script::text_chunks(["one ", "two ", "three"]).with_reasoning("let me see"),
    );
    let answer = ask(&fake, DIALECT).await;
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert!(answer.text().ends_with("}\r\n\r\n"));
    let events = answer.events();
    assert_eq!(
        events[0]["candidates"][0]["content"]["parts"][0]["thought"],
        true
    );
    assert_eq!(spoken(DIALECT, &events), "one two three");
    let totals: Vec<_> = events
        .iter()
        .map(|e| e["usageMetadata"]["totalTokenCount"].as_u64().unwrap())
        .collect();
    assert!(totals.is_sorted());
    let last = events.last().unwrap();
    assert_eq!(last["usageMetadata"]["promptTokenCount"], 3);
    assert_eq!(last["usageMetadata"]["candidatesTokenCount"], 3);
    assert_eq!(last["usageMetadata"]["thoughtsTokenCount"], 3);
    assert_eq!(last["usageMetadata"]["totalTokenCount"], 9);
    assert_eq!(last["candidates"][0]["finishReason"], "STOP");
    assert!(last["candidates"][0]["content"]["parts"][0]["thoughtSignature"].is_string());
}

#[tokio::test]
async fn without_alt_sse_the_stream_is_an_array() {
    let fake = Fake::start().await.unwrap();
    let answer = post(&fake, "streamGenerateContent", &[KEY], &hello()).await;
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("application/json")
    );
    assert!(answer.chunks.len() > 5);
    assert!(answer.chunks[1].starts_with(b",\r\n{"));
    let text = spoken(DIALECT, answer.json().as_array().unwrap());
    assert!(text.starts_with("You said: hello there"));
    fake.enqueue(DIALECT, Script::error(ErrorKind::Overloaded));
    let refused = post(&fake, "streamGenerateContent", &[KEY], &hello()).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.json()[0]["error"]["status"], "UNAVAILABLE");
}

#[tokio::test]
async fn a_whole_answer_thinks_on_request() {
    let fake = Fake::start().await.unwrap();
    let mut body = hello();
    body["generationConfig"] = json!({"thinkingConfig": {"includeThoughts": true}});
    let answer = post(&fake, "generateContent", &[KEY], &body).await.json();
    let parts = &answer["candidates"][0]["content"]["parts"];
    assert_eq!(parts[0]["thought"], true);
    assert!(parts[1]["thoughtSignature"].is_string());
    let usage = &answer["usageMetadata"];
    assert_eq!(usage["promptTokenCount"], 4);
    assert_eq!(
        usage["candidatesTokenCount"],
        count_tokens(parts[1]["text"].as_str().unwrap())
    );
    assert!(usage.get("cachedContentTokenCount").is_none());
}

#[tokio::test]
async fn tool_calls_arrive_whole() {
    let fake = Fake::start().await.unwrap();
    let script = Script::ok()
        .with_tool_call("lookup", r#"{"q":"é"}"#)
        .with_tool_call("now", "{}")
        .with_usage(Usage {
            input: 20,
            cached: 8,
            cache_write: 0,
            output: 9,
            reasoning: 0,
        });
    fake.enqueue(DIALECT, script);
    let events = ask(&fake, DIALECT).await.events();
    let parts = &events[0]["candidates"][0]["content"]["parts"];
    assert_eq!(parts[0]["functionCall"]["args"], json!({"q": "é"}));
    assert!(parts[0]["thoughtSignature"].is_string());
    assert_eq!(parts[1]["functionCall"]["name"], "now");
    assert_eq!(events[1]["candidates"][0]["finishReason"], "STOP");
    assert_eq!(events[1]["usageMetadata"]["cachedContentTokenCount"], 8);
}

#[tokio::test]
async fn prompts_and_answers_can_be_blocked() {
    let fake = Fake::start().await.unwrap();
    fake.enqueue(DIALECT, Script::ok().with_prompt_block("SAFETY"));
    let events = ask(&fake, DIALECT).await.events();
    assert_eq!(events.len(), 1);
    assert!(events[0].get("candidates").is_none());
    assert_eq!(events[0]["promptFeedback"]["blockReason"], "SAFETY");
    assert_eq!(events[0]["usageMetadata"]["totalTokenCount"], 3);

    fake.enqueue(DIALECT, Script::text("half").with_no_content());
    let events = ask(&fake, DIALECT).await.events();
    let last = &events.last().unwrap()["candidates"][0];
    assert!(last.get("content").is_none());
    assert_eq!(last["finishReason"], "SAFETY");
}

#[tokio::test]
async fn both_versions_and_both_places_for_the_key_work() {
    let fake = Fake::start().await.unwrap();
    let root = fake.root();
    for version in ["v1", "v1beta"] {
        let url = format!(
            "{root}/gemini/{version}/models/gemini-3.8-flash:generateContent?key=AIza-fake"
        );
        assert_eq!(
            send("POST", &url, &[], &hello().to_string()).await.status,
            200
        );
    }
    let missing = post(&fake, "generateContent", &[], &hello()).await;
    assert_eq!(missing.status, 403);
    let bad = post(
        &fake,
        "generateContent",
        &[("x-goog-api-key", "AIza-real")],
        &hello(),
    )
    .await;
    assert_eq!(bad.status, 400);
    assert_eq!(
        bad.json()["error"]["details"][0]["reason"],
        "API_KEY_INVALID"
    );
    assert!(
        bad.text().lines().count() > 5,
        "errors are printed on several lines"
    );
}

#[tokio::test]
async fn limits_per_minute_and_per_day_differ_in_the_quota_id() {
    let fake = Fake::start().await.unwrap();
    let cases = [
        (ErrorKind::RateLimited, "PerMinute", Some("1.5s")),
        (ErrorKind::RateLimitedDaily, "PerDay", Some("41230s")),
        (ErrorKind::NoMoney, "PerDay", None),
    ];
    for (kind, period, delay) in cases {
        fake.enqueue(DIALECT, Script::error(kind));
        let answer = ask(&fake, DIALECT).await;
        assert_eq!(answer.status, 429);
        let details = &answer.json()["error"]["details"];
        assert!(
            details[0]["violations"][0]["quotaId"]
                .as_str()
                .unwrap()
                .contains(period)
        );
        assert_eq!(details[1]["retryDelay"].as_str(), delay);
    }
}

#[tokio::test]
async fn a_failure_in_the_middle_is_bare_json_on_several_lines() {
    let fake = Fake::start().await.unwrap();
    let answer = ask_as(&fake, DIALECT, "fault-midstream_error", "fake").await;
    let text = answer.text();
    let (before, error) = text.rsplit_once("\r\n\r\n").unwrap();
    assert_eq!(before.matches("data: ").count(), 2);
    assert!(error.starts_with("{\n  \"error\""));
    let error: Value = serde_json::from_str(error).unwrap();
    assert_eq!(error["error"]["status"], "UNAVAILABLE");
}

#[tokio::test]
async fn models_come_in_pages_and_requests_are_checked() {
    let fake = Fake::start().await.unwrap();
    let first = get(&fake, "/models?pageSize=3").await.json();
    assert_eq!(first["models"][0]["name"], "models/gemini-3.8-flash");
    let token = first["nextPageToken"].as_str().unwrap();
    let second = get(&fake, &format!("/models?pageSize=3&pageToken={token}"))
        .await
        .json();
    assert!(second.get("nextPageToken").is_none());
    assert_eq!(
        second["models"][1]["supportedGenerationMethods"][0],
        "embedContent"
    );
    assert_eq!(
        get(&fake, "/models/gemini-2.5-flash").await.json()["version"],
        "001"
    );

    let mut body = hello();
    body["max_tokens"] = 5.into();
    let refused = post(&fake, "generateContent", &[KEY], &body).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Unknown name \\\"max_tokens\\\""));
    assert_eq!(
        ask_as(&fake, DIALECT, "gemini-embedding-001", "fake")
            .await
            .status,
        404
    );
    let count = post(
        &fake,
        "countTokens",
        &[KEY],
        &json!({"contents": hello()["contents"]}),
    )
    .await;
    assert_eq!(count.json()["totalTokens"], 2);
}
