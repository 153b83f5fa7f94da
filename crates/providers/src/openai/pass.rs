//! The body of a client that speaks the dialect itself, sent on as it is.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::Dialect;
use crate::{ChatRequest, RawBody};

/// Both names of the output maximum.
const OUTPUT_LIMITS: [&str; 2] = ["max_completion_tokens", "max_tokens"];

/// Fields that speak to a library or a router instead of the model: where to go, as whom, and which
/// other models to try. The house has decided that.
const NOT_PASSED: [&str; 24] = [
    "api_key",
    "api-key",
    "apikey",
    "api_base",
    "api_type",
    "api_version",
    "authorization",
    "base_url",
    "baseurl",
    "custom_llm_provider",
    "default_headers",
    "extra_body",
    "extra_headers",
    "extra_query",
    "fallbacks",
    "fallback_models",
    "headers",
    "model_list",
    "models",
    "openai_api_key",
    "organization",
    "organisation",
    "project",
    "route",
];

pub(super) fn body(dialect: Dialect, request: &ChatRequest, raw: &RawBody) -> Bytes {
    let mut body = Vec::with_capacity(
        256 + raw
            .0
            .values()
            .map(|value| value.get().len() + 24)
            .sum::<usize>(),
    );
    let mut first = true;
    let mut put = |name: &str, value: &str| {
        body.extend_from_slice(if first { b"{" } else { b"," });
        first = false;
        body.extend_from_slice(quoted(name).as_bytes());
        body.push(b':');
        body.extend_from_slice(value.as_bytes());
    };
    put("model", &quoted(&request.model));
    for (name, value) in &raw.0 {
        let lower = name.to_ascii_lowercase();
        let replaced = matches!(name.as_str(), "model" | "stream")
            || (name == "stream_options" && request.stream);
        if replaced || NOT_PASSED.contains(&lower.as_str()) {
            continue;
        }
        match request.max_output {
            Some(most) if OUTPUT_LIMITS.contains(&name.as_str()) && !says(value, most) => {
                put(name, &most.to_string());
            }
            _ => put(name, value.get()),
        }
    }
    if let Some(most) = request.max_output
        && !OUTPUT_LIMITS.iter().any(|name| raw.0.contains_key(*name))
    {
        put(dialect.output_limit, &most.to_string());
    }
    if request.stream {
        put("stream", "true");
        let options = raw.0.get("stream_options").map(|options| options.get());
        if dialect.stream_options {
            put("stream_options", &with_usage(options));
        } else if let Some(options) = options {
            put("stream_options", options);
        }
    } else if let Some(stream) = raw.0.get("stream") {
        put(
            "stream",
            if stream.get() == "null" {
                "null"
            } else {
                "false"
            },
        );
    }
    body.push(b'}');
    Bytes::from(body)
}

/// Whether a JSON text is this number.
fn says(value: &RawValue, number: i64) -> bool {
    value.get().parse() == Ok(number)
}

/// The client's stream options, usage asked for.
fn with_usage(options: Option<&str>) -> String {
    const ASKED: &str = r#"{"include_usage":true}"#;
    let Some(options) = options else {
        return ASKED.to_owned();
    };
    let Ok(mut options) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(options) else {
        return ASKED.to_owned();
    };
    let Ok(yes) = RawValue::from_string("true".to_owned()) else {
        return ASKED.to_owned();
    };
    options.insert("include_usage".to_owned(), yes);
    serde_json::to_string(&options).unwrap_or_else(|_| ASKED.to_owned())
}

/// A JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Dialect, body};
    use crate::{ChatRequest, Options, RawBody};

    const DIALECT: Dialect = Dialect {
        output_limit: "max_tokens",
        stream_options: true,
        returns_reasoning: false,
    };

    fn request(raw: &str, stream: bool, max_output: Option<i64>) -> ChatRequest {
        ChatRequest {
            model: "house/\"model\"".into(),
            messages: Vec::new(),
            max_output,
            stream,
            options: Options::default(),
            raw: Some(RawBody(serde_json::from_str(raw).unwrap())),
        }
    }

    fn sent(request: &ChatRequest) -> (String, Value) {
        let text = body(DIALECT, request, request.raw.as_ref().unwrap());
        (
            String::from_utf8(text.to_vec()).unwrap(),
            serde_json::from_slice(&text).unwrap(),
        )
    }

    #[test]
    fn values_travel_as_the_client_spelled_them() {
        let raw = r#"{"model":"x","messages":[ {"role":"user", "content":"\u00e9 é"} ],"temperature":0.70,"seed":12345678901234567890123}"#;
        let (text, value) = sent(&request(raw, false, None));
        assert!(text.contains(r#"[ {"role":"user", "content":"\u00e9 é"} ]"#));
        assert!(text.contains(r#""temperature":0.70"#));
        assert!(text.contains(r#""seed":12345678901234567890123"#));
        assert_eq!(value["model"], "house/\"model\"");
        assert_eq!(value.get("stream"), None);
        assert_eq!(value.get("max_tokens"), None);
    }

    #[test]
    fn streams_always_ask_for_usage_and_keep_other_options() {
        let raw = r#"{"stream":true,"stream_options":{"include_usage":false,"include_obfuscation":false}}"#;
        let (_, value) = sent(&request(raw, true, None));
        assert_eq!(
            value["stream_options"],
            json!({"include_usage": true, "include_obfuscation": false})
        );
        for raw in [
            r#"{"stream":true}"#,
            r#"{"stream_options":null}"#,
            r#"{"stream_options":7}"#,
        ] {
            let (_, value) = sent(&request(raw, true, None));
            assert_eq!(
                (&value["stream"], &value["stream_options"]),
                (&json!(true), &json!({"include_usage": true}))
            );
        }
    }

    #[test]
    fn the_output_maximum_keeps_the_clients_name() {
        let limits = |raw: &str, most| {
            let (_, value) = sent(&request(raw, false, most));
            (
                value["max_completion_tokens"].clone(),
                value["max_tokens"].clone(),
            )
        };
        assert_eq!(
            limits(r#"{"max_completion_tokens":50}"#, Some(20)),
            (json!(20), Value::Null)
        );
        assert_eq!(
            limits(r#"{"max_tokens":50}"#, Some(20)),
            (Value::Null, json!(20))
        );
        assert_eq!(
            limits(r#"{"max_tokens":50}"#, Some(50)),
            (Value::Null, json!(50))
        );
        assert_eq!(
            limits(r#"{"max_tokens":"50"}"#, Some(50)),
            (Value::Null, json!(50))
        );
        assert_eq!(
            limits(r#"{"max_tokens":50}"#, None),
            (Value::Null, json!(50))
        );
        assert_eq!(limits("{}", Some(20)), (Value::Null, json!(20)));
        assert_eq!(
            limits(r#"{"max_tokens":50,"max_completion_tokens":90}"#, Some(20)),
            (json!(20), json!(20))
        );
    }

    #[test]
    fn a_client_chooses_no_destination_and_no_identity() {
        let raw = r#"{"api_key":"k","Base_URL":"https://evil","organization":"o","models":["dear"],"extra_headers":{},"user":"u"}"#;
        let (text, value) = sent(&request(raw, false, None));
        assert_eq!(
            value,
            json!({"model": "house/\"model\"", "user": "u"}),
            "{text}"
        );
    }
}
