//! Lists and tests of the OpenAI family.

use domain::calls::ProviderFailure;
use outbound::Request;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::authorised;
use crate::ListedModel;
use crate::exchange::Exchange;
use crate::json::{Few, count, lenient_text};
use crate::list::Listing;

/// Parts of the ids of models that do something else than chat.
const NO_CHAT: [&str; 22] = [
    "audio",
    "babbage",
    "bge-",
    "clip",
    "computer-use",
    "dall-e",
    "davinci",
    "embed",
    "guard",
    "image",
    "instruct-0914",
    "moderation",
    "ocr",
    "realtime",
    "rerank",
    "sora",
    "speech",
    "stable-diffusion",
    "transcribe",
    "tts",
    "turbo-instruct",
    "whisper",
];
/// Headers that tell something about the account.
const TOLD: [&str; 8] = [
    "openai-organization",
    "openai-project",
    "x-ratelimit-limit-requests",
    "x-ratelimit-limit-tokens",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
];

/// Most entries that are looked at: far more than are kept, as not all of them need be models.
const MOST_ENTRIES: usize = 100_000;

/// The entries, each unread until its turn.
type Entries<'a> = Few<&'a RawValue, MOST_ENTRIES>;

/// The list in its two usual envelopes.
#[derive(Debug, Default, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    models: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(default, alias = "model", deserialize_with = "lenient_text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient_text")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "count")]
    context_length: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    context_window: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    max_context_length: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    max_model_len: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    max_completion_tokens: Option<i64>,
    #[serde(default)]
    top_provider: Option<TopProvider>,
    #[serde(default)]
    capabilities: Value,
    #[serde(default)]
    architecture: Value,
    #[serde(default)]
    active: Value,
    #[serde(default)]
    shutdown_date: Value,
    #[serde(default)]
    deprecation: Value,
    #[serde(default)]
    expiration_date: Value,
}

#[derive(Debug, Deserialize)]
struct TopProvider {
    #[serde(default, deserialize_with = "count")]
    context_length: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    max_completion_tokens: Option<i64>,
}

pub(crate) async fn models(exchange: &Exchange<'_>) -> Result<Vec<ListedModel>, ProviderFailure> {
    let url = exchange.url(&["models"])?;
    let call = authorised(Request::get(url), &exchange.endpoint.key);
    let response = exchange.look(call).await?;
    let mut listing = Listing::default();
    let body = listing.page(exchange, response).await?;
    let Some(Few(list)) = entries(&body) else {
        return Err(if crate::failure::Said::is_error(&body) {
            exchange.failures.of_object(&body)
        } else {
            exchange.not_json()
        });
    };
    let entries = list
        .into_iter()
        .filter_map(|entry| serde_json::from_str(entry.get()).ok());
    listing.add(entries.filter_map(listed));
    let mut models = listing.into_models();
    models.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(models)
}

/// The list in an envelope, or bare.
fn entries(body: &[u8]) -> Option<Entries<'_>> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).unwrap_or_default();
    let mut lists = [envelope.data, envelope.models].into_iter().flatten();
    lists
        .find_map(|list| serde_json::from_str(list.get()).ok())
        .or_else(|| serde_json::from_slice(body).ok())
}

pub(crate) async fn probe(
    exchange: &Exchange<'_>,
) -> Result<Vec<(String, String)>, ProviderFailure> {
    // OpenRouter lists its models to everybody, so only its own test tells whether the key is good.
    let open_list = exchange.failures.host().ends_with("openrouter.ai");
    let url = exchange.url(&[if open_list { "key" } else { "models" }])?;
    let call = authorised(Request::get(url), &exchange.endpoint.key);
    let response = exchange.look(call).await?;
    let told = TOLD
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), response.header(name)?.to_owned())));
    let mut facts: Vec<_> = told.collect();
    let body = exchange.body(response).await?;
    if crate::failure::Said::is_error(&body) {
        return Err(exchange.failures.of_object(&body));
    }
    let _answer: &RawValue = serde_json::from_slice(&body).map_err(|_| exchange.not_json())?;
    if open_list {
        let answer: Value = serde_json::from_slice(&body).map_err(|_| exchange.not_json())?;
        for name in [
            "label",
            "limit",
            "limit_remaining",
            "usage",
            "usage_monthly",
            "is_free_tier",
        ] {
            match answer.get("data").and_then(|data| data.get(name)) {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) => facts.push((name.to_owned(), text.clone())),
                Some(value) => facts.push((name.to_owned(), value.to_string())),
            }
        }
    }
    Ok(facts)
}

fn listed(entry: Entry) -> Option<ListedModel> {
    let id = entry.id.filter(|id| !id.is_empty())?;
    let told = [
        &entry.shutdown_date,
        &entry.deprecation,
        &entry.expiration_date,
    ];
    let chats = entry
        .capabilities
        .get("completion_chat")
        .and_then(Value::as_bool);
    let speaks = entry
        .architecture
        .get("output_modalities")
        .and_then(Value::as_array);
    let speaks = speaks.map(|kinds| kinds.iter().any(|kind| kind == "text"));
    let lower = id.to_ascii_lowercase();
    let guess = || !NO_CHAT.iter().any(|part| lower.contains(part));
    Some(ListedModel {
        chat: entry.active != Value::Bool(false) && chats.or(speaks).unwrap_or_else(guess),
        deprecated: told.into_iter().any(|date| !date.is_null()),
        label: entry
            .display_name
            .or(entry.name)
            .filter(|label| !label.is_empty() && *label != id),
        context_tokens: [
            entry.context_length,
            entry.context_window,
            entry.max_context_length,
            entry.max_model_len,
        ]
        .into_iter()
        .flatten()
        .next()
        .or(entry
            .top_provider
            .as_ref()
            .and_then(|top| top.context_length)),
        max_output_tokens: entry.max_completion_tokens.or(entry
            .top_provider
            .as_ref()
            .and_then(|top| top.max_completion_tokens)),
        id,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn models_that_do_not_chat_are_marked() {
        let chat = |id: &str| {
            Entry::deserialize(json!({ "id": id }))
                .ok()
                .and_then(listed)
                .unwrap()
                .chat
        };
        for id in [
            "gpt-6-luna",
            "o3",
            "deepseek-v4-flash",
            "openai/gpt-oss-120b",
            "llama3.3:70b-instruct",
        ] {
            assert!(chat(id), "{id}");
        }
        for id in [
            "text-embedding-3-large",
            "whisper-1",
            "tts-1",
            "gpt-image-2",
            "omni-moderation-latest",
        ] {
            assert!(!chat(id), "{id}");
        }
    }

    #[test]
    fn the_list_is_found_in_every_envelope() {
        for body in [
            r#"{"object":"list","data":[{"id":"a"},7]}"#,
            r#"{"data":null,"models":[{"model":"a"},{}]}"#,
            r#"[{"id":"a"},null]"#,
        ] {
            assert_eq!(entries(body.as_bytes()).unwrap().0.len(), 2, "{body}");
        }
        for body in [r#"{"error":{"message":"m"}}"#, r#"{"data":{}}"#, "7", "x"] {
            assert!(entries(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn sizes_are_found_in_every_spelling() {
        for entry in [
            json!({"id": "a", "context_window": 131_072, "max_completion_tokens": 8192}),
            json!({"id": "a", "top_provider": {"context_length": 131_072, "max_completion_tokens": 8192}}),
            json!({"id": "a", "context_length": null, "max_model_len": 131_072.0, "max_completion_tokens": 8192}),
        ] {
            let model = Entry::deserialize(&entry).ok().and_then(listed).unwrap();
            assert_eq!(
                (model.context_tokens, model.max_output_tokens),
                (Some(131_072), Some(8192)),
                "{entry}"
            );
        }
    }
}
