//! Streams: faithful to the byte, ended only when the books are closed, outlived by their call.

use domain::calls::{Outcome, UsageSource};
use domain::connections::ProviderKind;
use fakes::{Dialect, Ending, Script, Usage, UsagePlace};
use futures::StreamExt;
use serde_json::{Value, json};
use store::calls::CallFilter;
use testkit::{TestApp, both_databases};

fn question(options: Option<Value>) -> Value {
    let mut body = json!({
        "model": "gpt-4o-mini",
        "stream": true,
        "messages": [{ "role": "user", "content": "Hi" }],
    });
    if let Some(options) = options {
        body["stream_options"] = options;
    }
    body
}

fn frames(text: &str) -> Vec<Value> {
    text.split("\n\n")
        .filter_map(|frame| frame.strip_prefix("data: "))
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

fn said(frames: &[Value]) -> String {
    frames
        .iter()
        .filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str())
        .collect()
}

both_databases! {
    async fn the_usage_chunk_is_only_for_those_who_asked(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        app.fake.set_default(
            Dialect::OpenAi,
            Script::text_chunks(["Hé", "llo 👋", "!"]).with_usage(Usage::new(31, 12)),
        );
        let plain = key.chat(question(None)).await;
        assert!(plain.text.ends_with("data: [DONE]\n\n"), "{}", plain.text);
        let plain = frames(&plain.text);
        assert_eq!(said(&plain), "Héllo 👋!");
        assert!(plain.iter().all(|frame| frame["usage"].is_null()), "{plain:?}");
        let asked = key.chat(question(Some(json!({ "include_usage": true })))).await;
        let asked = frames(&asked.text);
        let usages: Vec<&Value> = asked.iter().filter(|frame| !frame["usage"].is_null()).collect();
        assert_eq!(usages.len(), 1);
        assert_eq!(usages[0]["usage"]["completion_tokens"], 12);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert!(calls.iter().all(|call| call.usage.output == Some(12)), "both are metered alike");
    }

    async fn a_stream_without_usage_is_estimated_and_says_so(app: &TestApp) {
        app.connect(ProviderKind::OpenAiCompatible, "local").await;
        let key = app.owner().await.key("laptop", None).await;
        let model = key.get("/v1/models").await.json()["data"][0]["id"].clone();
        app.fake.set_default(
            Dialect::Compatible,
            Script::text_chunks(["12345678", "12345678"]).with_usage_place(UsagePlace::Nowhere),
        );
        let mut body = question(None);
        body["model"] = model;
        let answer = key.chat(body).await;
        assert!(answer.text.ends_with("data: [DONE]\n\n"), "{}", answer.text);
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert_eq!(calls[0].usage_source, Some(UsageSource::Estimated));
        assert_eq!(calls[0].usage.output, Some(4), "16 bytes at four a token");
    }

    async fn a_client_that_leaves_is_charged_for_what_it_got(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        let endless = Script::text_chunks(["word "; 10]).with_ending(Ending::Hang { after: 8 });
        app.fake.enqueue(Dialect::OpenAi, endless);
        let mut body = key.start_chat(question(None)).await.bytes_stream();
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("word ") {
            seen.extend_from_slice(&body.next().await.unwrap().unwrap());
        }
        drop(body);
        app.settle().await;
        let calls = app.services.store().call_list(&CallFilter::default(), None, 10).await.unwrap();
        assert_eq!(calls[0].outcome, Some(Outcome::Stopped));
        assert_eq!(calls[0].usage_source, Some(UsageSource::Estimated));
        assert!(calls[0].usage.output.unwrap() > 0);
        let gone = app.fake.wait_for_disconnects(1).await;
        assert_eq!(gone.iter().filter(|sent| sent.disconnected).count(), 1, "the provider's connection is closed");
    }
}
