//! A request in the words of `generateContent`.

use bytes::Bytes;
use domain::messages::ProviderState;
use serde_json::{Map, Value, json};

use super::state::Signature;
use crate::{ChatRequest, Content, Message, Options, Role, ToolChoice};

/// Ids of tool calls to which Gemini gave none; they are ours and do not go back.
pub(super) const OWN_ID: &str = "gemini-";

pub(super) fn body(request: &ChatRequest) -> Bytes {
    let mut body = Map::new();
    body.insert("contents".into(), contents(&request.messages));
    let instructions: Vec<Value> = request
        .messages
        .iter()
        .filter(|message| message.role == Role::System)
        .flat_map(|message| parts(message, &request.messages))
        .collect();
    if !instructions.is_empty() {
        body.insert("systemInstruction".into(), json!({ "parts": instructions }));
    }
    let config = config(request);
    if !config.is_empty() {
        body.insert("generationConfig".into(), config.into());
    }
    tools(&mut body, &request.options);
    Bytes::from(Value::Object(body).to_string())
}

/// The conversation as turns that alternate.
fn contents(messages: &[Message]) -> Value {
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in messages
        .iter()
        .filter(|message| message.role != Role::System)
    {
        let role = if message.role == Role::Assistant {
            "model"
        } else {
            "user"
        };
        let parts = parts(message, messages);
        match turns.last_mut() {
            _ if parts.is_empty() => {}
            Some((last, turn)) if *last == role => turn.extend(parts),
            _ => turns.push((role, parts)),
        }
    }
    turns
        .into_iter()
        .map(|(role, parts)| json!({ "role": role, "parts": parts }))
        .collect()
}

fn parts(message: &Message, all: &[Message]) -> Vec<Value> {
    let mut parts = Vec::new();
    for content in &message.content {
        match content {
            Content::Text {
                text,
                provider_state,
            } => {
                let part = (!text.is_empty()).then(|| json!({ "text": text }));
                signed(&mut parts, part, provider_state.as_ref());
            }
            // A state that was kept behind its part instead of with it.
            Content::Reasoning {
                text,
                provider_state,
            } if text.is_empty() && rejoin(&mut parts, provider_state.as_ref()) => {}
            // Thoughts stay home, but their signatures go back.
            Content::Reasoning {
                text,
                provider_state,
            } => {
                let shown = !text.is_empty() && Signature::of(provider_state.as_ref()).is_some();
                let part = shown.then(|| json!({ "text": text, "thought": true }));
                signed(&mut parts, part, provider_state.as_ref());
            }
            Content::Image { media_type, data } => {
                parts.push(json!({ "inlineData": { "mimeType": media_type, "data": data } }));
            }
            Content::ImageUrl { url } => parts.push(json!({ "fileData": { "fileUri": url } })),
            Content::ToolCall {
                id,
                name,
                arguments,
                provider_state,
            } => {
                let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
                let arguments = if arguments.is_object() {
                    arguments
                } else {
                    json!({})
                };
                let mut call = Map::from_iter([
                    ("name".to_owned(), Value::from(name.as_str())),
                    ("args".to_owned(), arguments),
                ]);
                put_id(&mut call, id);
                signed(
                    &mut parts,
                    Some(json!({ "functionCall": call })),
                    provider_state.as_ref(),
                );
            }
            Content::ToolResult {
                call_id,
                name,
                text,
            } => {
                let name = name
                    .as_deref()
                    .or_else(|| tool_name(all, call_id))
                    .unwrap_or("tool");
                let mut result = Map::from_iter([
                    ("name".to_owned(), Value::from(name)),
                    ("response".to_owned(), result(text)),
                ]);
                put_id(&mut result, call_id);
                parts.push(json!({ "functionResponse": result }));
            }
        }
    }
    parts
}

/// Adds a part with the signature that belongs to it, or behind it.
fn signed(parts: &mut Vec<Value>, part: Option<Value>, state: Option<&ProviderState>) {
    let signature = Signature::of(state);
    let mut part = part;
    match (&mut part, signature) {
        (Some(Value::Object(part)), Some(Signature { text, alone: false })) => {
            part.insert("thoughtSignature".into(), text.into());
        }
        (_, Some(Signature { text, .. })) => {
            parts.extend(part);
            parts.push(json!({ "text": "", "thoughtSignature": text }));
            return;
        }
        (_, None) => {}
    }
    parts.extend(part);
}

/// Gives a signature back to the part before it; false when that is not its place.
fn rejoin(parts: &mut [Value], state: Option<&ProviderState>) -> bool {
    let signature = Signature::of(state).filter(|signature| !signature.alone);
    let part = parts.last_mut().and_then(Value::as_object_mut);
    match (part, signature) {
        (Some(part), Some(signature)) if !part.contains_key("thoughtSignature") => {
            part.insert("thoughtSignature".into(), signature.text.into());
            true
        }
        _ => false,
    }
}

fn put_id(object: &mut Map<String, Value>, id: &str) {
    if !id.is_empty() && !id.starts_with(OWN_ID) {
        object.insert("id".into(), id.into());
    }
}

/// The name of the tool that was called under an id, most recently.
fn tool_name<'a>(messages: &'a [Message], wanted: &str) -> Option<&'a str> {
    messages
        .iter()
        .rev()
        .flat_map(|message| &message.content)
        .find_map(|content| match content {
            Content::ToolCall { id, name, .. } if id == wanted => Some(name.as_str()),
            _ => None,
        })
}

/// A result as an object, which is all the API takes.
fn result(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Value::Object(object),
        _ => json!({ "result": text }),
    }
}

fn config(request: &ChatRequest) -> Map<String, Value> {
    let mut config = Map::new();
    let options = &request.options;
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            config.insert(name.into(), value);
        }
    };
    put("temperature", options.temperature.map(Value::from));
    put("topP", options.top_p.map(Value::from));
    put("maxOutputTokens", request.max_output.map(Value::from));
    put(
        "stopSequences",
        (!options.stop.is_empty()).then(|| options.stop.clone().into()),
    );
    if options.json_object || options.json_schema.is_some() {
        put("responseMimeType", Some("application/json".into()));
    }
    put("responseJsonSchema", options.json_schema.clone());
    let effort = options.reasoning_effort.as_deref();
    put(
        "thinkingConfig",
        effort.and_then(|word| thinking(&request.model, word)),
    );
    config
}

/// Models up to 2.5 take a budget of tokens, later ones a level.
fn thinking(model: &str, effort: &str) -> Option<Value> {
    let (level, budget) = match effort {
        "none" | "minimal" => ("minimal", 512),
        "low" => ("low", 1_024),
        "medium" => ("medium", 8_192),
        "high" | "xhigh" | "max" => ("high", 24_576),
        _ => return None,
    };
    Some(if model.contains("gemini-2") {
        json!({ "includeThoughts": true, "thinkingBudget": budget })
    } else {
        json!({ "includeThoughts": true, "thinkingLevel": level })
    })
}

fn tools(body: &mut Map<String, Value>, options: &Options) {
    if options.tools.is_empty() {
        return;
    }
    let functions = options.tools.iter().map(|tool| {
        let mut function = Map::from_iter([("name".to_owned(), Value::from(tool.name.as_str()))]);
        if let Some(description) = &tool.description {
            function.insert("description".into(), description.as_str().into());
        }
        if let Some(parameters) = &tool.parameters {
            // `parameters` takes a subset of JSON Schema only.
            function.insert("parametersJsonSchema".into(), parameters.clone());
        }
        Value::Object(function)
    });
    let functions: Value = functions.collect();
    body.insert(
        "tools".into(),
        json!([{ "functionDeclarations": functions }]),
    );
    let choice = match &options.tool_choice {
        ToolChoice::Auto => return,
        ToolChoice::None => json!({ "mode": "NONE" }),
        ToolChoice::Required => json!({ "mode": "ANY" }),
        ToolChoice::Named(name) => json!({ "mode": "ANY", "allowedFunctionNames": [name] }),
    };
    body.insert(
        "toolConfig".into(),
        json!({ "functionCallingConfig": choice }),
    );
}

#[cfg(test)]
mod tests {
    use domain::connections::ProviderKind;
    use domain::messages::ProviderState;
    use serde_json::{Value, json};

    use super::body;
    use crate::{ChatRequest, Content, Message, Options, Role, Tool, ToolChoice};

    fn sent(model: &str, messages: Vec<Message>, options: Options) -> Value {
        let request = ChatRequest {
            model: model.into(),
            messages,
            max_output: Some(7),
            stream: true,
            options,
            raw: None,
        };
        serde_json::from_slice(&body(&request)).unwrap()
    }

    #[test]
    fn a_conversation_uses_googles_roles() {
        let messages = vec![
            Message::text(Role::System, "be kind"),
            Message::text(Role::User, "a"),
            Message::text(Role::User, "b"),
            Message::text(Role::Assistant, "c"),
        ];
        assert_eq!(
            sent("gemini-3.8-flash", messages, Options::default()),
            json!({
                "contents": [
                    {"role": "user", "parts": [{"text": "a"}, {"text": "b"}]},
                    {"role": "model", "parts": [{"text": "c"}]},
                ],
                "systemInstruction": {"parts": [{"text": "be kind"}]},
                "generationConfig": {"maxOutputTokens": 7},
            })
        );
    }

    #[test]
    fn signatures_go_back_where_they_came_from() {
        let state = |data: &str| {
            Some(ProviderState {
                kind: ProviderKind::Gemini,
                data: data.into(),
            })
        };
        let foreign = Some(ProviderState {
            kind: ProviderKind::Anthropic,
            data: r#"{"thoughtSignature":"x"}"#.into(),
        });
        let call = |id: &str, provider_state| Content::ToolCall {
            id: id.into(),
            name: "look".into(),
            arguments: r#"{"q":1}"#.into(),
            provider_state,
        };
        let text = |text: &str, provider_state| Content::Text {
            text: text.into(),
            provider_state,
        };
        let result = |id: &str, text: &str| Content::ToolResult {
            call_id: id.into(),
            name: None,
            text: text.into(),
        };
        let content = vec![
            Content::Reasoning {
                text: "hm".into(),
                provider_state: None,
            },
            text("one", state(r#"{"thoughtSignature":"A"}"#)),
            text("two", state(r#"{"thoughtSignature":"B","alone":true}"#)),
            text("three", foreign),
            Content::Reasoning {
                text: String::new(),
                provider_state: state(r#"{"thoughtSignature":"C","alone":true}"#),
            },
            call(
                "gemini-r1-0",
                state(r#"{"thoughtSignature":"D","alone":false}"#),
            ),
            call("theirs", None),
            Content::Reasoning {
                text: String::new(),
                provider_state: state(r#"{"thoughtSignature":"E","alone":false}"#),
            },
        ];
        let messages = vec![
            Message {
                role: Role::Assistant,
                content,
            },
            Message {
                role: Role::Tool,
                content: vec![
                    result("gemini-r1-0", "plain"),
                    result("theirs", r#"{"a":1}"#),
                ],
            },
        ];
        let value = sent("gemini-3.8-flash", messages, Options::default());
        assert_eq!(
            value["contents"][0]["parts"],
            json!([
                {"text": "one", "thoughtSignature": "A"},
                {"text": "two"},
                {"text": "", "thoughtSignature": "B"},
                {"text": "three"},
                {"text": "", "thoughtSignature": "C"},
                {"functionCall": {"name": "look", "args": {"q": 1}}, "thoughtSignature": "D"},
                {"functionCall": {"name": "look", "args": {"q": 1}, "id": "theirs"}, "thoughtSignature": "E"},
            ])
        );
        assert_eq!(
            value["contents"][1],
            json!({"role": "user", "parts": [
                {"functionResponse": {"name": "look", "response": {"result": "plain"}}},
                {"functionResponse": {"name": "look", "response": {"a": 1}, "id": "theirs"}},
            ]})
        );
    }

    #[test]
    fn options_have_their_own_names() {
        let options = Options {
            stop: vec!["END".into()],
            reasoning_effort: Some("low".into()),
            json_schema: Some(json!({"type": "object"})),
            tools: vec![Tool {
                name: "f".into(),
                description: None,
                parameters: Some(json!({"type": "object"})),
            }],
            tool_choice: ToolChoice::Named("f".into()),
            ..Options::default()
        };
        let asked = |model| sent(model, vec![Message::text(Role::User, "q")], options.clone());
        let value = asked("gemini-3.8-flash");
        assert_eq!(
            value["generationConfig"],
            json!({
                "maxOutputTokens": 7,
                "stopSequences": ["END"],
                "responseMimeType": "application/json",
                "responseJsonSchema": {"type": "object"},
                "thinkingConfig": {"includeThoughts": true, "thinkingLevel": "low"},
            })
        );
        assert_eq!(
            value["tools"],
            json!([{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"type": "object"}}]}])
        );
        assert_eq!(
            value["toolConfig"],
            json!({"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}})
        );
        let old = asked("gemini-2.5-pro");
        assert_eq!(
            old["generationConfig"]["thinkingConfig"],
            json!({"includeThoughts": true, "thinkingBudget": 1024})
        );
    }
}
