//! The model list in pages: two that chat, one nobody has heard of, one old, one that only embeds.

use serde_json::{Value, json};

use crate::{Endpoint, ErrorKind, call::Call, fault, reply::Reply};

use super::errors::{self, Shape};

/// Models that generate.
pub(super) const CHAT: [&str; 4] = [
    "gemini-3.8-flash",
    "gemini-2.5-flash",
    "gemini-unheard-1",
    OLD,
];
const OLD: &str = "gemini-1.5-flash-001";
const EMBEDDING: &str = "gemini-embedding-001";

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1000;
/// Tokens are opaque to clients; this one only has to come back.
const TOKEN_PREFIX: &str = "ChFmYWtl";

pub(super) fn list(call: &Call<'_>, key: &str) -> Reply {
    let script = call.script(Endpoint::Models, "", key);
    let reply = match &script.fault {
        Some(fault) => fault::reply(call, fault, false, |kind| {
            errors::reply(kind, "", Shape::Object)
        }),
        None => page(call).breaking(script.ending),
    };
    call.deliver(reply, &script)
}

pub(super) fn one(call: &Call<'_>, key: &str, id: &str) -> Reply {
    let script = call.script(Endpoint::Models, "", key);
    let reply = match &script.fault {
        Some(fault) => fault::reply(call, fault, false, |kind| {
            errors::reply(kind, id, Shape::Object)
        }),
        None if CHAT.contains(&id) || id == EMBEDDING => Reply::json(200, &item(id)),
        None => errors::reply(ErrorKind::UnknownModel, id, Shape::Object),
    };
    call.deliver(reply, &script)
}

fn page(call: &Call<'_>) -> Reply {
    let size = call
        .request
        .query_value("pageSize")
        .and_then(|text| text.parse().ok())
        .filter(|size| *size > 0)
        .unwrap_or(DEFAULT_PAGE)
        .min(MAX_PAGE)
        .min(call.shared.max_page);
    let from = match call.request.query_value("pageToken") {
        None => 0,
        Some(token) => {
            let place = token
                .strip_prefix(TOKEN_PREFIX)
                .and_then(|text| text.parse().ok());
            match place {
                Some(place) => place,
                None => return errors::reply(ErrorKind::Invalid, "", Shape::Object),
            }
        }
    };
    let ids: Vec<&str> = CHAT.into_iter().chain([EMBEDDING]).collect();
    let data: Vec<Value> = ids
        .iter()
        .skip(from)
        .take(size)
        .map(|id| item(id))
        .collect();
    let mut body = json!({"models": data});
    if from + size < ids.len() {
        body["nextPageToken"] = format!("{TOKEN_PREFIX}{}", from + size).into();
    }
    Reply::json(200, &body)
}

fn item(id: &str) -> Value {
    let embeds = id == EMBEDDING;
    let mut item = json!({
        "name": format!("models/{id}"),
        "displayName": id.replace('-', " "),
        "description": if id == OLD { "Deprecated. Use a newer model." } else { "A fake model." },
        "version": "001",
        "inputTokenLimit": if embeds { 2048 } else { 1_048_576 },
        "outputTokenLimit": if embeds { 1 } else { 65_536 },
        "supportedGenerationMethods": if embeds {
            json!(["embedContent", "countTokens"])
        } else {
            json!(["generateContent", "countTokens"])
        },
    });
    if !embeds {
        item["temperature"] = 1.into();
        item["maxTemperature"] = 2.into();
        item["topP"] = 0.95.into();
        item["topK"] = 64.into();
        // Members at their default are left out, so older models simply lack it.
        if id != OLD {
            item["thinking"] = true.into();
        }
    }
    item
}
