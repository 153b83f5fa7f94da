//! The model list in pages, with one model nobody has heard of and one that is deprecated.

use serde_json::{Value, json};

use crate::{Endpoint, ErrorKind, call::Call, fault, reply::Reply};

use super::{HEADERS, errors};

pub(super) const IDS: [&str; 4] = [
    "claude-haiku-5-5",
    "claude-sonnet-5-5",
    "claude-unheard-1",
    DEPRECATED,
];
const DEPRECATED: &str = "claude-sonnet-4-5";

const DEFAULT_PAGE: usize = 20;
const MAX_PAGE: usize = 1000;

pub(super) fn list(call: &Call<'_>, key: &str) -> Reply {
    let script = call.script(Endpoint::Models, "", key);
    let reply = match &script.fault {
        Some(fault) => fault::reply(call, fault, false, |kind| errors::reply(kind, "")),
        None => page(call).breaking(script.ending),
    };
    call.deliver(reply, &script)
}

pub(super) fn one(call: &Call<'_>, key: &str, id: &str) -> Reply {
    let script = call.script(Endpoint::Models, "", key);
    let reply = match &script.fault {
        Some(fault) => fault::reply(call, fault, false, |kind| errors::reply(kind, id)),
        None if IDS.contains(&id) => Reply::json(200, &item(id)).fixed(HEADERS),
        None => errors::reply(ErrorKind::UnknownModel, id),
    };
    call.deliver(reply, &script)
}

fn page(call: &Call<'_>) -> Reply {
    let limit = match call.request.query_value("limit") {
        None => DEFAULT_PAGE,
        Some(text) => match text.parse() {
            Ok(limit) if (1..=MAX_PAGE).contains(&limit) => limit,
            _ => return errors::invalid("limit: Input should be between 1 and 1000"),
        },
    }
    .min(call.shared.max_page);
    let place = |name: &str| {
        let id = call.request.query_value(name)?;
        Some(IDS.iter().position(|other| *other == id))
    };
    let (from, to) = match (place("after_id"), place("before_id")) {
        (Some(_), Some(_)) => {
            return errors::invalid("only one of after_id and before_id may be given");
        }
        (Some(None), _) | (_, Some(None)) => return errors::invalid("unknown cursor id"),
        (Some(Some(after)), None) => (after + 1, (after + 1 + limit).min(IDS.len())),
        (None, Some(Some(before))) => (before.saturating_sub(limit), before),
        (None, None) => (0, limit.min(IDS.len())),
    };
    let ids = &IDS[from..to];
    let backwards = call.request.query_value("before_id").is_some();
    let has_more = if backwards { from > 0 } else { to < IDS.len() };
    let data: Vec<Value> = ids.iter().map(|id| item(id)).collect();
    let body = json!({
        "data": data,
        "has_more": has_more,
        "first_id": ids.first(),
        "last_id": ids.last(),
    });
    Reply::json(200, &body).fixed(HEADERS)
}

fn item(id: &str) -> Value {
    let deprecated = id == DEPRECATED;
    let mut item = json!({
        "type": "model",
        "id": id,
        "display_name": display_name(id),
        "created_at": "2026-09-01T00:00:00Z",
        "max_input_tokens": if deprecated { 200_000 } else { 1_000_000 },
        "max_tokens": if deprecated { 64_000 } else { 128_000 },
        "lifecycle": if deprecated { "deprecated" } else { "active" },
    });
    if deprecated {
        item["deprecated_at"] = "2026-08-01T00:00:00Z".into();
        item["retires_at"] = "2026-11-30T00:00:00Z".into();
    }
    item
}

/// `claude-haiku-5-5` as `Claude Haiku 5.5`.
fn display_name(id: &str) -> String {
    let mut name = String::new();
    for word in id.split('-') {
        let number = word.starts_with(|first: char| first.is_ascii_digit());
        let behind_number = name.ends_with(|last: char| last.is_ascii_digit());
        match (number, behind_number) {
            _ if name.is_empty() => {}
            (true, true) => name.push('.'),
            _ => name.push(' '),
        }
        name.push_str(&word[..1].to_uppercase());
        name.push_str(&word[1..]);
    }
    name
}
