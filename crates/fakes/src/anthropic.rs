//! Anthropic's dialect: messages, token counting and the model list.

mod errors;
mod messages;
mod models;
mod stream;

use crate::{
    ErrorKind,
    call::{Call, is_valid},
    reply::Reply,
};

const REQUEST_ID: &str = "req_fake1";
/// Versions that are served.
const VERSIONS: [&str; 2] = [OLD_VERSION, "2026-10-21"];
const OLD_VERSION: &str = "2023-06-01";

/// Headers of every good answer.
const HEADERS: &[(&str, &str)] = &[
    ("request-id", REQUEST_ID),
    (
        "anthropic-organization-id",
        "00000000-0000-4000-8000-00000000fa4e",
    ),
];

/// Headers of good answers to messages.
const MESSAGE_HEADERS: &[(&str, &str)] = &[
    ("request-id", REQUEST_ID),
    (
        "anthropic-organization-id",
        "00000000-0000-4000-8000-00000000fa4e",
    ),
    ("anthropic-ratelimit-requests-limit", "50"),
    ("anthropic-ratelimit-requests-remaining", "49"),
    ("anthropic-ratelimit-requests-reset", "2026-11-01T00:00:01Z"),
    ("anthropic-ratelimit-tokens-limit", "480000"),
    ("anthropic-ratelimit-tokens-remaining", "480000"),
    ("anthropic-ratelimit-tokens-reset", "2026-11-01T00:00:00Z"),
    ("anthropic-ratelimit-input-tokens-limit", "400000"),
    ("anthropic-ratelimit-input-tokens-remaining", "400000"),
    (
        "anthropic-ratelimit-input-tokens-reset",
        "2026-11-01T00:00:00Z",
    ),
    ("anthropic-ratelimit-output-tokens-limit", "80000"),
    ("anthropic-ratelimit-output-tokens-remaining", "80000"),
    (
        "anthropic-ratelimit-output-tokens-reset",
        "2026-11-01T00:00:00Z",
    ),
];

pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let request = call.request;
    let key = request
        .header("x-api-key")
        .or_else(|| request.bearer())
        .unwrap_or_default();
    if key.is_empty() {
        return errors::reply(ErrorKind::MissingKey, "");
    }
    if !is_valid(key) {
        return errors::reply(ErrorKind::BadKey, "");
    }
    let Some(version) = request.header("anthropic-version") else {
        return errors::invalid("anthropic-version: header is required");
    };
    if !VERSIONS.contains(&version) {
        return errors::invalid(&format!(
            "anthropic-version: \"{version}\" is not a valid version"
        ));
    }
    match (request.method.as_str(), call.path) {
        ("POST", "/v1/messages") => messages::answer(call, key, version),
        ("POST", "/v1/messages/count_tokens") => messages::count(call, key),
        ("GET", "/v1/models") => models::list(call, key),
        ("GET", path) if path.starts_with("/v1/models/") => {
            models::one(call, key, &path["/v1/models/".len()..])
        }
        _ => errors::not_found("Not Found"),
    }
}
