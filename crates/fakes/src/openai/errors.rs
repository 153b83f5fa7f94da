//! OpenAI's error objects, word for word where the words are known.

use serde_json::{Value, json};

use crate::{ErrorKind, reply::Reply};

/// Whom and what an error text speaks of.
pub(super) struct Subject<'a> {
    pub(super) key: &'a str,
    pub(super) model: &'a str,
}

pub(super) fn reply(kind: ErrorKind, subject: &Subject<'_>) -> Reply {
    let (status, body) = render(kind, subject);
    let reply = Reply::json(status, &body).header("x-request-id", "req_fake1");
    match kind {
        ErrorKind::RateLimited => reply
            .header("retry-after", "1")
            .header("retry-after-ms", "1000")
            .header("x-ratelimit-limit-requests", "500")
            .header("x-ratelimit-remaining-requests", "0")
            .header("x-ratelimit-reset-requests", "1s"),
        ErrorKind::RateLimitedDaily => reply
            .header("x-ratelimit-limit-requests", "200")
            .header("x-ratelimit-remaining-requests", "0")
            .header("x-ratelimit-reset-requests", "7m12s"),
        ErrorKind::Ramp | ErrorKind::Overloaded => reply.header("retry-after", "1"),
        ErrorKind::NoMoney | ErrorKind::SpendLimit => reply.header("x-should-retry", "false"),
        _ => reply,
    }
}

/// Status and body of an error.
pub(super) fn render(kind: ErrorKind, subject: &Subject<'_>) -> (u16, Value) {
    let Subject { key, model } = subject;
    let limited = |unit: &str, limit: u32, wait: &str| {
        format!(
            "Rate limit reached for {model} in organization org-fake on {unit}: Limit {limit}, Used {limit}, Requested 1. Please try again in {wait}. Visit https://platform.openai.com/account/rate-limits to learn more."
        )
    };
    let quota = "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.";
    let invalid = "invalid_request_error";
    let (status, message, class, param, code) = match kind {
        ErrorKind::MissingKey => (401, MISSING_KEY.to_owned(), invalid, None, None),
        ErrorKind::BadKey => (
            401,
            format!(
                "Incorrect API key provided: {}. You can find your API key at https://platform.openai.com/account/api-keys.",
                masked(key)
            ),
            invalid,
            None,
            Some("invalid_api_key"),
        ),
        ErrorKind::Forbidden => (
            403,
            "Country, region, or territory not supported".to_owned(),
            "request_forbidden",
            None,
            Some("unsupported_country_region_territory"),
        ),
        ErrorKind::NoMoney => (429, quota.to_owned(), "insufficient_quota", None, Some("insufficient_quota")),
        ErrorKind::SpendLimit => (
            429,
            "Your organization has reached its spend limit.".to_owned(),
            "insufficient_quota",
            None,
            Some("organization_spend_limit_exceeded"),
        ),
        ErrorKind::RateLimited => (429, limited("requests per min (RPM)", 500, "1s"), "requests", None, Some("rate_limit_exceeded")),
        ErrorKind::RateLimitedDaily => (
            429,
            limited("requests per day (RPD)", 200, "7m12s"),
            "requests",
            None,
            Some("rate_limit_exceeded"),
        ),
        ErrorKind::Ramp => (
            429,
            "Your request rate is growing too fast. Please slow down.".to_owned(),
            "rate_limit_error",
            None,
            Some("slow_down"),
        ),
        ErrorKind::Overloaded => (
            503,
            "The engine is currently overloaded, please try again later".to_owned(),
            "service_unavailable_error",
            None,
            Some("server_is_overloaded"),
        ),
        ErrorKind::Server => (
            500,
            "The server had an error while processing your request. Sorry about that!".to_owned(),
            "server_error",
            None,
            None,
        ),
        ErrorKind::Timeout => (504, "Request timed out.".to_owned(), "server_error", None, None),
        ErrorKind::ContextLength => (
            400,
            "This model's maximum context length is 128000 tokens. However, your messages resulted in 128042 tokens. Please reduce the length of the messages.".to_owned(),
            invalid,
            Some("messages"),
            Some("context_length_exceeded"),
        ),
        ErrorKind::TooLarge => (413, "Request body is too large.".to_owned(), invalid, None, None),
        ErrorKind::UnknownModel => (
            404,
            format!("The model `{model}` does not exist or you do not have access to it."),
            invalid,
            None,
            Some("model_not_found"),
        ),
        ErrorKind::Invalid => (400, "Invalid request.".to_owned(), invalid, None, None),
    };
    (status, object(&message, class, param, code))
}

const MISSING_KEY: &str = "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.";

/// 400 for a body that breaks the rules.
pub(super) fn invalid(message: &str, param: Option<&str>, code: Option<&str>) -> Reply {
    Reply::json(400, &object(message, "invalid_request_error", param, code))
        .header("x-request-id", "req_fake1")
}

pub(super) fn unknown_url(method: &str, path: &str) -> Reply {
    let message = format!("Invalid URL ({method} {path})");
    Reply::json(404, &object(&message, "invalid_request_error", None, None))
}

pub(super) fn not_a_chat_model() -> Reply {
    let message = "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?";
    Reply::json(
        404,
        &object(message, "invalid_request_error", Some("model"), None),
    )
}

fn object(message: &str, class: &str, param: Option<&str>, code: Option<&str>) -> Value {
    json!({"error": {"message": message, "type": class, "param": param, "code": code}})
}

/// The key as OpenAI echoes it: enough of it to be recognised, so clients must not show the text as it is.
fn masked(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    if characters.len() <= 12 {
        return "*".repeat(characters.len());
    }
    let (head, tail) = (&characters[..8], &characters[characters.len() - 4..]);
    let stars = "*".repeat(characters.len() - 12);
    format!(
        "{}{stars}{}",
        String::from_iter(head),
        String::from_iter(tail)
    )
}
