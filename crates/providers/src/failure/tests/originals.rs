//! The tables of the three dialects.

use domain::calls::Outcome;
use domain::connections::ProviderKind;

use super::outcome;

#[test]
fn openai_failures() {
    for (status, body, expected) in [
        (
            400,
            r#"{"error":{"message":"x","type":"invalid_request_error","param":null,"code":"unsupported_parameter"}}"#,
            Outcome::InvalidRequest,
        ),
        (
            400,
            r#"{"error":{"message":"This model's maximum context length is 128000 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            Outcome::ContextLength,
        ),
        (
            401,
            r#"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}"#,
            Outcome::Auth,
        ),
        (
            403,
            r#"{"error":{"message":"Country not supported","type":"x","code":null}}"#,
            Outcome::Auth,
        ),
        (
            404,
            r#"{"error":{"message":"no model","type":"invalid_request_error","code":"model_not_found"}}"#,
            Outcome::InvalidRequest,
        ),
        (
            429,
            r#"{"error":{"message":"Rate limit reached for RPM","type":"requests","code":"rate_limit_exceeded"}}"#,
            Outcome::RateLimited,
        ),
        (
            429,
            r#"{"error":{"message":"slow","type":"rate_limit_error","code":"slow_down"}}"#,
            Outcome::RateLimited,
        ),
        (
            429,
            r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
            Outcome::Quota,
        ),
        (
            429,
            r#"{"error":{"message":"m","type":"insufficient_quota","code":"project_spend_limit_exceeded"}}"#,
            Outcome::Quota,
        ),
        (
            429,
            r#"{"error":{"message":"m","type":"x","code":"credit_balance_exhausted"}}"#,
            Outcome::Quota,
        ),
        (
            500,
            r#"{"error":{"message":"m","type":"server_error"}}"#,
            Outcome::Server,
        ),
        (
            503,
            r#"{"error":{"message":"m","type":"service_unavailable_error","code":"server_is_overloaded"}}"#,
            Outcome::Overloaded,
        ),
        (307, "", Outcome::Server),
        (408, "", Outcome::Network),
        (502, "<html>Bad gateway</html>", Outcome::Server),
    ] {
        assert_eq!(
            outcome(ProviderKind::OpenAi, "api.openai.com", status, body),
            expected,
            "{status} {body}"
        );
    }
}

#[test]
fn anthropic_failures() {
    let body = |kind: &str, message: &str, details: &str| {
        format!(
            r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"{details}}},"request_id":"req_1"}}"#
        )
    };
    for (status, body, expected) in [
        (
            400,
            body("invalid_request_error", "bad field", ""),
            Outcome::InvalidRequest,
        ),
        (
            400,
            body(
                "invalid_request_error",
                "Your credit balance is too low to access",
                "",
            ),
            Outcome::Quota,
        ),
        (
            400,
            body(
                "invalid_request_error",
                "You have reached your specified API usage limits",
                "",
            ),
            Outcome::Quota,
        ),
        (
            400,
            body("invalid_request_error", "prompt is too long: 9 > 8", ""),
            Outcome::ContextLength,
        ),
        (
            401,
            body("authentication_error", "invalid x-api-key", ""),
            Outcome::Auth,
        ),
        (402, body("billing_error", "pay", ""), Outcome::Quota),
        (403, body("permission_error", "no", ""), Outcome::Auth),
        (
            404,
            body("not_found_error", "model: x", ""),
            Outcome::InvalidRequest,
        ),
        (
            409,
            body("conflict_error", "c", ""),
            Outcome::InvalidRequest,
        ),
        (
            413,
            body("request_too_large", "big", ""),
            Outcome::ContextLength,
        ),
        (
            429,
            body("rate_limit_error", "slow", ""),
            Outcome::RateLimited,
        ),
        (
            429,
            body(
                "rate_limit_error",
                "spent",
                r#","details":{"error_code":"enforced_spend_limit_reached"}"#,
            ),
            Outcome::Quota,
        ),
        (
            429,
            body(
                "rate_limit_error",
                "steep",
                r#","details":{"error_code":"ramp_limit_exceeded"}"#,
            ),
            Outcome::RateLimited,
        ),
        (500, body("api_error", "oops", ""), Outcome::Server),
        (504, body("timeout_error", "slow", ""), Outcome::Server),
        (
            529,
            body("overloaded_error", "Overloaded", ""),
            Outcome::Overloaded,
        ),
    ] {
        assert_eq!(
            outcome(ProviderKind::Anthropic, "api.anthropic.com", status, &body),
            expected,
            "{status} {body}"
        );
    }
}

#[test]
fn gemini_failures() {
    let quota = |id: &str| {
        format!(
            r#"{{"error":{{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[
            {{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaId":"{id}"}}]}},
            {{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"27.5s"}}]}}}}"#
        )
    };
    let plain = |message: &str, status: &str| {
        format!(r#"[{{"error":{{"code":400,"message":"{message}","status":"{status}"}}}}]"#)
    };
    let bad_key = r#"{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#;
    for (status, body, expected) in [
        (400, bad_key.to_owned(), Outcome::Auth),
        (
            400,
            plain(
                "API key not valid. Please pass a valid API key.",
                "INVALID_ARGUMENT",
            ),
            Outcome::Auth,
        ),
        (
            400,
            plain(
                "The input token count (9) exceeds the maximum",
                "INVALID_ARGUMENT",
            ),
            Outcome::ContextLength,
        ),
        (
            400,
            plain("location", "FAILED_PRECONDITION"),
            Outcome::InvalidRequest,
        ),
        (403, plain("no", "PERMISSION_DENIED"), Outcome::Auth),
        (402, plain("pay", "RESOURCE_EXHAUSTED"), Outcome::Quota),
        (404, plain("no model", "NOT_FOUND"), Outcome::InvalidRequest),
        (
            429,
            quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
            Outcome::RateLimited,
        ),
        (
            429,
            quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
            Outcome::Quota,
        ),
        (
            429,
            plain(
                "Quota exceeded for metric x, limit: 0",
                "RESOURCE_EXHAUSTED",
            ),
            Outcome::Quota,
        ),
        (500, plain("m", "INTERNAL"), Outcome::Server),
        (504, plain("m", "DEADLINE_EXCEEDED"), Outcome::Server),
        (503, plain("m", "UNAVAILABLE"), Outcome::Overloaded),
    ] {
        assert_eq!(
            outcome(
                ProviderKind::Gemini,
                "generativelanguage.googleapis.com",
                status,
                &body
            ),
            expected,
            "{status} {body}"
        );
    }
}
