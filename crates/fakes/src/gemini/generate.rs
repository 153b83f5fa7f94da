//! `generateContent`, `streamGenerateContent` and `countTokens`: reads and checks the request, and answers.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use crate::{
    Ending, Endpoint, ErrorKind, Usage,
    answer::Answer,
    call::Call,
    conversation::{Ask, Role},
    fault,
    frames::Frames,
    reply::Reply,
};

use super::{
    errors::{self, Shape},
    models,
    stream::{self, Writer},
};

/// Unknown members are refused, as by the original.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GenerateRequest {
    contents: Option<Vec<Turn>>,
    #[serde(alias = "system_instruction")]
    system_instruction: Option<Turn>,
    #[serde(alias = "generation_config")]
    generation_config: Option<GenerationConfig>,
    #[serde(rename = "safetySettings", alias = "safety_settings")]
    _safety_settings: Option<IgnoredAny>,
    #[serde(rename = "tools")]
    _tools: Option<IgnoredAny>,
    #[serde(rename = "toolConfig", alias = "tool_config")]
    _tool_config: Option<IgnoredAny>,
    #[serde(rename = "cachedContent", alias = "cached_content")]
    _cached_content: Option<IgnoredAny>,
    #[serde(rename = "serviceTier", alias = "service_tier")]
    _service_tier: Option<IgnoredAny>,
    #[serde(rename = "labels")]
    _labels: Option<IgnoredAny>,
    #[serde(rename = "store")]
    _store: Option<IgnoredAny>,
    #[serde(rename = "model")]
    _model: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Turn {
    role: Option<String>,
    #[serde(default)]
    parts: Vec<TurnPart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TurnPart {
    text: Option<String>,
    #[serde(alias = "inline_data", alias = "fileData", alias = "file_data")]
    inline_data: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig {
    #[serde(alias = "max_output_tokens")]
    max_output_tokens: Option<u64>,
    #[serde(alias = "response_mime_type")]
    response_mime_type: Option<String>,
    #[serde(alias = "thinking_config")]
    thinking_config: Option<ThinkingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThinkingConfig {
    #[serde(default, alias = "include_thoughts")]
    include_thoughts: bool,
}

/// The body of `countTokens`: the contents alone, or a whole request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CountRequest {
    contents: Option<Vec<Turn>>,
    #[serde(alias = "generate_content_request")]
    generate_content_request: Option<GenerateRequest>,
}

pub(super) fn whole(call: &Call<'_>, key: &str, model: &str) -> Reply {
    generate(call, key, model, None, Shape::Object)
}

pub(super) fn stream(call: &Call<'_>, key: &str, model: &str, shape: Shape) -> Reply {
    generate(call, key, model, Some(shape), shape)
}

/// `streaming` is the shape of the stream, `None` for a whole answer.
fn generate(
    call: &Call<'_>,
    key: &str,
    model: &str,
    streaming: Option<Shape>,
    shape: Shape,
) -> Reply {
    let ask = match read(call, model, shape) {
        Ok(ask) => ask,
        Err(refusal) => return *refusal,
    };
    let script = call.script(Endpoint::Generate, model, key);
    if let Some(fault) = &script.fault {
        let reply = fault::reply(call, fault, streaming.is_some(), |kind| {
            errors::reply(kind, model, shape)
        });
        return call.deliver(reply, &script);
    }
    if let (Ending::Error { kind, .. }, None) = (script.ending, streaming) {
        return call.deliver(errors::reply(kind, model, shape), &script);
    }
    let answer = Answer::compose(&ask, &script, script.chunks.unwrap_or(1), 1);
    let mut reply = if let Some(shape) = streaming {
        let frames = Writer::new(model, &script, &answer, shape).write();
        let frames = frames.close(script.ending, |frames, kind| {
            stream::error(frames, &errors::render(kind, model), shape);
        });
        let content_type = match shape {
            Shape::Object => "text/event-stream",
            Shape::Array => "application/json; charset=UTF-8",
        };
        Reply::new(200, content_type, frames)
    } else {
        let (body, usage) = stream::whole(model, &script, &answer);
        let Usage { output, .. } = answer.usage;
        let frames = Frames::whole_answer(body.into_bytes(), usage, output, script.ending);
        Reply::new(200, "application/json; charset=UTF-8", frames)
    };
    reply.prompt_tokens = answer.usage.input;
    call.deliver(
        reply.fixed(&[("vary", "X-Origin"), ("server-timing", "gfet4t7; dur=12")]),
        &script,
    )
}

pub(super) fn count(call: &Call<'_>, key: &str, model: &str) -> Reply {
    let Ok(request) = serde_json::from_slice::<CountRequest>(&call.request.body) else {
        return errors::reply(ErrorKind::Invalid, model, Shape::Object);
    };
    if !call.knows(model, &models::CHAT) {
        return errors::reply(ErrorKind::UnknownModel, model, Shape::Object);
    }
    let mut ask = Ask::new(model);
    let inner = request.generate_content_request;
    let (system, inner) = inner.map_or((None, None), |inner| {
        (inner.system_instruction, inner.contents)
    });
    add_turns(
        &mut ask,
        system,
        request.contents.or(inner).unwrap_or_default(),
    );
    let script = call.script(Endpoint::CountTokens, model, key);
    let reply = if let Some(fault) = &script.fault {
        let render = |kind| errors::reply(kind, model, Shape::Object);
        fault::reply(call, fault, false, render)
    } else {
        let tokens = script
            .usage
            .map_or(ask.prompt_tokens.max(1), |usage| usage.input);
        let body = json!({
            "totalTokens": tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}],
        });
        Reply::json(200, &body).breaking(script.ending)
    };
    call.deliver(reply, &script)
}

fn read(call: &Call<'_>, model: &str, shape: Shape) -> Result<Ask, Box<Reply>> {
    let refuse = |reply| Err(Box::new(reply));
    let request: GenerateRequest = serde_json::from_slice(&call.request.body).map_err(|error| {
        let text = error.to_string();
        let stranger = text
            .strip_prefix("unknown field `")
            .and_then(|rest| rest.split_once('`'));
        let message = match stranger {
            Some((name, _)) => format!(
                "Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
            ),
            None => format!("Invalid JSON payload received. {text}"),
        };
        Box::new(errors::invalid(&message, shape))
    })?;
    if !call.knows(model, &models::CHAT) {
        return refuse(errors::reply(ErrorKind::UnknownModel, model, shape));
    }
    let contents = request.contents.unwrap_or_default();
    if contents.is_empty() {
        let message = "* GenerateContentRequest.contents: contents is not specified\n";
        return refuse(errors::invalid(message, shape));
    }
    let mut roles = contents.iter().filter_map(|turn| turn.role.as_deref());
    if roles.any(|role| !matches!(role, "user" | "model" | "function")) {
        return refuse(errors::invalid(
            "Please use a valid role: user, model.",
            shape,
        ));
    }
    let config = request.generation_config.unwrap_or_default();
    let mut ask = Ask::new(model);
    ask.limit = config.max_output_tokens;
    ask.json = config.response_mime_type.as_deref() == Some("application/json");
    ask.thinks = config
        .thinking_config
        .is_some_and(|thinking| thinking.include_thoughts);
    add_turns(&mut ask, request.system_instruction, contents);
    Ok(ask)
}

fn add_turns(ask: &mut Ask, system: Option<Turn>, contents: Vec<Turn>) {
    if let Some(system) = system {
        let (text, images) = turn_text(system.parts);
        ask.add(Role::System, text, images);
    }
    for turn in contents {
        let role = match turn.role.as_deref() {
            None | Some("user") => Role::User,
            Some(_) => Role::Other,
        };
        let (text, images) = turn_text(turn.parts);
        ask.add(role, text, images);
    }
}

fn turn_text(parts: Vec<TurnPart>) -> (String, usize) {
    let images = parts
        .iter()
        .filter(|part| part.inline_data.is_some())
        .count();
    let texts: Vec<String> = parts.into_iter().filter_map(|part| part.text).collect();
    (texts.join("\n"), images)
}
