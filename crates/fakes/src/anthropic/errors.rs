//! Anthropic's error objects.

use serde_json::{Value, json};

use crate::{ErrorKind, reply::Reply};

use super::REQUEST_ID;

pub(super) fn reply(kind: ErrorKind, model: &str) -> Reply {
    let (status, body) = render(kind, model);
    let reply = Reply::json(status, &body).header("request-id", REQUEST_ID);
    match kind {
        ErrorKind::RateLimited => reply
            .header("retry-after", "1")
            .header("anthropic-ratelimit-requests-limit", "50")
            .header("anthropic-ratelimit-requests-remaining", "0")
            .header("anthropic-ratelimit-requests-reset", "2026-11-01T00:00:01Z"),
        ErrorKind::RateLimitedDaily => reply.header("retry-after", "7200"),
        ErrorKind::Ramp => reply.header("retry-after", "1"),
        ErrorKind::Overloaded => reply.header("x-should-retry", "true"),
        // No retry-after: waiting does not help against a spend limit.
        ErrorKind::SpendLimit => reply.header("x-should-retry", "false"),
        _ => reply,
    }
}

/// Status and body of an error.
pub(super) fn render(kind: ErrorKind, model: &str) -> (u16, Value) {
    let (status, class, message) = match kind {
        ErrorKind::MissingKey => (401, "authentication_error", "x-api-key header is required"),
        ErrorKind::BadKey => (401, "authentication_error", "invalid x-api-key"),
        ErrorKind::Forbidden => (
            403,
            "permission_error",
            "Your API key does not have permission to use the specified resource.",
        ),
        ErrorKind::NoMoney => (
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
        ),
        ErrorKind::SpendLimit => (
            429,
            "rate_limit_error",
            "You have reached your organization's spend limit.",
        ),
        ErrorKind::RateLimited | ErrorKind::RateLimitedDaily => (
            429,
            "rate_limit_error",
            "This request would exceed your organization's rate limit of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage.",
        ),
        ErrorKind::Ramp => (
            429,
            "rate_limit_error",
            "Your traffic is growing too quickly. Please ramp up more slowly.",
        ),
        ErrorKind::Overloaded => (529, "overloaded_error", "Overloaded"),
        ErrorKind::Server => (500, "api_error", "Internal server error"),
        ErrorKind::Timeout => (504, "timeout_error", "Request timed out"),
        ErrorKind::ContextLength => (
            400,
            "invalid_request_error",
            "prompt is too long: 1000042 tokens > 1000000 maximum",
        ),
        ErrorKind::TooLarge => (413, "request_too_large", "Request exceeds the maximum size"),
        ErrorKind::UnknownModel => {
            return (404, object("not_found_error", &format!("model: {model}")));
        }
        ErrorKind::Invalid => (400, "invalid_request_error", "Invalid request"),
    };
    let mut body = object(class, message);
    let code = match kind {
        ErrorKind::SpendLimit => Some("enforced_spend_limit_reached"),
        ErrorKind::Ramp => Some("ramp_limit_exceeded"),
        _ => None,
    };
    if let Some(code) = code {
        body["error"]["details"] = json!({"error_code": code});
    }
    (status, body)
}

pub(super) fn invalid(message: &str) -> Reply {
    Reply::json(400, &object("invalid_request_error", message)).header("request-id", REQUEST_ID)
}

pub(super) fn not_found(message: &str) -> Reply {
    Reply::json(404, &object("not_found_error", message)).header("request-id", REQUEST_ID)
}

fn object(class: &str, message: &str) -> Value {
    json!({
        "type": "error",
        "error": {"type": class, "message": message},
        "request_id": REQUEST_ID,
    })
}
