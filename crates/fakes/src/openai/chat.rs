//! `POST /chat/completions`: reads the request, checks it as the original does, and answers in one piece.

use serde::Deserialize;

use crate::{
    Ending, Endpoint, ErrorKind, Script, Usage, UsagePlace,
    answer::{Answer, Stop},
    call::Call,
    conversation::{Ask, Content, Role},
    fault,
    frames::Frames,
    json::{put, quote},
    reply::Reply,
};

use super::{
    COMPLETION_ID, CREATED, Flavour,
    errors::{self, Subject},
    push_usage, stream,
};

#[derive(Deserialize)]
struct ChatRequest {
    model: Option<String>,
    messages: Option<Vec<Message>>,
    #[serde(default)]
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    n: Option<u64>,
    max_tokens: Option<u64>,
    max_completion_tokens: Option<u64>,
    response_format: Option<ResponseFormat>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Option<Content>,
}

#[derive(Default, Deserialize)]
pub(super) struct StreamOptions {
    pub(super) include_usage: Option<bool>,
    pub(super) include_obfuscation: Option<bool>,
}

#[derive(Deserialize)]
struct ResponseFormat {
    #[serde(rename = "type")]
    kind: String,
}

/// Most choices the original allows.
const MAX_CHOICES: u64 = 128;

pub(super) fn answer(call: &Call<'_>, flavour: &Flavour, key: &str) -> Reply {
    let Ok(request) = serde_json::from_slice::<ChatRequest>(&call.request.body) else {
        return errors::invalid(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)",
            None,
            None,
        );
    };
    if let Some(refusal) = refused(call, flavour, key, &request) {
        return refusal;
    }
    let model = request.model.unwrap_or_default();
    let copies = request.n.unwrap_or(1);
    let streaming = request.stream.unwrap_or(false);
    let options = request.stream_options.unwrap_or_default();
    let mut ask = Ask::new(&model);
    ask.limit = request.max_completion_tokens.or(request.max_tokens);
    ask.json = request
        .response_format
        .is_some_and(|format| format.kind != "text");
    for message in request.messages.unwrap_or_default() {
        let (text, images) = message.content.map(Content::into_text).unwrap_or_default();
        ask.add(role(&message.role), text, images);
    }

    let subject = Subject { key, model: &model };
    let script = call.script(Endpoint::Generate, &model, key);
    if let Some(fault) = &script.fault {
        let reply = fault::reply(call, fault, streaming, |kind| errors::reply(kind, &subject));
        return call.deliver(reply, &script);
    }
    let answer = Answer::compose(&ask, &script, script.chunks.unwrap_or(1), copies);
    if let (Ending::Error { kind, .. }, false) = (script.ending, streaming) {
        return call.deliver(errors::reply(kind, &subject), &script);
    }
    let mut reply = if streaming {
        let frames = stream::Writer::new(flavour, &model, &script, &answer, &options).write(copies);
        let frames = frames.close(script.ending, |frames, kind| {
            let (_, body) = errors::render(kind, &subject);
            stream::error(frames, &body);
        });
        Reply::new(200, "text/event-stream; charset=utf-8", frames)
    } else {
        Reply::new(
            200,
            "application/json",
            whole(flavour, &model, &script, &answer, copies),
        )
    };
    reply.prompt_tokens = answer.usage.input;
    call.deliver(reply.fixed(flavour.headers), &script)
}

/// The original's objections to a request, in the order in which it checks.
fn refused(call: &Call<'_>, flavour: &Flavour, key: &str, request: &ChatRequest) -> Option<Reply> {
    let Some(model) = request.model.as_deref() else {
        return Some(errors::invalid(
            "you must provide a model parameter",
            None,
            None,
        ));
    };
    let listed: Vec<&str> = flavour.models.iter().map(|model| model.id).collect();
    if !flavour.any_model && !call.knows(model, &listed) {
        return Some(errors::reply(
            ErrorKind::UnknownModel,
            &Subject { key, model },
        ));
    }
    if flavour
        .models
        .iter()
        .any(|other| other.id == model && !other.chats)
    {
        return Some(errors::not_a_chat_model());
    }
    if request.messages.is_none() {
        return Some(errors::invalid(
            "Missing required parameter: 'messages'.",
            Some("messages"),
            Some("missing_required_parameter"),
        ));
    }
    if request.messages.as_ref().is_some_and(Vec::is_empty) {
        return Some(errors::invalid(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            Some("messages"),
            Some("empty_array"),
        ));
    }
    if request.n.is_some_and(|n| !(1..=MAX_CHOICES).contains(&n)) {
        return Some(errors::invalid(
            "Invalid 'n'.",
            Some("n"),
            Some("integer_out_of_range"),
        ));
    }
    if request.stream_options.is_some() && request.stream != Some(true) {
        return Some(errors::invalid(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            Some("stream_options"),
            None,
        ));
    }
    // Reasoning models dropped the older name.
    (flavour.official && request.max_tokens.is_some() && model.starts_with("gpt-6")).then(|| {
        errors::invalid(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            Some("max_tokens"),
            Some("unsupported_parameter"),
        )
    })
}

fn role(name: &str) -> Role {
    match name {
        "system" | "developer" => Role::System,
        "user" => Role::User,
        _ => Role::Other,
    }
}

pub(super) fn finish_reason<'a>(answer: &Answer, script: &'a Script) -> &'a str {
    script.finish.as_deref().unwrap_or(match answer.stop {
        Stop::Done => "stop",
        Stop::Length => "length",
        Stop::Tools => "tool_calls",
    })
}

fn whole(flavour: &Flavour, model: &str, script: &Script, answer: &Answer, copies: u64) -> Frames {
    let mut out = String::with_capacity(1024);
    put(
        &mut out,
        format_args!(
            r#"{{"id":"{COMPLETION_ID}","object":"chat.completion","created":{CREATED},"model":"#
        ),
    );
    quote(&mut out, model);
    out.push_str(r#","choices":["#);
    for index in 0..copies {
        if index > 0 {
            out.push(',');
        }
        put(&mut out, format_args!(r#"{{"index":{index},"message":"#));
        push_message(&mut out, flavour, script, answer);
        out.push_str(r#","logprobs":null,"finish_reason":"#);
        quote(&mut out, finish_reason(answer, script));
        out.push('}');
    }
    out.push(']');
    let usage = (script.usage_place != UsagePlace::Nowhere).then_some(answer.usage);
    if let Some(usage) = usage {
        out.push_str(r#","usage":"#);
        push_usage(&mut out, usage, script);
    }
    if flavour.official {
        out.push_str(r#","service_tier":"default""#);
    }
    out.push_str(r#","system_fingerprint":"fp_fake1"}"#);
    let Usage { output, .. } = answer.usage;
    Frames::whole_answer(out.into_bytes(), usage, output, script.ending)
}

fn push_message(out: &mut String, flavour: &Flavour, script: &Script, answer: &Answer) {
    out.push_str(r#"{"role":"assistant","content":"#);
    if answer.text.text().is_empty() && !answer.tool_calls.is_empty() {
        out.push_str("null");
    } else {
        quote(out, answer.text.text());
    }
    if flavour.official {
        out.push_str(r#","refusal":null,"annotations":[]"#);
    }
    if flavour.shows_reasoning && !answer.reasoning.text().is_empty() {
        out.push(',');
        quote(
            out,
            script
                .reasoning_field
                .as_deref()
                .unwrap_or("reasoning_content"),
        );
        out.push(':');
        quote(out, answer.reasoning.text());
    }
    if !answer.tool_calls.is_empty() {
        out.push_str(r#","tool_calls":["#);
        for (index, tool) in answer.tool_calls.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(r#"{"id":"#);
            quote(out, &tool.id);
            out.push_str(r#","type":"function","function":{"name":"#);
            quote(out, &tool.name);
            out.push_str(r#","arguments":"#);
            quote(out, &tool.arguments);
            out.push_str("}}");
        }
        out.push(']');
    }
    out.push('}');
}
