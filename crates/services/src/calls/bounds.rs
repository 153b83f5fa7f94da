//! How large a request can be at most, and how large it probably is.

use providers::{ChatRequest, Content};

/// Tokens a message costs beside its content, at most.
const PER_MESSAGE: i64 = 16;
/// Tokens of one image at the dearest detail, over every model in the price book: gpt-4o-mini
/// counts 2,833 and 5,667 for each of at most eight tiles.
const PER_IMAGE: i64 = 48_200;
/// Bytes of text a token has on average in running English; other scripts have fewer.
const BYTES_PER_TOKEN: i64 = 4;

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// Input tokens that no tokenizer exceeds: a token is at least one byte.
pub fn input_bound(request: &ChatRequest) -> i64 {
    let read = sum(request, length, PER_IMAGE);
    match raw_messages(request) {
        Some(raw) => read.max(raw),
        None => read,
    }
}

/// The same bound from the messages as they travel: fields that we do not read count as well. The
/// JSON of a text is never shorter than the text; pictures count as pictures, not as base64.
fn raw_messages(request: &ChatRequest) -> Option<i64> {
    let raw = request.raw.as_ref()?;
    let mut bound: i64 = raw.0.values().map(|value| length(value.get())).sum();
    for content in request.messages.iter().flat_map(|message| &message.content) {
        match content {
            Content::Image { data, .. } => bound += PER_IMAGE - length(data),
            Content::ImageUrl { .. } => bound += PER_IMAGE,
            _ => {}
        }
    }
    Some(bound)
}

/// Input tokens to expect: what is booked when a provider tells nothing.
pub fn input_estimate(request: &ChatRequest) -> i64 {
    // An image of usual size.
    sum(request, text_estimate, 1_000)
}

/// Output tokens to expect from bytes that were relayed.
pub fn output_estimate(bytes: i64) -> i64 {
    (bytes.max(0) + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN
}

fn text_estimate(text: &str) -> i64 {
    output_estimate(length(text))
}

fn sum(request: &ChatRequest, text_tokens: impl Fn(&str) -> i64, image_tokens: i64) -> i64 {
    let mut tokens: i64 = 0;
    let mut add = |more: i64| tokens = tokens.saturating_add(more);
    for message in &request.messages {
        add(PER_MESSAGE);
        for content in &message.content {
            match content {
                Content::Text {
                    text,
                    provider_state,
                }
                | Content::Reasoning {
                    text,
                    provider_state,
                } => {
                    add(text_tokens(text));
                    add(provider_state
                        .as_ref()
                        .map_or(0, |state| text_tokens(&state.data)));
                }
                Content::Image { .. } | Content::ImageUrl { .. } => add(image_tokens),
                Content::ToolCall {
                    id,
                    name,
                    arguments,
                    provider_state,
                } => {
                    add(text_tokens(id));
                    add(text_tokens(name));
                    add(text_tokens(arguments));
                    add(provider_state
                        .as_ref()
                        .map_or(0, |state| text_tokens(&state.data)));
                }
                Content::ToolResult {
                    call_id,
                    name,
                    text,
                } => {
                    add(text_tokens(call_id));
                    add(name.as_deref().map_or(0, &text_tokens));
                    add(text_tokens(text));
                }
            }
        }
    }
    if let Some(raw) = &request.raw {
        // What we do not read may be billed as well: every other field counts with its bytes.
        for (name, value) in &raw.0 {
            if name != "messages" {
                add(text_tokens(value.get()));
            }
        }
        return tokens;
    }
    for tool in &request.options.tools {
        add(PER_MESSAGE);
        add(text_tokens(&tool.name));
        add(tool.description.as_deref().map_or(0, &text_tokens));
        add(tool
            .parameters
            .as_ref()
            .map_or(0, |schema| text_tokens(&schema.to_string())));
    }
    if let Some(schema) = &request.options.json_schema {
        add(text_tokens(&schema.to_string()));
    }
    tokens
}
