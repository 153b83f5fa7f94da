//! OpenAI's dialect, and through [`Flavour`] that of the many servers which copy its chat completions.

mod chat;
mod errors;
mod models;
mod stream;

use crate::{
    ErrorKind, Script, Usage, UsageDetails,
    call::{Call, is_valid},
    json::put,
    reply::Reply,
};

use self::errors::Subject;
use self::models::Model;

/// `created` of everything.
const CREATED: u64 = 1_790_000_000;
const COMPLETION_ID: &str = "chatcmpl-fake1";

/// Where a copy differs from the original.
pub(crate) struct Flavour {
    /// Path behind the dialect's prefix where the API begins.
    root: &'static str,
    models: &'static [Model],
    /// Any model id is served, listed or not.
    any_model: bool,
    /// Pads stream chunks with `obfuscation` and names a `service_tier`.
    official: bool,
    /// Sends reasoning text; the original only counts it.
    shows_reasoning: bool,
    /// Headers of good answers.
    headers: &'static [(&'static str, &'static str)],
}

pub(crate) const OPENAI: Flavour = Flavour {
    root: "/v1",
    models: models::OPENAI,
    any_model: false,
    official: true,
    shows_reasoning: false,
    headers: &[
        ("x-request-id", "req_fake1"),
        ("openai-organization", "org-fake"),
        ("openai-version", "2020-10-01"),
        ("openai-processing-ms", "12"),
        ("x-ratelimit-limit-requests", "10000"),
        ("x-ratelimit-limit-tokens", "2000000"),
        ("x-ratelimit-remaining-requests", "9999"),
        ("x-ratelimit-remaining-tokens", "1999958"),
        ("x-ratelimit-reset-requests", "6ms"),
        ("x-ratelimit-reset-tokens", "1m12s"),
    ],
};

pub(crate) const COMPATIBLE: Flavour = Flavour {
    root: "/v1",
    models: models::COMPATIBLE,
    any_model: true,
    official: false,
    shows_reasoning: true,
    headers: &[],
};

pub(crate) fn answer(call: &Call<'_>, flavour: &Flavour) -> Reply {
    let subject = Subject {
        key: call.request.bearer().unwrap_or_default(),
        model: "",
    };
    if subject.key.is_empty() {
        return errors::reply(ErrorKind::MissingKey, &subject);
    }
    if !is_valid(subject.key) {
        return errors::reply(ErrorKind::BadKey, &subject);
    }
    let path = call.path.strip_prefix(flavour.root).unwrap_or_default();
    match (call.request.method.as_str(), path) {
        ("POST", "/chat/completions") => chat::answer(call, flavour, subject.key),
        ("GET", _) if path == "/models" || path.starts_with("/models/") => {
            models::answer(call, flavour, subject.key, &path["/models".len()..])
        }
        (method, _) => errors::unknown_url(method, call.path),
    }
}

/// Appends the usage object, as complete as the script wants it.
fn push_usage(out: &mut String, usage: Usage, script: &Script) {
    let Usage { input, output, .. } = usage;
    let total = input + output;
    put(
        out,
        format_args!(
            r#"{{"prompt_tokens":{input},"completion_tokens":{output},"total_tokens":{total}"#
        ),
    );
    match script.usage_details {
        UsageDetails::Full => put(
            out,
            format_args!(
                r#","prompt_tokens_details":{{"cached_tokens":{},"cache_write_tokens":{},"audio_tokens":0}},"completion_tokens_details":{{"reasoning_tokens":{},"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#,
                usage.cached, usage.cache_write, usage.reasoning
            ),
        ),
        UsageDetails::Missing => {}
        UsageDetails::Null => {
            out.push_str(r#","prompt_tokens_details":null,"completion_tokens_details":null"#);
        }
    }
    out.push('}');
}
