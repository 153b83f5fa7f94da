use domain::calls::Outcome;
use domain::connections::ProviderKind;
use outbound::Secret;

use super::{Failures, Head};

const KEY: &str = "sk-canary-0123456789";

fn failures(kind: ProviderKind, host: &str) -> Failures {
    Failures::new(kind, &format!("https://{host}/v1"), &Secret::new(KEY))
}

fn head(status: u16, fields: &[(&str, &str)]) -> Head {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Head { status, fields: fields.collect() }
}

fn outcome(kind: ProviderKind, host: &str, status: u16, body: &str) -> Outcome {
    failures(kind, host).of_answer(&head(status, &[]), body.as_bytes()).outcome
}

#[test]
fn openai_failures() {
    for (status, body, expected) in [
        (400, r#"{"error":{"message":"x","type":"invalid_request_error","param":null,"code":"unsupported_parameter"}}"#, Outcome::InvalidRequest),
        (400, r#"{"error":{"message":"This model's maximum context length is 128000 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#, Outcome::ContextLength),
        (401, r#"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}"#, Outcome::Auth),
        (403, r#"{"error":{"message":"Country not supported","type":"x","code":null}}"#, Outcome::Auth),
        (404, r#"{"error":{"message":"no model","type":"invalid_request_error","code":"model_not_found"}}"#, Outcome::InvalidRequest),
        (429, r#"{"error":{"message":"Rate limit reached for RPM","type":"requests","code":"rate_limit_exceeded"}}"#, Outcome::RateLimited),
        (429, r#"{"error":{"message":"slow","type":"rate_limit_error","code":"slow_down"}}"#, Outcome::RateLimited),
        (429, r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#, Outcome::Quota),
        (429, r#"{"error":{"message":"m","type":"insufficient_quota","code":"project_spend_limit_exceeded"}}"#, Outcome::Quota),
        (429, r#"{"error":{"message":"m","type":"x","code":"credit_balance_exhausted"}}"#, Outcome::Quota),
        (500, r#"{"error":{"message":"m","type":"server_error"}}"#, Outcome::Server),
        (503, r#"{"error":{"message":"m","type":"service_unavailable_error","code":"server_is_overloaded"}}"#, Outcome::Overloaded),
        (307, "", Outcome::Server),
        (408, "", Outcome::Network),
        (502, "<html>Bad gateway</html>", Outcome::Server),
    ] {
        assert_eq!(outcome(ProviderKind::OpenAi, "api.openai.com", status, body), expected, "{status} {body}");
    }
}

#[test]
fn anthropic_failures() {
    let body = |kind: &str, message: &str, details: &str| {
        format!(r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"{details}}},"request_id":"req_1"}}"#)
    };
    for (status, body, expected) in [
        (400, body("invalid_request_error", "bad field", ""), Outcome::InvalidRequest),
        (400, body("invalid_request_error", "Your credit balance is too low to access", ""), Outcome::Quota),
        (400, body("invalid_request_error", "You have reached your specified API usage limits", ""), Outcome::Quota),
        (400, body("invalid_request_error", "prompt is too long: 9 > 8", ""), Outcome::ContextLength),
        (401, body("authentication_error", "invalid x-api-key", ""), Outcome::Auth),
        (402, body("billing_error", "pay", ""), Outcome::Quota),
        (403, body("permission_error", "no", ""), Outcome::Auth),
        (404, body("not_found_error", "model: x", ""), Outcome::InvalidRequest),
        (409, body("conflict_error", "c", ""), Outcome::InvalidRequest),
        (413, body("request_too_large", "big", ""), Outcome::ContextLength),
        (429, body("rate_limit_error", "slow", ""), Outcome::RateLimited),
        (429, body("rate_limit_error", "spent", r#","details":{"error_code":"enforced_spend_limit_reached"}"#), Outcome::Quota),
        (429, body("rate_limit_error", "steep", r#","details":{"error_code":"ramp_limit_exceeded"}"#), Outcome::RateLimited),
        (500, body("api_error", "oops", ""), Outcome::Server),
        (504, body("timeout_error", "slow", ""), Outcome::Server),
        (529, body("overloaded_error", "Overloaded", ""), Outcome::Overloaded),
    ] {
        assert_eq!(outcome(ProviderKind::Anthropic, "api.anthropic.com", status, &body), expected, "{status} {body}");
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
        (400, plain("API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"), Outcome::Auth),
        (400, plain("The input token count (9) exceeds the maximum", "INVALID_ARGUMENT"), Outcome::ContextLength),
        (400, plain("location", "FAILED_PRECONDITION"), Outcome::InvalidRequest),
        (403, plain("no", "PERMISSION_DENIED"), Outcome::Auth),
        (402, plain("pay", "RESOURCE_EXHAUSTED"), Outcome::Quota),
        (404, plain("no model", "NOT_FOUND"), Outcome::InvalidRequest),
        (429, quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"), Outcome::RateLimited),
        (429, quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), Outcome::Quota),
        (429, plain("Quota exceeded for metric x, limit: 0", "RESOURCE_EXHAUSTED"), Outcome::Quota),
        (500, plain("m", "INTERNAL"), Outcome::Server),
        (504, plain("m", "DEADLINE_EXCEEDED"), Outcome::Server),
        (503, plain("m", "UNAVAILABLE"), Outcome::Overloaded),
    ] {
        assert_eq!(
            outcome(ProviderKind::Gemini, "generativelanguage.googleapis.com", status, &body),
            expected,
            "{status} {body}"
        );
    }
}

#[test]
fn the_copies_failures() {
    for (host, status, body, expected) in [
        ("api.deepseek.com", 401, r#"{"error":{"message":"Authentication Fails","type":"authentication_error","param":null,"code":"invalid_request_error"}}"#, Outcome::Auth),
        ("api.deepseek.com", 402, r#"{"error":{"message":"Insufficient Balance","type":"unknown_error"}}"#, Outcome::Quota),
        ("dashscope.aliyuncs.com", 429, r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#, Outcome::RateLimited),
        ("dashscope.aliyuncs.com", 429, r#"{"code":"Throttling.AllocationQuota","message":"Allocated quota exceeded","request_id":"r"}"#, Outcome::RateLimited),
        ("dashscope.aliyuncs.com", 403, r#"{"error":{"message":"The free quota has been exhausted","code":"insufficient_quota"}}"#, Outcome::Quota),
        ("dashscope.aliyuncs.com", 400, r#"{"code":"Arrearage","message":"Access denied, account overdue"}"#, Outcome::Quota),
        ("dashscope.aliyuncs.com", 400, r#"{"code":"InvalidParameter","message":"Range of input length should be [1, 9]"}"#, Outcome::ContextLength),
        ("api.groq.com", 413, r#"{"error":{"message":"Request too large for TPM","type":"tokens","code":"rate_limit_exceeded"}}"#, Outcome::ContextLength),
        ("api.groq.com", 498, "", Outcome::Overloaded),
        ("api.mistral.ai", 401, r#"{"detail":"Unauthorized"}"#, Outcome::Auth),
        ("api.mistral.ai", 401, r#"{"message":"Unauthorized","request_id":"r"}"#, Outcome::Auth),
        ("api.mistral.ai", 422, r#"{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}"#, Outcome::InvalidRequest),
        ("api.mistral.ai", 429, r#"{"object":"error","message":"Service tier capacity exceeded for this model","type":"x","param":null,"code":3505}"#, Outcome::Overloaded),
        ("api.mistral.ai", 429, r#"{"message":"Requests rate limit exceeded"}"#, Outcome::RateLimited),
        ("api.x.ai", 400, r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided"}"#, Outcome::Auth),
        ("api.x.ai", 403, r#"{"code":"x","error":"Your team has used all available credits or reached its monthly spending limit"}"#, Outcome::Quota),
        ("router.huggingface.co", 402, r#"{"error":"You have exceeded your monthly included credits"}"#, Outcome::Quota),
        ("openrouter.ai", 403, r#"{"error":{"code":403,"message":"Key limit exceeded (total limit)"}}"#, Outcome::Quota),
        ("openrouter.ai", 403, r#"{"error":{"code":403,"message":"Input was flagged by moderation"}}"#, Outcome::Auth),
        ("openrouter.ai", 524, "", Outcome::Network),
        ("localhost", 404, r#"{"error":{"message":"model not found","type":"not_found_error","param":null,"code":null}}"#, Outcome::InvalidRequest),
        ("localhost", 400, r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#, Outcome::ContextLength),
    ] {
        assert_eq!(outcome(ProviderKind::OpenAiCompatible, host, status, body), expected, "{host} {status} {body}");
    }
}

#[test]
fn errors_inside_a_good_answer_have_only_their_words() {
    let of = |kind, body: &str| failures(kind, "example.com").of_object(body.as_bytes());
    for (body, expected) in [
        (r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}"#, Outcome::Overloaded),
        (r#"{"error":{"code":502,"message":"Provider disconnected","metadata":{"error_type":"provider_unavailable"}}}"#, Outcome::Server),
        (r#"{"error":{"code":"rate_limit_exceeded","message":"m"}}"#, Outcome::RateLimited),
        (r#"{"error":{"code":429,"message":"m"}}"#, Outcome::RateLimited),
        (r#"{"error":{"message":"m","code":"insufficient_quota"}}"#, Outcome::Quota),
        (r#"{"error":{"type":"authentication_error","message":"m"}}"#, Outcome::Auth),
        (r#"{"error":{"type":"invalid_request_error","message":"prompt is too long"}}"#, Outcome::ContextLength),
        (r#"{"error":{"type":"invalid_request_error","message":"m"}}"#, Outcome::InvalidRequest),
        (r#"{"error":{"code":503,"message":"The model is overloaded","status":"UNAVAILABLE"}}"#, Outcome::Overloaded),
        (r#"{"error":"something"}"#, Outcome::Server),
        ("nonsense", Outcome::Server),
    ] {
        assert_eq!(of(ProviderKind::OpenAiCompatible, body).outcome, expected, "{body}");
    }
}

#[test]
fn waits_are_read_in_every_form() {
    let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
    let body = r#"{"error":{"message":"m","details":[{"retryDelay":"27.5s"}]}}"#;
    for (fields, body, expected) in [
        (vec![("retry-after-ms", "1250.5"), ("retry-after", "9")], "", Some(1251)),
        (vec![("retry-after", "20")], "", Some(20_000)),
        (vec![("retry-after", "1.5")], body, Some(1_500)),
        (vec![("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"), date], "", Some(30_000)),
        (vec![("retry-after", "Wed, 21 Oct 2026 07:27:30 GMT"), date], "", Some(0)),
        (vec![("retry-after", "soon")], body, Some(27_500)),
        (vec![], body, Some(27_500)),
        (vec![("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "2m52.8s")], "", Some(172_800)),
        (vec![("x-ratelimit-remaining-requests", "-1"), ("x-ratelimit-reset-requests", "547ms")], "", Some(547)),
        (vec![("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "33")], "", Some(33_000)),
        (vec![("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "6m0s"), ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "1m12s")], "", Some(360_000)),
        (vec![("x-ratelimit-remaining-requests", "5"), ("x-ratelimit-reset-requests", "6m0s")], "", None),
        (vec![("anthropic-ratelimit-input-tokens-remaining", "0"), ("anthropic-ratelimit-input-tokens-reset", "2026-10-21T07:29:00Z"), date], "", Some(60_000)),
        (vec![("anthropic-ratelimit-input-tokens-remaining", "0"), ("anthropic-ratelimit-input-tokens-reset", "2026-10-21T07:29:00Z")], "", None),
        (vec![("retry-after", "99999999999999999999")], "", Some(31 * 24 * 3_600_000)),
        (vec![("retry-after", "-5")], "", None),
    ] {
        let failure = failures(ProviderKind::OpenAi, "x").of_answer(&head(429, &fields), body.as_bytes());
        assert_eq!(failure.retry_after_ms, expected, "{fields:?}");
    }
}

#[test]
fn messages_hold_no_key() {
    let body = format!(r#"{{"error":{{"message":"The key {KEY} is wrong, also {KEY}."}}}}"#);
    let failure = failures(ProviderKind::OpenAi, "x").of_answer(&head(401, &[]), body.as_bytes());
    assert_eq!(failure.message, "The key [key] is wrong, also [key].");
    assert!(!format!("{:?}", failures(ProviderKind::OpenAi, "x")).contains("canary"));
}

#[test]
fn bodies_that_are_no_errors_leave_the_status() {
    for body in ["", "<html><body>502</body></html>", "null", "[]", "{}", "\u{feff}"] {
        let failure = failures(ProviderKind::OpenAi, "x").of_answer(&head(502, &[]), body.as_bytes());
        assert_eq!((failure.outcome, failure.status), (Outcome::Server, Some(502)), "{body}");
        assert_eq!(failure.message, "HTTP status 502 without a readable error", "{body}");
    }
}
