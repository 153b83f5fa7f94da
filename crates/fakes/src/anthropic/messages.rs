//! `POST /v1/messages` and its token counter: reads and checks the request, and answers in one piece.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use crate::{
    Ending, Endpoint, ErrorKind, Script, UsagePlace,
    answer::{Answer, Stop},
    call::Call,
    conversation::{Ask, Content, Role},
    fault,
    frames::Frames,
    reply::Reply,
};

use super::{HEADERS, MESSAGE_HEADERS, OLD_VERSION, errors, models, stream};

pub(super) const MESSAGE_ID: &str = "msg_fake1";
pub(super) const SIGNATURE: &str = "ZmFrZSBzaWduYXR1cmU=";

#[derive(Deserialize)]
struct MessagesRequest {
    model: Option<String>,
    max_tokens: Option<u64>,
    messages: Option<Vec<Message>>,
    system: Option<Content>,
    #[serde(default)]
    stream: Option<bool>,
    thinking: Option<Thinking>,
    temperature: Option<IgnoredAny>,
    top_p: Option<IgnoredAny>,
    top_k: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Content,
}

#[derive(Deserialize)]
struct Thinking {
    #[serde(rename = "type")]
    kind: String,
}

pub(super) fn answer(call: &Call<'_>, key: &str, version: &str) -> Reply {
    let request = match read(call) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    if request.max_tokens.is_none() {
        return errors::invalid("max_tokens: Field required");
    }
    if request.max_tokens == Some(0) {
        return errors::invalid("max_tokens: Input should be greater than or equal to 1");
    }
    if version != OLD_VERSION {
        let sampling = [
            ("temperature", &request.temperature),
            ("top_p", &request.top_p),
            ("top_k", &request.top_k),
        ];
        if let Some((name, _)) = sampling.iter().find(|(_, value)| value.is_some()) {
            return errors::invalid(&format!("{name}: Extra inputs are not permitted"));
        }
    }
    let streaming = request.stream.unwrap_or(false);
    let ask = ask(request);
    let script = call.script(Endpoint::Generate, &ask.model, key);
    if let Some(fault) = &script.fault {
        let reply = fault::reply(call, fault, streaming, |kind| {
            errors::reply(kind, &ask.model)
        });
        return call.deliver(reply, &script);
    }
    if let (Ending::Error { kind, .. }, false) = (script.ending, streaming) {
        return call.deliver(errors::reply(kind, &ask.model), &script);
    }
    let answer = Answer::compose(&ask, &script, script.chunks.unwrap_or(1), 1);
    let mut reply = if streaming {
        let frames = stream::Writer::new(&ask.model, &script, &answer).write();
        let frames = frames.close(script.ending, |frames, kind| {
            let (_, body) = errors::render(kind, &ask.model);
            stream::error(frames, &body);
        });
        Reply::new(200, "text/event-stream; charset=utf-8", frames)
    } else {
        Reply::new(200, "application/json", whole(&ask.model, &script, &answer))
    };
    reply.prompt_tokens = answer.usage.input;
    call.deliver(reply.fixed(MESSAGE_HEADERS), &script)
}

pub(super) fn count(call: &Call<'_>, key: &str) -> Reply {
    let ask = match read(call) {
        Ok(request) => ask(request),
        Err(refusal) => return *refusal,
    };
    let script = call.script(Endpoint::CountTokens, &ask.model, key);
    let reply = if let Some(fault) = &script.fault {
        fault::reply(call, fault, false, |kind| errors::reply(kind, &ask.model))
    } else {
        let tokens = script
            .usage
            .map_or(ask.prompt_tokens.max(1), |usage| usage.input);
        Reply::json(200, &json!({"input_tokens": tokens}))
            .breaking(script.ending)
            .fixed(HEADERS)
    };
    call.deliver(reply, &script)
}

/// What both endpoints demand of a body.
fn read(call: &Call<'_>) -> Result<MessagesRequest, Box<Reply>> {
    let refuse = |reply| Err(Box::new(reply));
    let request: MessagesRequest = serde_json::from_slice(&call.request.body).map_err(|error| {
        Box::new(errors::invalid(&format!(
            "The request body is not valid JSON: {error}"
        )))
    })?;
    let Some(model) = request.model.as_deref() else {
        return refuse(errors::invalid("model: Field required"));
    };
    let Some(messages) = &request.messages else {
        return refuse(errors::invalid("messages: Field required"));
    };
    if messages.is_empty() {
        return refuse(errors::invalid(
            "messages: at least one message is required",
        ));
    }
    let stranger = messages
        .iter()
        .position(|message| !matches!(message.role.as_str(), "user" | "assistant"));
    if let Some(index) = stranger {
        return refuse(errors::invalid(&format!(
            "messages.{index}.role: Input should be 'user' or 'assistant'"
        )));
    }
    if !call.knows(model, &models::IDS) {
        return refuse(errors::reply(ErrorKind::UnknownModel, model));
    }
    Ok(request)
}

fn ask(request: MessagesRequest) -> Ask {
    let mut ask = Ask::new(request.model.as_deref().unwrap_or_default());
    ask.limit = request.max_tokens;
    ask.thinks = request
        .thinking
        .is_some_and(|thinking| thinking.kind != "disabled");
    if let Some(system) = request.system {
        let (text, images) = system.into_text();
        ask.add(Role::System, text, images);
    }
    for message in request.messages.unwrap_or_default() {
        let role = if message.role == "user" {
            Role::User
        } else {
            Role::Other
        };
        let (text, images) = message.content.into_text();
        ask.add(role, text, images);
    }
    ask
}

pub(super) fn stop_reason<'a>(answer: &Answer, script: &'a Script) -> &'a str {
    script.finish.as_deref().unwrap_or(match answer.stop {
        Stop::Done => "end_turn",
        Stop::Length => "max_tokens",
        Stop::Tools => "tool_use",
    })
}

fn whole(model: &str, script: &Script, answer: &Answer) -> Frames {
    let mut content: Vec<Value> = Vec::new();
    if !answer.reasoning.text().is_empty() {
        content.push(json!({
            "type": "thinking",
            "thinking": answer.reasoning.text(),
            "signature": SIGNATURE,
        }));
    }
    if !answer.text.text().is_empty() {
        content.push(json!({"type": "text", "text": answer.text.text()}));
    }
    for tool in &answer.tool_calls {
        let input: Value = serde_json::from_str(&tool.arguments).unwrap_or_else(|_| json!({}));
        content.push(json!({"type": "tool_use", "id": tool.id, "name": tool.name, "input": input}));
    }
    let usage = answer.usage;
    let mut body = json!({
        "id": MESSAGE_ID,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": stop_reason(answer, script),
        "stop_sequence": null,
    });
    let told = script.usage_place != UsagePlace::Nowhere;
    if told {
        let mut told = String::new();
        stream::push_input(&mut told, usage);
        stream::push_output(&mut told, usage);
        // Written by hand for the streams and read back here, so that both always say the same.
        body["usage"] = serde_json::from_str(&format!("{{{told},\"service_tier\":\"standard\"}}"))
            .unwrap_or_default();
    }
    let bytes = body.to_string().into_bytes();
    Frames::whole_answer(bytes, told.then_some(usage), usage.output, script.ending)
}
