//! Three dialects, two doors, one meaning: what a provider counts is what both doors book.

use domain::NanoUsd;
use domain::connections::ProviderKind;
use fakes::{Dialect, Script, Usage};
use serde_json::{Value, json};
use store::calls::CallFilter;
use testkit::{TestApp, both_databases};

const EACH: [(ProviderKind, Dialect, &str); 2] = [
    (
        ProviderKind::Anthropic,
        Dialect::Anthropic,
        "claude-haiku-5-5",
    ),
    (ProviderKind::Gemini, Dialect::Gemini, "gemini-3.8-flash"),
];

both_databases! {
    async fn other_dialects_are_translated_for_openai_clients(app: &TestApp) {
        let key = app.owner().await.key("laptop", None).await;
        for (kind, dialect, model) in EACH {
            app.connect(kind, kind.word()).await;
            app.price(kind, model, 1_000_000_000, 2_000_000_000).await;
            app.fake.set_default(dialect, Script::text_chunks(["Héllo ", "there"]).with_usage(Usage::new(40, 9)));
            let question = json!({
                "model": model,
                "max_completion_tokens": 100,
                "messages": [
                    { "role": "system", "content": "Be brief." },
                    { "role": "user", "content": "Hi" },
                ],
            });
            let whole = key.chat(question.clone()).await;
            assert_eq!(whole.status, 200, "{model}: {}", whole.text);
            let body = whole.json();
            assert_eq!(body["choices"][0]["message"]["content"], "Héllo there", "{model}");
            assert_eq!(body["choices"][0]["finish_reason"], "stop", "{model}");
            assert_eq!(body["usage"]["prompt_tokens"], 40, "{model}");
            assert_eq!(body["usage"]["completion_tokens"], 9, "{model}");

            let mut streamed = question;
            streamed["stream"] = json!(true);
            streamed["stream_options"] = json!({ "include_usage": true });
            let stream = key.chat(streamed).await;
            assert!(stream.text.ends_with("data: [DONE]\n\n"), "{model}: {}", stream.text);
            let frames: Vec<Value> = stream
                .text
                .split("\n\n")
                .filter_map(|frame| frame.strip_prefix("data: "))
                .filter(|data| *data != "[DONE]")
                .map(|data| serde_json::from_str(data).unwrap())
                .collect();
            let said: String = frames.iter().filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str()).collect();
            assert_eq!(said, "Héllo there", "{model}");
            assert!(frames.iter().any(|frame| frame["choices"][0]["finish_reason"] == "stop"), "{model}");
            assert_eq!(frames.last().unwrap()["usage"]["completion_tokens"], 9, "{model}");

            let calls = app.services.store().call_list(&CallFilter::default(), None, 2).await.unwrap();
            for call in calls {
                assert_eq!(call.cost, Some(NanoUsd(40 * 1_000 + 9 * 2_000)), "{model}");
            }
        }
    }

    async fn a_tool_call_travels_both_ways(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = app.owner().await.key("laptop", None).await;
        for (kind, dialect, model) in EACH.into_iter().chain([(ProviderKind::OpenAi, Dialect::OpenAi, "gpt-4o-mini")]) {
            if kind != ProviderKind::OpenAi {
                app.connect(kind, kind.word()).await;
            }
            app.fake.enqueue(dialect, Script::ok().with_tool_call("lookup", r#"{"q":"été"}"#));
            let answer = key
                .chat(json!({
                    "model": model,
                    "max_completion_tokens": 100,
                    "messages": [{ "role": "user", "content": "Look it up" }],
                    "tools": [{ "type": "function", "function": {
                        "name": "lookup",
                        "parameters": { "type": "object", "properties": { "q": { "type": "string" } } },
                    }}],
                }))
                .await;
            assert_eq!(answer.status, 200, "{model}: {}", answer.text);
            let message = answer.json()["choices"][0]["message"].clone();
            let call = &message["tool_calls"][0];
            assert_eq!(call["function"]["name"], "lookup", "{model}");
            let arguments: Value = serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
            assert_eq!(arguments, json!({ "q": "été" }), "{model}");
            assert_eq!(answer.json()["choices"][0]["finish_reason"], "tool_calls", "{model}");
            let next = key
                .chat(json!({
                    "model": model,
                    "max_completion_tokens": 100,
                    "messages": [
                        { "role": "user", "content": "Look it up" },
                        { "role": "assistant", "content": null, "tool_calls": message["tool_calls"] },
                        { "role": "tool", "tool_call_id": call["id"], "content": "found" },
                    ],
                }))
                .await;
            assert_eq!(next.status, 200, "{model}: {}", next.text);
        }
    }
}
