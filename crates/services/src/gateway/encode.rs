//! Spelling answers of other dialects as OpenAI chat completions.

use bytes::Bytes;
use domain::{CallId, Usage};
use providers::{Event, Finish};
use serde_json::{Map, Value, json};

/// What every chunk of one answer says alike.
pub(super) struct Spelling {
    pub(super) id: CallId,
    /// Unix seconds.
    pub(super) created: i64,
    /// The model as the client named it.
    pub(super) model: String,
    pub(super) wants_usage: bool,
}

/// The terminator of a stream.
pub(super) const DONE: &[u8] = b"data: [DONE]\n\n";

impl Spelling {
    fn chunk(&self, choices: &Value, usage: &Value) -> String {
        let mut chunk = json!({
            "id": format!("chatcmpl-{}", self.id),
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        });
        if self.wants_usage {
            chunk["usage"] = usage.clone();
        }
        format!("data: {chunk}\n\n")
    }

    /// The chunks of some events; `begun` is whether the role has been said.
    pub(super) fn chunks(&self, events: &[Event], begun: &mut bool) -> Bytes {
        let mut text = String::new();
        for event in events {
            let Some((mut delta, finish)) = delta(event) else {
                continue;
            };
            if !*begun {
                *begun = true;
                delta.insert("role".into(), json!("assistant"));
            }
            let choice =
                json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }]);
            text.push_str(&self.chunk(&choice, &Value::Null));
        }
        text.into()
    }

    /// The chunk that tells the usage.
    pub(super) fn usage_chunk(&self, usage: &Usage) -> Bytes {
        self.chunk(&json!([]), &usage_json(usage)).into()
    }

    /// A whole answer.
    pub(super) fn completion(&self, events: &[Event], usage: &Usage) -> Bytes {
        let mut content = String::new();
        let mut reasoning = String::new();
        let mut calls: Vec<(u32, String, String, String)> = Vec::new();
        let mut finish = Value::String("stop".into());
        for event in events {
            match event {
                Event::Text(text) => content.push_str(text),
                Event::Reasoning(text) => reasoning.push_str(text),
                Event::ToolCall {
                    index,
                    id,
                    name,
                    arguments,
                } => {
                    let at = calls.iter().position(|(known, ..)| known == index);
                    let at = at.unwrap_or_else(|| {
                        calls.push((*index, String::new(), String::new(), String::new()));
                        calls.len() - 1
                    });
                    let call = &mut calls[at];
                    if let Some(id) = id {
                        call.1.clone_from(id);
                    }
                    if let Some(name) = name {
                        call.2.clone_from(name);
                    }
                    call.3.push_str(arguments);
                }
                Event::Finish(reason) => finish = finish_word(*reason),
                _ => {}
            }
        }
        let mut message = json!({
            "role": "assistant",
            "content": if content.is_empty() && !calls.is_empty() { Value::Null } else { content.into() },
            "refusal": null,
        });
        if !reasoning.is_empty() {
            message["reasoning_content"] = reasoning.into();
        }
        if !calls.is_empty() {
            let calls = calls.into_iter().map(|(_, id, name, arguments)| {
                json!({
                    "id": id,
                    "type": "function",
                    "function": { "name": name, "arguments": arguments },
                })
            });
            message["tool_calls"] = calls.collect();
        }
        let body = json!({
            "id": format!("chatcmpl-{}", self.id),
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [{
                "index": 0,
                "message": message,
                "logprobs": null,
                "finish_reason": finish,
            }],
            "usage": usage_json(usage),
        });
        body.to_string().into()
    }
}

/// What an event adds to a message, and why it ends there.
fn delta(event: &Event) -> Option<(Map<String, Value>, Value)> {
    let mut delta = Map::new();
    let mut finish = Value::Null;
    match event {
        Event::Text(text) => {
            delta.insert("content".into(), json!(text));
        }
        Event::Reasoning(text) => {
            delta.insert("reasoning_content".into(), json!(text));
        }
        Event::ToolCall {
            index,
            id,
            name,
            arguments,
        } => {
            let mut function = Map::new();
            if let Some(name) = name {
                function.insert("name".into(), json!(name));
            }
            function.insert("arguments".into(), json!(arguments));
            let mut call = Map::new();
            call.insert("index".into(), json!(index));
            if let Some(id) = id {
                call.insert("id".into(), json!(id));
                call.insert("type".into(), json!("function"));
            }
            call.insert("function".into(), Value::Object(function));
            delta.insert("tool_calls".into(), json!([call]));
        }
        Event::Finish(reason) => finish = finish_word(*reason),
        Event::State(_)
        | Event::Citation { .. }
        | Event::Usage(_)
        | Event::Cost(_)
        | Event::Other { .. }
        | Event::Done => return None,
    }
    Some((delta, finish))
}

fn finish_word(finish: Finish) -> Value {
    let word = match finish {
        Finish::Stop | Finish::Other => "stop",
        Finish::Length => "length",
        Finish::ToolCalls => "tool_calls",
        Finish::ContentFilter => "content_filter",
    };
    Value::String(word.into())
}

/// Usage in the OpenAI form. Unknown totals are zero there, as the clients' types demand.
fn usage_json(usage: &Usage) -> Value {
    let (input, output) = (usage.input.unwrap_or(0), usage.output.unwrap_or(0));
    json!({
        "prompt_tokens": input,
        "completion_tokens": output,
        "total_tokens": input.saturating_add(output),
        "prompt_tokens_details": {
            "cached_tokens": usage.cached_input.unwrap_or(0),
            "cache_write_tokens":
                usage.cache_write.unwrap_or(0).saturating_add(usage.cache_write_1h.unwrap_or(0)),
        },
        "completion_tokens_details": { "reasoning_tokens": usage.reasoning.unwrap_or(0) },
    })
}
