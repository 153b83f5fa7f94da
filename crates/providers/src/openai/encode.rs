//! A request in the words of chat completions.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::Dialect;
use crate::{ChatRequest, Content, Message, Options, Role, ToolChoice};

pub(super) fn body(dialect: Dialect, request: &ChatRequest) -> Bytes {
    let mut body = Map::new();
    body.insert("model".into(), request.model.as_str().into());
    let messages = request
        .messages
        .iter()
        .flat_map(|message| messages(dialect, message));
    body.insert("messages".into(), messages.collect());
    if let Some(most) = request.max_output {
        body.insert(dialect.output_limit.into(), most.into());
    }
    if request.stream {
        body.insert("stream".into(), true.into());
        if dialect.stream_options {
            body.insert("stream_options".into(), json!({ "include_usage": true }));
        }
    }
    options(&mut body, &request.options);
    Bytes::from(Value::Object(body).to_string())
}

fn options(body: &mut Map<String, Value>, options: &Options) {
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.into(), value);
        }
    };
    put("temperature", options.temperature.map(Value::from));
    put("top_p", options.top_p.map(Value::from));
    put(
        "stop",
        (!options.stop.is_empty()).then(|| options.stop.clone().into()),
    );
    put("n", options.n.map(Value::from));
    put(
        "reasoning_effort",
        options.reasoning_effort.clone().map(Value::from),
    );
    if let Some(schema) = &options.json_schema {
        let format =
            json!({ "type": "json_schema", "json_schema": { "name": "reply", "schema": schema } });
        put("response_format", Some(format));
    } else if options.json_object {
        put("response_format", Some(json!({ "type": "json_object" })));
    }
    if options.tools.is_empty() {
        return;
    }
    let tools = options.tools.iter().map(|tool| {
        let mut function = Map::new();
        function.insert("name".into(), tool.name.as_str().into());
        if let Some(description) = &tool.description {
            function.insert("description".into(), description.as_str().into());
        }
        if let Some(parameters) = &tool.parameters {
            function.insert("parameters".into(), parameters.clone());
        }
        json!({ "type": "function", "function": function })
    });
    put("tools", Some(tools.collect()));
    put(
        "tool_choice",
        match &options.tool_choice {
            ToolChoice::Auto => None,
            ToolChoice::None => Some("none".into()),
            ToolChoice::Required => Some("required".into()),
            ToolChoice::Named(name) => {
                Some(json!({ "type": "function", "function": { "name": name } }))
            }
        },
    );
}

/// One message, or several: every tool result is a message of its own.
fn messages(dialect: Dialect, message: &Message) -> Vec<Value> {
    let mut sent = Vec::new();
    let mut parts = Vec::new();
    let mut calls = Vec::new();
    let mut reasoning = String::new();
    for content in &message.content {
        match content {
            Content::Text { text, .. } => parts.push(json!({ "type": "text", "text": text })),
            Content::Reasoning { text, .. } => reasoning.push_str(text),
            Content::Image { media_type, data } => {
                parts.push(image(&format!("data:{media_type};base64,{data}")));
            }
            Content::ImageUrl { url } => parts.push(image(url)),
            Content::ToolCall {
                id,
                name,
                arguments,
                ..
            } => calls.push(json!({
                "id": id,
                "type": "function",
                "function": { "name": name, "arguments": arguments },
            })),
            Content::ToolResult { call_id, text, .. } => {
                sent.push(json!({ "role": "tool", "tool_call_id": call_id, "content": text }));
            }
        }
    }
    if parts.is_empty() && calls.is_empty() {
        return sent;
    }
    let mut main = Map::new();
    main.insert("role".into(), role(message.role).into());
    main.insert("content".into(), plain_where_possible(parts));
    if !calls.is_empty() {
        main.insert("tool_calls".into(), calls.into());
    }
    if dialect.returns_reasoning && message.role == Role::Assistant && !reasoning.is_empty() {
        main.insert("reasoning_content".into(), reasoning.into());
    }
    sent.push(Value::Object(main));
    sent
}

fn image(url: &str) -> Value {
    json!({ "type": "image_url", "image_url": { "url": url } })
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        // Text beside tool results is the person's.
        Role::User | Role::Tool => "user",
        Role::Assistant => "assistant",
    }
}

/// Text alone as a string: small servers know nothing else.
fn plain_where_possible(parts: Vec<Value>) -> Value {
    if parts.is_empty() {
        return Value::Null;
    }
    let texts: Option<Vec<&str>> = parts
        .iter()
        .map(|part| part.get("text")?.as_str())
        .collect();
    match texts {
        Some(texts) => texts.concat().into(),
        None => parts.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Dialect, body};
    use crate::{ChatRequest, Content, Message, Options, Role, Tool, ToolChoice};

    const DIALECT: Dialect = Dialect {
        output_limit: "max_completion_tokens",
        stream_options: true,
        returns_reasoning: false,
    };

    fn request(messages: Vec<Message>) -> ChatRequest {
        ChatRequest {
            model: "m".into(),
            messages,
            max_output: None,
            stream: false,
            options: Options::default(),
            raw: None,
        }
    }

    fn sent(dialect: Dialect, request: &ChatRequest) -> Value {
        serde_json::from_slice(&body(dialect, request)).unwrap()
    }

    #[test]
    fn a_plain_conversation_is_plain() {
        let messages = vec![
            Message::text(Role::System, "be kind"),
            Message::text(Role::User, "hi"),
        ];
        assert_eq!(
            sent(
                DIALECT,
                &ChatRequest {
                    stream: true,
                    max_output: Some(9),
                    ..request(messages)
                }
            ),
            json!({
                "model": "m",
                "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}],
                "max_completion_tokens": 9,
                "stream": true,
                "stream_options": {"include_usage": true},
            })
        );
    }

    #[test]
    fn tools_pictures_and_results_find_their_places() {
        let call = Content::ToolCall {
            id: "c1".into(),
            name: "look".into(),
            arguments: "{}".into(),
            provider_state: None,
        };
        let result = Content::ToolResult {
            call_id: "c1".into(),
            name: None,
            text: "found".into(),
        };
        let thought = Content::Reasoning {
            text: "hm".into(),
            provider_state: None,
        };
        let picture = Content::Image {
            media_type: "image/png".into(),
            data: "QQ==".into(),
        };
        let messages = vec![
            Message {
                role: Role::User,
                content: vec![picture],
            },
            Message {
                role: Role::Assistant,
                content: vec![thought, call],
            },
            Message {
                role: Role::Tool,
                content: vec![result],
            },
        ];
        let options = Options {
            tools: vec![Tool {
                name: "look".into(),
                description: None,
                parameters: Some(json!({"type": "object"})),
            }],
            tool_choice: ToolChoice::Named("look".into()),
            ..Options::default()
        };
        let asked = ChatRequest {
            options,
            ..request(messages)
        };
        let value = sent(DIALECT, &asked);
        assert_eq!(
            value["messages"],
            json!([
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}}]},
                {"role": "assistant", "content": null, "tool_calls":
                    [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": "c1", "content": "found"},
            ])
        );
        assert_eq!(
            value["tool_choice"],
            json!({"type": "function", "function": {"name": "look"}})
        );
        let deepseek = Dialect {
            returns_reasoning: true,
            ..DIALECT
        };
        assert_eq!(
            sent(deepseek, &asked)["messages"][1]["reasoning_content"],
            "hm"
        );
    }
}
