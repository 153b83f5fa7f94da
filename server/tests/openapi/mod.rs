//! The OpenAPI document says what the doors do: the same routes, and answers of the form it tells.

use std::collections::BTreeSet;

use domain::connections::ProviderKind;
use fakes::{Dialect, Scenario};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, TestApp, both_databases};

use crate::access::doors::{DOORS, Door, is_page, routes_of};

async fn document(app: &TestApp) -> Value {
    app.stranger().get("/openapi.json").await.ok()
}

/// Checks values against one of the document's schemas.
struct Schemas(Value);

impl Schemas {
    /// Panics with what does not fit.
    fn check(&self, name: &str, value: &Value) {
        assert!(
            self.0["components"]["schemas"][name].is_object(),
            "there is no schema {name}"
        );
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{name}"),
            "components": self.0["components"],
        });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(value)
            .map(|fault| format!("{fault} at {}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:?} in {value}");
    }

    /// The schema of an operation's answer with this status.
    fn named(&self, method: &str, path: &str, status: u16, kind: &str) -> String {
        let answer = &self.0["paths"][path][method]["responses"][status.to_string()];
        let reference = answer["content"][kind]["schema"]["$ref"].as_str();
        let reference =
            reference.unwrap_or_else(|| panic!("{method} {path} tells no {status} of {kind}"));
        reference.rsplit('/').next().unwrap().to_owned()
    }

    fn check_answer(&self, method: &str, path: &str, answer: &Answer) {
        let kind = answer.header("content-type");
        assert_eq!(kind, "application/json", "{method} {path}: {}", answer.text);
        self.check(
            &self.named(method, path, answer.status, kind),
            &answer.json(),
        );
        let told =
            &self.0["paths"][path][method]["responses"][answer.status.to_string()]["headers"];
        for name in answer.headers.keys().map(http::HeaderName::as_str) {
            let ours = name.starts_with("x-ratelimit-")
                || name.starts_with("x-purser-")
                || name.starts_with("retry-after");
            assert!(
                !ours || told[name].is_object(),
                "{method} {path} {} does not tell of {name}",
                answer.status
            );
        }
    }
}

/// The `data:` of every event of a stream, `[DONE]` excepted.
fn events(text: &str) -> Vec<Value> {
    text.split("\n\n")
        .filter_map(|event| event.strip_prefix("data: "))
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

const CHAT: &str = "/v1/chat/completions";

/// What a browser asks for to keep the house as an app.
const INSTALLED: [&str; 5] = [
    "/manifest.webmanifest",
    "/service-worker.js",
    "/offline",
    "/offline.js",
    "/share",
];

both_databases! {
    async fn every_route_for_machines_is_described_and_nothing_else_is(app: &TestApp) {
        let document = document(app).await;
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let for_people = |path: &str| {
            DOORS.iter().any(|(known, _, door)| *known == path && matches!(door, Door::Form | Door::Login | Door::Admin))
                // Files of the pages, and what a browser keeps of them.
                || path.starts_with("/pkg") || path.starts_with("/texts/") || INSTALLED.contains(&path)
        };
        let mut there = BTreeSet::new();
        for (path, methods) in routes_of(app) {
            // The last answers 404 to every address under /v1 that is none.
            if path.starts_with("/fn/") || is_page(&path) || for_people(&path) || path == "/v1/{*rest}" {
                continue;
            }
            for method in methods.split(',').filter(|method| *method != "HEAD") {
                there.insert(format!("{method} {}", path.replace("{*", "{")));
            }
        }
        assert_eq!(described, there);
    }

    async fn the_document_is_for_everybody_kept_and_the_same(app: &TestApp) {
        let first = app.stranger().get("/openapi.json").await;
        assert_eq!((first.status, first.header("content-type")), (200, "application/json"));
        assert_eq!(first.header("cache-control"), "public, max-age=3600");
        assert_eq!(app.owner().await.get("/openapi.json").await.text, first.text);
        let document = first.json();
        assert_eq!(document["openapi"], "3.1.0");
        for (path, operations) in document["paths"].as_object().unwrap() {
            for operation in operations.as_object().unwrap().values() {
                let has_key = operation["security"] == json!([{ "key": [] }]);
                assert_eq!(has_key, path.starts_with("/v1/"), "{path}");
            }
        }
    }

    async fn answers_have_the_form_that_is_told(app: &TestApp) {
        let schemas = Schemas(document(app).await);
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.connect(ProviderKind::Anthropic, "claude").await;
        app.connect(ProviderKind::Gemini, "gemini").await;
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let key = olga.key_with(json!({ "name": "k", "requests_per_minute": 1_000, "tokens_per_minute": 1_000_000_000 })).await;
        let tools = json!([{ "type": "function", "function": { "name": "f", "parameters": { "type": "object" } } }]);
        for model in ["gpt-4o-mini", "claude-haiku-5-5", "gemini-3.8-flash", "demo"] {
            for tools in [Value::Null, tools.clone()] {
                let mut question = json!({
                    "model": model,
                    "max_completion_tokens": 100,
                    "messages": [{ "role": "system", "content": "Be brief." }, { "role": "user", "content": [{ "type": "text", "text": "Hi" }] }],
                    "tools": tools,
                });
                schemas.check("ChatRequest", &question);
                let whole = key.chat(question.clone()).await;
                assert_eq!(whole.status, 200, "{model}: {}", whole.text);
                schemas.check_answer("post", CHAT, &whole);
                question["stream"] = json!(true);
                question["stream_options"] = json!({ "include_usage": true });
                schemas.check("ChatRequest", &question);
                let stream = key.chat(question).await;
                assert_eq!(schemas.named("post", CHAT, 200, "text/event-stream"), "ChatCompletionEvent");
                let chunks = events(&stream.text);
                assert!(chunks.len() > 1, "{}", stream.text);
                for chunk in &chunks {
                    schemas.check("ChatCompletionChunk", chunk);
                }
                assert!(chunks.iter().any(|chunk| chunk["usage"].is_object()), "{}", stream.text);
            }
        }
        let list = key.get("/v1/models").await;
        schemas.check_answer("get", "/v1/models", &list);
        schemas.check_answer("get", "/v1/models/{id}", &key.get("/v1/models/demo/demo-long").await);
        for path in ["/health", "/ready"] {
            let answer = app.stranger().get(path).await;
            let told = &schemas.0["paths"][path]["get"]["responses"]["200"]["content"];
            assert!(told["text/plain"].is_object() && answer.header("content-type").starts_with("text/plain"), "{path}");
        }
    }

    async fn refusals_and_failures_have_the_form_that_is_told(app: &TestApp) {
        let schemas = Schemas(document(app).await);
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000_000, 1_000_000_000).await;
        let olga = app.owner().await;
        let key = olga.key("laptop", None).await;
        let models: Value = key.get("/v1/models").await.ok();
        let other = models["data"].as_array().unwrap().iter().find(|model| model["id"] != "gpt-4o-mini").unwrap();
        let narrow = olga.key_with(json!({ "models": [other["id"]] })).await;
        let question = json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
        let of = |field: &str, value: Value| {
            let mut question = question.clone();
            question[field] = value;
            question
        };
        let mut seen = BTreeSet::new();
        let mut check = |status: u16, answer: &Answer| {
            assert_eq!(answer.status, status, "{}", answer.text);
            schemas.check_answer("post", CHAT, answer);
            seen.insert(status);
        };
        check(400, &key.chat(of("messages", json!([]))).await);
        check(401, &testkit::Key::made_up(app, "sk-purser-none").chat(question.clone()).await);
        check(402, &olga.key("poor", Some("0.000000001")).await.chat(question.clone()).await);
        check(403, &narrow.chat(question.clone()).await);
        check(404, &key.chat(of("model", json!("no-such-model"))).await);
        let slow = olga.key_with(json!({ "requests_per_minute": 1 })).await;
        slow.chat(question.clone()).await;
        check(429, &slow.chat(question.clone()).await);
        for (scenario, status) in [("rate_limited", 429), ("overloaded", 503), ("bad_key", 502), ("ctx", 400)] {
            app.fake.enqueue(Dialect::OpenAi, Scenario::parse(scenario).unwrap());
            check(status, &key.chat(question.clone()).await);
        }
        // A body that is too large is met in `access/bodies.rs`; the last only a broken house answers.
        let told: BTreeSet<u16> = schemas.0["paths"][CHAT]["post"]["responses"]
            .as_object().unwrap().keys().map(|status| status.parse().unwrap()).collect();
        let rest: Vec<u16> = told.difference(&seen).copied().collect();
        assert_eq!(rest, [200, 413, 500], "told and not shown here");
        schemas.check_answer("get", "/v1/models/{id}", &key.get("/v1/models/no-such-model").await);
        let stranger = app.stranger();
        schemas.check_answer("get", "/v1/models", &stranger.get("/v1/models").await);
        schemas.check_answer("get", "/v1/models", &stranger.get("/v1/models?api_key=x").await);
        // A stream that fails after it has begun.
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("midstream_error").unwrap());
        let broken = key.chat(of("stream", json!(true))).await;
        let chunks = events(&broken.text);
        schemas.check("ErrorAnswer", chunks.last().unwrap());
        assert!(!broken.text.contains("[DONE]"));
    }

    async fn another_method_is_refused_in_the_same_form(app: &TestApp) {
        let schemas = Schemas(document(app).await);
        let key = app.owner().await.key("laptop", None).await;
        let stranger = app.stranger();
        for (method, path, allowed) in [
            (Method::GET, CHAT, "POST"),
            (Method::DELETE, CHAT, "POST"),
            (Method::POST, "/v1/models", "GET,HEAD"),
            (Method::PUT, "/v1/models/demo", "GET,HEAD"),
        ] {
            let request = stranger.request(method.clone(), path).header("authorization", format!("Bearer {}", key.secret));
            let answer = stranger.send(request).await;
            assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{method} {path}");
            schemas.check("ErrorAnswer", &answer.json());
            assert_eq!(answer.json()["error"]["code"], "method_not_allowed");
        }
    }
}
