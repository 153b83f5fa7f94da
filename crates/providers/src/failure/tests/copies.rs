//! The tables of those who copy OpenAI, and errors inside of good answers.

use domain::calls::Outcome;
use domain::connections::ProviderKind;

use super::{failures, outcome};

#[test]
fn the_copies_failures() {
    for (host, status, body, expected) in [
        (
            "api.deepseek.com",
            401,
            r#"{"error":{"message":"Authentication Fails","type":"authentication_error","param":null,"code":"invalid_request_error"}}"#,
            Outcome::Auth,
        ),
        (
            "api.deepseek.com",
            402,
            r#"{"error":{"message":"Insufficient Balance","type":"unknown_error"}}"#,
            Outcome::Quota,
        ),
        (
            "dashscope.aliyuncs.com",
            429,
            r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            Outcome::RateLimited,
        ),
        (
            "dashscope.aliyuncs.com",
            429,
            r#"{"code":"Throttling.AllocationQuota","message":"Allocated quota exceeded","request_id":"r"}"#,
            Outcome::RateLimited,
        ),
        (
            "dashscope.aliyuncs.com",
            403,
            r#"{"error":{"message":"The free quota has been exhausted","code":"insufficient_quota"}}"#,
            Outcome::Quota,
        ),
        (
            "dashscope.aliyuncs.com",
            400,
            r#"{"code":"Arrearage","message":"Access denied, account overdue"}"#,
            Outcome::Quota,
        ),
        (
            "dashscope.aliyuncs.com",
            400,
            r#"{"code":"InvalidParameter","message":"Range of input length should be [1, 9]"}"#,
            Outcome::ContextLength,
        ),
        (
            "api.groq.com",
            413,
            r#"{"error":{"message":"Request too large for TPM","type":"tokens","code":"rate_limit_exceeded"}}"#,
            Outcome::ContextLength,
        ),
        ("api.groq.com", 498, "", Outcome::Overloaded),
        (
            "api.mistral.ai",
            401,
            r#"{"detail":"Unauthorized"}"#,
            Outcome::Auth,
        ),
        (
            "api.mistral.ai",
            401,
            r#"{"message":"Unauthorized","request_id":"r"}"#,
            Outcome::Auth,
        ),
        (
            "api.mistral.ai",
            422,
            r#"{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}"#,
            Outcome::InvalidRequest,
        ),
        (
            "api.mistral.ai",
            429,
            r#"{"object":"error","message":"Service tier capacity exceeded for this model","type":"x","param":null,"code":3505}"#,
            Outcome::Overloaded,
        ),
        (
            "api.mistral.ai",
            429,
            r#"{"message":"Requests rate limit exceeded"}"#,
            Outcome::RateLimited,
        ),
        (
            "api.x.ai",
            400,
            r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided"}"#,
            Outcome::Auth,
        ),
        (
            "api.x.ai",
            403,
            r#"{"code":"x","error":"Your team has used all available credits or reached its monthly spending limit"}"#,
            Outcome::Quota,
        ),
        (
            "router.huggingface.co",
            402,
            r#"{"error":"You have exceeded your monthly included credits"}"#,
            Outcome::Quota,
        ),
        (
            "openrouter.ai",
            403,
            r#"{"error":{"code":403,"message":"Key limit exceeded (total limit)"}}"#,
            Outcome::Quota,
        ),
        (
            "openrouter.ai",
            403,
            r#"{"error":{"code":403,"message":"Input was flagged by moderation"}}"#,
            Outcome::Auth,
        ),
        ("openrouter.ai", 524, "", Outcome::Network),
        (
            "localhost",
            404,
            r#"{"error":{"message":"model not found","type":"not_found_error","param":null,"code":null}}"#,
            Outcome::InvalidRequest,
        ),
        (
            "localhost",
            400,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
            Outcome::ContextLength,
        ),
    ] {
        assert_eq!(
            outcome(ProviderKind::OpenAiCompatible, host, status, body),
            expected,
            "{host} {status} {body}"
        );
    }
}

#[test]
fn errors_inside_a_good_answer_have_only_their_words() {
    let of = |kind, body: &str| failures(kind, "example.com").of_object(body.as_bytes());
    for (body, expected) in [
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}"#,
            Outcome::Overloaded,
        ),
        (
            r#"{"error":{"code":502,"message":"Provider disconnected","metadata":{"error_type":"provider_unavailable"}}}"#,
            Outcome::Server,
        ),
        (
            r#"{"error":{"code":"rate_limit_exceeded","message":"m"}}"#,
            Outcome::RateLimited,
        ),
        (
            r#"{"error":{"code":429,"message":"m"}}"#,
            Outcome::RateLimited,
        ),
        (
            r#"{"error":{"message":"m","code":"insufficient_quota"}}"#,
            Outcome::Quota,
        ),
        (
            r#"{"error":{"type":"authentication_error","message":"m"}}"#,
            Outcome::Auth,
        ),
        (
            r#"{"error":{"type":"invalid_request_error","message":"prompt is too long"}}"#,
            Outcome::ContextLength,
        ),
        (
            r#"{"error":{"type":"invalid_request_error","message":"m"}}"#,
            Outcome::InvalidRequest,
        ),
        (
            r#"{"error":{"code":503,"message":"The model is overloaded","status":"UNAVAILABLE"}}"#,
            Outcome::Overloaded,
        ),
        (r#"{"error":"something"}"#, Outcome::Server),
        ("nonsense", Outcome::Server),
    ] {
        assert_eq!(
            of(ProviderKind::OpenAiCompatible, body).outcome,
            expected,
            "{body}"
        );
    }
}
