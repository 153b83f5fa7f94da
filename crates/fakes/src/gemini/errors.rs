//! Google's error objects, which are printed on several lines.

use serde_json::{Value, json};

use crate::{ErrorKind, reply::Reply};

/// What surrounds the error object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    /// Streams without `alt=sse` are arrays, in failure too.
    Array,
}

pub(super) fn reply(kind: ErrorKind, model: &str, shape: Shape) -> Reply {
    let error = render(kind, model);
    let status = error["error"]["code"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok())
        .unwrap_or(500);
    let body = match shape {
        Shape::Object => pretty(&error),
        Shape::Array => format!("[{}]", pretty(&error).trim_end()),
    };
    Reply::whole(status, "application/json; charset=UTF-8", body.into_bytes())
}

/// As Google prints it: on several lines with a last line end.
pub(super) fn pretty(error: &Value) -> String {
    format!("{error:#}\n")
}

pub(super) fn render(kind: ErrorKind, model: &str) -> Value {
    let quota = "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";
    match kind {
        ErrorKind::MissingKey => object(
            403,
            "PERMISSION_DENIED",
            "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
        ),
        ErrorKind::BadKey => with_details(
            object(
                400,
                "INVALID_ARGUMENT",
                "API key not valid. Please pass a valid API key.",
            ),
            json!([
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "API_KEY_INVALID",
                    "domain": "googleapis.com",
                    "metadata": {"service": "generativelanguage.googleapis.com"},
                },
                {
                    "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
                    "locale": "en-US",
                    "message": "API key not valid. Please pass a valid API key.",
                },
            ]),
        ),
        ErrorKind::Forbidden => with_details(
            object(
                403,
                "PERMISSION_DENIED",
                "Requests to this API generativelanguage.googleapis.com are blocked.",
            ),
            json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_SERVICE_BLOCKED",
                "domain": "googleapis.com",
            }]),
        ),
        ErrorKind::RateLimited => with_details(
            object(429, "RESOURCE_EXHAUSTED", quota),
            json!([
                violation(
                    "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                    "15",
                    model
                ),
                retry("1.5s"),
            ]),
        ),
        ErrorKind::RateLimitedDaily => with_details(
            object(429, "RESOURCE_EXHAUSTED", quota),
            json!([
                violation(
                    "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                    "200",
                    model
                ),
                retry("41230s"),
            ]),
        ),
        // A free tier that grants this model nothing; no hint to retry.
        ErrorKind::NoMoney => with_details(
            object(429, "RESOURCE_EXHAUSTED", quota),
            json!([violation(
                "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                "0",
                model
            )]),
        ),
        ErrorKind::SpendLimit => object(
            402,
            "RESOURCE_EXHAUSTED",
            "The billing account has reached its spend limit.",
        ),
        ErrorKind::Ramp => object(
            429,
            "RESOURCE_EXHAUSTED",
            "Resource has been exhausted (e.g. check quota).",
        ),
        ErrorKind::Overloaded => object(
            503,
            "UNAVAILABLE",
            "The model is overloaded. Please try again later.",
        ),
        ErrorKind::Server => object(
            500,
            "INTERNAL",
            "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
        ),
        ErrorKind::Timeout => object(
            504,
            "DEADLINE_EXCEEDED",
            "Deadline expired before operation could complete.",
        ),
        ErrorKind::ContextLength => object(
            400,
            "INVALID_ARGUMENT",
            "The input token count (1048618) exceeds the maximum number of tokens allowed (1048576).",
        ),
        ErrorKind::TooLarge => object(
            413,
            "INVALID_ARGUMENT",
            "Request payload size exceeds the limit: 20971520 bytes.",
        ),
        ErrorKind::UnknownModel => object(
            404,
            "NOT_FOUND",
            &format!(
                "models/{model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods."
            ),
        ),
        ErrorKind::Invalid => object(
            400,
            "INVALID_ARGUMENT",
            "Request contains an invalid argument.",
        ),
    }
}

pub(super) fn invalid(message: &str, shape: Shape) -> Reply {
    let error = object(400, "INVALID_ARGUMENT", message);
    let body = match shape {
        Shape::Object => pretty(&error),
        Shape::Array => format!("[{}]", pretty(&error).trim_end()),
    };
    Reply::whole(400, "application/json; charset=UTF-8", body.into_bytes())
}

pub(super) fn no_such_url(path: &str) -> Reply {
    // Google's front end answers unknown paths itself, with a page.
    let page = format!(
        "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p>The requested URL <code>{path}</code> was not found on this server.\n"
    );
    Reply::whole(404, "text/html; charset=UTF-8", page.into_bytes())
}

fn object(code: u16, status: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message, "status": status}})
}

fn with_details(mut error: Value, details: Value) -> Value {
    error["error"]["details"] = details;
    error
}

fn violation(quota_id: &str, limit: &str, model: &str) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{
            "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
            "quotaId": quota_id,
            "quotaDimensions": {"location": "global", "model": model},
            "quotaValue": limit,
        }],
    })
}

fn retry(delay: &str) -> Value {
    json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay})
}
