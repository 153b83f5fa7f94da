//! Which category a failure belongs to. The body refines the status: a 429 can mean that there is no
//! money, a 400 that the key is wrong, and a 200 can be an error.

use domain::calls::Outcome;
use domain::connections::ProviderKind;

use super::Said;

const CONTEXT_WORDS: [&str; 2] = ["context_length_exceeded", "string_above_max_length"];
const CONTEXT_TEXTS: [&str; 7] = [
    "maximum context length",
    "prompt is too long",
    "context window",
    "input token count",
    "exceeds the available context size",
    "range of input length should be",
    "reduce the length of",
];

const QUOTA_WORDS: [&str; 11] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_error",
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "payment_required",
    "arrearage",
];
const QUOTA_TEXTS: [&str; 8] = [
    "credit balance is too low",
    "reached your specified api usage limits",
    "insufficient balance",
    "insufficient credits",
    "used all available credits",
    "monthly spending limit",
    "monthly included credits",
    "free quota",
];
/// A 403 with these speaks of the key's budget and not of its rights.
const BUDGET_TEXTS: [&str; 3] = ["budget", "key limit", "spending limit"];

const AUTH_WORDS: [&str; 7] = [
    "api_key_invalid",
    "invalid_api_key",
    "invalidapikey",
    "authentication_error",
    "authentication",
    "permission_error",
    "permission_denied",
];
const AUTH_TEXTS: [&str; 3] = ["api key not valid", "api key expired", "incorrect api key"];

/// The category of a failure. Without a status it came inside an answer whose status was good.
pub(super) fn of(kind: ProviderKind, host: &str, status: Option<u16>, said: &Said) -> Outcome {
    let status = status.filter(|status| *status >= 300).or(said.status);
    let text = said.message.to_ascii_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|part| text.contains(part));
    let word = |words: &[&str]| said.words.iter().any(|said| words.contains(&said.as_str()));

    let may_be_length = matches!(status, None | Some(400 | 413 | 422));
    if word(&CONTEXT_WORDS) || (may_be_length && says(&CONTEXT_TEXTS)) {
        return Outcome::ContextLength;
    }
    if is_throttle(host, said, &text) {
        return Outcome::RateLimited;
    }
    if kind == ProviderKind::Gemini && status == Some(429) {
        return gemini_429(said, &text);
    }
    let may_be_quota = matches!(status, None | Some(400..=403 | 429));
    if may_be_quota && (word(&QUOTA_WORDS) || says(&QUOTA_TEXTS)) {
        return Outcome::Quota;
    }
    if status == Some(403) && says(&BUDGET_TEXTS) {
        return Outcome::Quota;
    }
    if status == Some(400) && (word(&AUTH_WORDS[..3]) || says(&AUTH_TEXTS)) {
        return Outcome::Auth;
    }
    match status {
        // Mistral's way to say that the whole service tier is full.
        Some(429) if word(&["3505"]) => Outcome::Overloaded,
        Some(413) if kind == ProviderKind::Anthropic || host.ends_with("groq.com") => {
            Outcome::ContextLength
        }
        Some(status) => of_status(status),
        None => of_words(said),
    }
}

/// Alibaba calls its limit of tokens a minute a quota.
fn is_throttle(host: &str, said: &Said, text: &str) -> bool {
    let throttling = said.words.iter().any(|word| word.starts_with("throttling"));
    let quota = said.words.iter().any(|word| word == "insufficient_quota");
    (throttling
        || text.contains("allocated quota exceeded")
        || (quota && host.ends_with("aliyuncs.com")))
        && !text.contains("free")
}

/// Gemini says "exceeded your current quota" for every limit; the id of the quota tells which.
fn gemini_429(said: &Said, text: &str) -> Outcome {
    let daily = said.words.iter().any(|word| word.contains("perday"));
    if daily || text.contains("limit: 0") {
        Outcome::Quota
    } else {
        Outcome::RateLimited
    }
}

fn of_status(status: u16) -> Outcome {
    match status {
        401 | 403 => Outcome::Auth,
        402 => Outcome::Quota,
        408 | 499 | 524 => Outcome::Network,
        429 => Outcome::RateLimited,
        // 498: no flexible capacity left.
        498 | 503 | 529 => Outcome::Overloaded,
        400..=497 => Outcome::InvalidRequest,
        _ => Outcome::Server,
    }
}

/// Errors inside a stream have words only.
fn of_words(said: &Said) -> Outcome {
    let contains = |part: &str| said.words.iter().any(|word| word.contains(part));
    if said
        .words
        .iter()
        .any(|word| AUTH_WORDS.contains(&word.as_str()))
    {
        Outcome::Auth
    } else if contains("overload") || contains("unavailable") || contains("slow_down") {
        Outcome::Overloaded
    } else if contains("rate_limit") || contains("resource_exhausted") {
        Outcome::RateLimited
    } else if contains("timeout") {
        Outcome::Network
    } else if contains("invalid")
        || contains("not_found")
        || contains("policy")
        || contains("refusal")
        || contains("too_large")
    {
        Outcome::InvalidRequest
    } else {
        Outcome::Server
    }
}
