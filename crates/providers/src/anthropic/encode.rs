//! A request in the words of the messages API.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::state;
use crate::{ChatRequest, Content, Message, Options, Role, ToolChoice};

/// The API wants a maximum where the caller has none.
const DEFAULT_OUTPUT: i64 = 8_192;

pub(super) fn body(request: &ChatRequest) -> Bytes {
    let mut body = Map::new();
    body.insert("model".into(), request.model.as_str().into());
    body.insert(
        "max_tokens".into(),
        request.max_output.unwrap_or(DEFAULT_OUTPUT).into(),
    );
    let system = system(&request.messages);
    if !system.is_empty() {
        body.insert("system".into(), system.into());
    }
    body.insert("messages".into(), turns(&request.messages));
    if request.stream {
        body.insert("stream".into(), true.into());
    }
    options(&mut body, &request.options);
    Bytes::from(Value::Object(body).to_string())
}

/// All instructions, wherever they stand: the API knows them only at the top.
fn system(messages: &[Message]) -> String {
    let instructions = messages
        .iter()
        .filter(|message| message.role == Role::System);
    let texts = instructions
        .flat_map(|message| &message.content)
        .filter_map(|content| match content {
            Content::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// The conversation as turns that alternate and begin with the user.
fn turns(messages: &[Message]) -> Value {
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in messages
        .iter()
        .filter(|message| message.role != Role::System)
    {
        let role = if message.role == Role::Assistant {
            "assistant"
        } else {
            "user"
        };
        let blocks: Vec<Value> = message.content.iter().filter_map(block).collect();
        if blocks.is_empty() {
            continue;
        }
        match turns.last_mut() {
            Some((last, turn)) if *last == role => turn.extend(blocks),
            _ => turns.push((role, blocks)),
        }
    }
    if turns.first().is_some_and(|(role, _)| *role == "assistant") {
        turns.insert(0, ("user", vec![json!({ "type": "text", "text": "…" })]));
    }
    for (_, blocks) in &mut turns {
        // Tool results must come before anything else the user says in the same turn.
        blocks.sort_by_key(|block| block.get("type").is_none_or(|kind| kind != "tool_result"));
    }
    let turns = turns
        .into_iter()
        .map(|(role, content)| json!({ "role": role, "content": content }));
    turns.collect()
}

/// `None` for what this API does not take: empty texts, and reasoning that is not its own.
fn block(content: &Content) -> Option<Value> {
    Some(match content {
        Content::Text { text, .. } if text.trim().is_empty() => return None,
        Content::Text { text, .. } => json!({ "type": "text", "text": text }),
        Content::Reasoning {
            text,
            provider_state,
        } => {
            return state::block(text, provider_state.as_ref());
        }
        Content::Image { media_type, data } => json!({
            "type": "image",
            "source": { "type": "base64", "media_type": media_type, "data": data },
        }),
        Content::ImageUrl { url } => {
            json!({ "type": "image", "source": { "type": "url", "url": url } })
        }
        Content::ToolCall {
            id,
            name,
            arguments,
            ..
        } => json!({
            "type": "tool_use",
            "id": id,
            "name": name,
            "input": input(arguments),
        }),
        Content::ToolResult { call_id, text, .. } => {
            json!({ "type": "tool_result", "tool_use_id": call_id, "content": text })
        }
    })
}

/// The arguments as an object, which is all the API takes.
fn input(arguments: &str) -> Value {
    match serde_json::from_str(arguments) {
        Ok(Value::Object(object)) => Value::Object(object),
        _ => json!({}),
    }
}

fn options(body: &mut Map<String, Value>, options: &Options) {
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.into(), value);
        }
    };
    // The scale ends at 1 here.
    put(
        "temperature",
        options
            .temperature
            .map(|temperature| temperature.min(1.0).into()),
    );
    put("top_p", options.top_p.map(Value::from));
    put(
        "stop_sequences",
        (!options.stop.is_empty()).then(|| options.stop.clone().into()),
    );
    let mut output = Map::new();
    if let Some(effort) = options.reasoning_effort.as_deref().and_then(effort) {
        output.insert("effort".into(), effort.into());
    }
    if let Some(schema) = &options.json_schema {
        output.insert(
            "format".into(),
            json!({ "type": "json_schema", "schema": schema }),
        );
    }
    put(
        "output_config",
        (!output.is_empty()).then_some(Value::Object(output)),
    );
    if options.tools.is_empty() {
        return;
    }
    let tools = options.tools.iter().map(|tool| {
        let schema = tool
            .parameters
            .clone()
            .unwrap_or_else(|| json!({ "type": "object" }));
        let mut sent = Map::from_iter([
            ("name".to_owned(), Value::from(tool.name.as_str())),
            ("input_schema".to_owned(), schema),
        ]);
        if let Some(description) = &tool.description {
            sent.insert("description".into(), description.as_str().into());
        }
        Value::Object(sent)
    });
    put("tools", Some(tools.collect()));
    put(
        "tool_choice",
        match &options.tool_choice {
            ToolChoice::Auto => None,
            ToolChoice::None => Some(json!({ "type": "none" })),
            ToolChoice::Required => Some(json!({ "type": "any" })),
            ToolChoice::Named(name) => Some(json!({ "type": "tool", "name": name })),
        },
    );
}

/// The nearest word of this API's scale, which has no "not at all".
fn effort(word: &str) -> Option<&'static str> {
    Some(match word {
        "none" | "minimal" | "low" => "low",
        "medium" => "medium",
        "high" => "high",
        "xhigh" | "max" => "max",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use domain::connections::ProviderKind;
    use domain::messages::ProviderState;
    use serde_json::{Value, json};

    use super::body;
    use crate::{ChatRequest, Content, Message, Options, Role, Tool, ToolChoice};

    fn sent(messages: Vec<Message>, options: Options) -> Value {
        let request = ChatRequest {
            model: "claude".into(),
            messages,
            max_output: None,
            stream: true,
            options,
            raw: None,
        };
        serde_json::from_slice(&body(&request)).unwrap()
    }

    #[test]
    fn turns_alternate_and_instructions_stand_at_the_top() {
        let messages = vec![
            Message::text(Role::System, "one"),
            Message::text(Role::Assistant, "welcome"),
            Message::text(Role::User, "a"),
            Message::text(Role::User, "b"),
            Message::text(Role::Assistant, " "),
            Message::text(Role::System, "two"),
        ];
        let text = |text: &str| json!({ "type": "text", "text": text });
        assert_eq!(
            sent(messages, Options::default()),
            json!({
                "model": "claude",
                "max_tokens": 8192,
                "stream": true,
                "system": "one\n\ntwo",
                "messages": [
                    {"role": "user", "content": [text("…")]},
                    {"role": "assistant", "content": [text("welcome")]},
                    {"role": "user", "content": [text("a"), text("b")]},
                ],
            })
        );
    }

    #[test]
    fn thinking_goes_back_unchanged_and_only_to_its_maker() {
        let state = |kind, data: &str| {
            Some(ProviderState {
                kind,
                data: data.into(),
            })
        };
        let thought = |text: &str, provider_state| Content::Reasoning {
            text: text.into(),
            provider_state,
        };
        let content = vec![
            thought(
                "a",
                state(
                    ProviderKind::Anthropic,
                    r#"{"type":"thinking","signature":"c2ln"}"#,
                ),
            ),
            thought(
                "",
                state(
                    ProviderKind::Anthropic,
                    r#"{"type":"redacted_thinking","data":"eA=="}"#,
                ),
            ),
            thought(
                "b",
                state(ProviderKind::Gemini, r#"{"thoughtSignature":"x"}"#),
            ),
            thought("c", None),
            Content::ToolCall {
                id: "t".into(),
                name: "f".into(),
                arguments: String::new(),
                provider_state: None,
            },
        ];
        let result = Content::ToolResult {
            call_id: "t".into(),
            name: None,
            text: "ok".into(),
        };
        let messages = vec![
            Message::text(Role::User, "q"),
            Message {
                role: Role::Assistant,
                content,
            },
            Message::text(Role::User, "and?"),
            Message {
                role: Role::Tool,
                content: vec![result],
            },
        ];
        let value = sent(messages, Options::default());
        assert_eq!(
            value["messages"][1]["content"],
            json!([
                {"type": "thinking", "thinking": "a", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "eA=="},
                {"type": "tool_use", "id": "t", "name": "f", "input": {}},
            ])
        );
        assert_eq!(value["messages"][2]["content"][0]["type"], "tool_result");
        assert_eq!(value["messages"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn options_have_their_own_names() {
        let options = Options {
            stop: vec!["END".into()],
            reasoning_effort: Some("minimal".into()),
            json_schema: Some(json!({"type": "object"})),
            tools: vec![Tool {
                name: "f".into(),
                description: Some("d".into()),
                parameters: None,
            }],
            tool_choice: ToolChoice::Required,
            ..Options::default()
        };
        let value = sent(vec![Message::text(Role::User, "q")], options);
        assert_eq!(value["stop_sequences"], json!(["END"]));
        assert_eq!(
            value["output_config"],
            json!({"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}})
        );
        assert_eq!(
            value["tools"],
            json!([{"name": "f", "description": "d", "input_schema": {"type": "object"}}])
        );
        assert_eq!(value["tool_choice"], json!({"type": "any"}));
        assert_eq!((value.get("temperature"), value.get("top_p")), (None, None));
    }
}
