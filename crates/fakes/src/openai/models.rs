//! The model list: chat models, one nobody has heard of, one about to be shut down, and some that do not chat.

use serde_json::{Value, json};

use crate::{Endpoint, ErrorKind, call::Call, fault, reply::Reply};

use super::{
    CREATED, Flavour,
    errors::{self, Subject},
};

pub(super) struct Model {
    pub(super) id: &'static str,
    pub(super) chats: bool,
    shutdown_date: Option<&'static str>,
}

const fn chat(id: &'static str) -> Model {
    Model {
        id,
        chats: true,
        shutdown_date: None,
    }
}

const fn deprecated(id: &'static str) -> Model {
    Model {
        shutdown_date: Some("2027-01-14"),
        ..chat(id)
    }
}

const fn other(id: &'static str) -> Model {
    Model {
        chats: false,
        ..chat(id)
    }
}

pub(super) const OPENAI: &[Model] = &[
    chat("gpt-6-luna"),
    chat("gpt-6-sol"),
    deprecated("gpt-4o-mini"),
    chat("gpt-unheard-1"),
    other("text-embedding-3-small"),
    other("tts-1"),
];

pub(super) const COMPATIBLE: &[Model] = &[
    chat("local-chat"),
    chat("org/local-chat-large"),
    chat("unheard-7b"),
    deprecated("local-chat-old"),
    other("local-embedding"),
];

/// `rest` is the path behind `/models`.
pub(super) fn answer(call: &Call<'_>, flavour: &Flavour, key: &str, rest: &str) -> Reply {
    // Ids of copies contain slashes, as they are or percent-encoded.
    let id = crate::request::percent_decoded(rest.trim_start_matches('/'));
    let subject = Subject { key, model: &id };
    let script = call.script(Endpoint::Models, "", key);
    let reply = match &script.fault {
        Some(fault) => fault::reply(call, fault, false, |kind| errors::reply(kind, &subject)),
        None if rest.is_empty() => {
            let data: Vec<Value> = flavour
                .models
                .iter()
                .map(|model| item(model, flavour))
                .collect();
            Reply::json(200, &json!({"object": "list", "data": data}))
                .breaking(script.ending)
                .header("x-request-id", "req_fake1")
        }
        None => match flavour.models.iter().find(|model| model.id == id) {
            Some(model) => Reply::json(200, &item(model, flavour)),
            None => errors::reply(ErrorKind::UnknownModel, &subject),
        },
    };
    call.deliver(reply, &script)
}

fn item(model: &Model, flavour: &Flavour) -> Value {
    let owner = if flavour.official { "system" } else { "local" };
    let mut item = json!({
        "id": model.id,
        "object": "model",
        "created": CREATED,
        "owned_by": owner,
    });
    if let Some(date) = model.shutdown_date {
        item["shutdown_date"] = date.into();
    }
    item
}
