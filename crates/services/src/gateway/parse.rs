//! From a client's body to a call.

use std::collections::BTreeMap;

use bytes::Bytes;
use domain::models::check_model_id;
use domain::people::Fault;
use providers::{ChatRequest, Content, Message, Options, RawBody, Role, Tool, ToolChoice};
use serde_json::Value;
use serde_json::value::RawValue;

use super::GatewayError;
use super::wire::{Body, OneOrMore, Part, Said, SaidContent};

/// Most messages of one request.
const MOST_MESSAGES: usize = 10_000;

/// Fields whose cost the token rates cover. Under a money limit every other one is refused: routers
/// sell searches, plugins and dearer hosts through fields of their own.
const COVERED: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "n",
    "stop",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "user",
    "seed",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "response_format",
    "reasoning_effort",
    "reasoning",
    "thinking",
    "enable_thinking",
    "thinking_budget",
    "verbosity",
    "service_tier",
    "modalities",
    "web_search_options",
    "metadata",
    "store",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_options",
    "chat_template_kwargs",
];

/// What a body asks for.
pub(super) struct Parsed {
    pub(super) model: String,
    pub(super) request: ChatRequest,
    /// Whether the client asked for the usage chunk.
    pub(super) wants_usage: bool,
    /// Features that no price row covers.
    pub(super) unpriced_features: Vec<String>,
}

/// Reads a chat completion request.
pub(super) fn chat(bytes: &Bytes) -> Result<Parsed, GatewayError> {
    let unreadable = |error: serde_json::Error| {
        GatewayError::bad_request(format!("We could not parse the JSON body: {error}"), None)
    };
    let raw: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(bytes).map_err(unreadable)?;
    let body: Body = serde_json::from_slice(bytes).map_err(unreadable)?;
    check(&body)?;
    let mut unpriced_features = unpriced_features(&body);
    let unknown = raw.keys().filter(|name| !COVERED.contains(&name.as_str()));
    unpriced_features.extend(unknown.cloned());
    let mut messages = Vec::with_capacity(body.messages.len());
    for said in body.messages {
        messages.push(message(said, &mut unpriced_features)?);
    }
    let stream = body.stream.unwrap_or(false);
    let (json_object, json_schema) = match body.response_format {
        Some(format) => (
            format.kind == "json_object",
            format.json_schema.and_then(|schema| schema.schema),
        ),
        None => (false, None),
    };
    let tools = body
        .tools
        .unwrap_or_default()
        .into_iter()
        .filter_map(|tool| {
            let function = tool.function?;
            Some(Tool {
                name: function.name,
                description: function.description,
                parameters: function.parameters,
            })
        });
    let request = ChatRequest {
        model: String::new(),
        messages,
        max_output: body.max_completion_tokens.or(body.max_tokens),
        stream,
        options: Options {
            temperature: body.temperature,
            top_p: body.top_p,
            stop: match body.stop {
                None => Vec::new(),
                Some(OneOrMore::One(text)) => vec![text],
                Some(OneOrMore::More(texts)) => texts,
            },
            n: body.n,
            reasoning_effort: body.reasoning_effort,
            json_schema,
            json_object,
            tools: tools.collect(),
            tool_choice: tool_choice(body.tool_choice.as_ref()),
        },
        raw: Some(RawBody(raw)),
    };
    let wants_usage = body
        .stream_options
        .and_then(|options| options.include_usage)
        .unwrap_or(false);
    Ok(Parsed {
        model: body.model,
        request,
        wants_usage,
        unpriced_features,
    })
}

fn check(body: &Body) -> Result<(), GatewayError> {
    let refuse = |message: &str, param| Err(GatewayError::bad_request(message, Some(param)));
    match check_model_id(&body.model) {
        Ok(()) => {}
        Err(Fault::Empty) => return refuse("you must provide a model parameter", "model"),
        Err(Fault::TooLong) => return refuse("the name of the model is too long", "model"),
        Err(_) => return refuse("the name of the model holds control characters", "model"),
    }
    if body.messages.is_empty() {
        return refuse("'messages' must hold at least one message", "messages");
    }
    if body.messages.len() > MOST_MESSAGES {
        return refuse("'messages' holds too many messages", "messages");
    }
    for (maximum, param) in [
        (body.max_tokens, "max_tokens"),
        (body.max_completion_tokens, "max_completion_tokens"),
    ] {
        if maximum.is_some_and(|maximum| !(1..=10_000_000).contains(&maximum)) {
            return refuse(
                "the output maximum must lie between 1 and 10,000,000",
                param,
            );
        }
    }
    if let (Some(one), Some(other)) = (body.max_tokens, body.max_completion_tokens)
        && one != other
    {
        return refuse(
            "'max_tokens' and 'max_completion_tokens' differ",
            "max_tokens",
        );
    }
    if body.n.is_some_and(|n| !(1..=128).contains(&n)) {
        return refuse("'n' must lie between 1 and 128", "n");
    }
    Ok(())
}

/// What may cost more than tokens at the listed rates.
fn unpriced_features(body: &Body) -> Vec<String> {
    let mut features = Vec::new();
    if body.web_search_options.is_some() {
        features.push("web_search_options".to_owned());
    }
    if let Some(tier) = &body.service_tier
        && !matches!(tier.as_str(), "auto" | "default" | "flex")
    {
        features.push(format!("service_tier={tier}"));
    }
    if body
        .modalities
        .iter()
        .flatten()
        .any(|modality| modality != "text")
    {
        features.push("modalities".to_owned());
    }
    for tool in body.tools.iter().flatten() {
        if tool.kind != "function" {
            features.push(format!("tools.{}", tool.kind));
        }
    }
    features
}

fn message(said: Said, unpriced: &mut Vec<String>) -> Result<Message, GatewayError> {
    let role = match said.role.as_str() {
        "system" | "developer" => Role::System,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" | "function" => Role::Tool,
        other => {
            let message = format!("'{other}' is not a role of a message");
            return Err(GatewayError::bad_request(message, Some("messages")));
        }
    };
    let mut content = Vec::new();
    let parts = match said.content {
        None => Vec::new(),
        Some(SaidContent::Text(text)) if role == Role::Tool => {
            let call_id = said.tool_call_id.clone().unwrap_or_default();
            content.push(Content::ToolResult {
                call_id,
                name: said.name.clone(),
                text,
            });
            Vec::new()
        }
        Some(SaidContent::Text(text)) => {
            content.push(Content::Text {
                text,
                provider_state: None,
            });
            Vec::new()
        }
        Some(SaidContent::Parts(parts)) => parts,
    };
    if role == Role::Tool && !parts.is_empty() {
        let text: Vec<String> = parts.into_iter().filter_map(|part| part.text).collect();
        let call_id = said.tool_call_id.unwrap_or_default();
        content.push(Content::ToolResult {
            call_id,
            name: said.name,
            text: text.concat(),
        });
    } else {
        for part in parts {
            content.extend(piece(part, unpriced));
        }
    }
    for call in said.tool_calls.unwrap_or_default() {
        if let Some(function) = call.function {
            content.push(Content::ToolCall {
                id: call.id,
                name: function.name,
                arguments: function.arguments,
                provider_state: None,
            });
        }
    }
    Ok(Message { role, content })
}

fn piece(part: Part, unpriced: &mut Vec<String>) -> Option<Content> {
    match part.kind.as_str() {
        "text" | "refusal" => {
            let text = part.text.or(part.refusal)?;
            Some(Content::Text {
                text,
                provider_state: None,
            })
        }
        "image_url" => {
            let url = part.image_url?.url;
            Some(match data_url(&url) {
                Some((media_type, data)) => Content::Image { media_type, data },
                None => Content::ImageUrl { url },
            })
        }
        other => {
            unpriced.push(format!("messages.content.{other}"));
            None
        }
    }
}

/// Media type and data of a base64 `data:` address.
fn data_url(url: &str) -> Option<(String, String)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let media_type = head.strip_suffix(";base64")?;
    Some((media_type.to_owned(), data.to_owned()))
}

fn tool_choice(choice: Option<&Value>) -> ToolChoice {
    match choice {
        Some(Value::String(word)) if word == "none" => ToolChoice::None,
        Some(Value::String(word)) if word == "required" => ToolChoice::Required,
        Some(Value::Object(named)) => named
            .get("function")
            .and_then(|function| function.get("name"))
            .and_then(Value::as_str)
            .map_or(ToolChoice::Auto, |name| ToolChoice::Named(name.to_owned())),
        _ => ToolChoice::Auto,
    }
}
