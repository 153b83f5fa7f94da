//! Token counts and costs in the OpenAI family's many spellings.

use domain::money::{ParseMoneyError, parse_scaled};
use domain::{NanoUsd, Usage};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{count, scalar};

#[derive(Debug, Default, Deserialize)]
struct Wire<'a> {
    #[serde(default, deserialize_with = "count")]
    prompt_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    completion_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    total_tokens: Option<i64>,
    #[serde(default)]
    prompt_tokens_details: Option<Prompt>,
    /// Mistral's spelling.
    #[serde(default)]
    prompt_token_details: Option<Prompt>,
    #[serde(default, deserialize_with = "count")]
    num_cached_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    prompt_cache_hit_tokens: Option<i64>,
    #[serde(default)]
    completion_tokens_details: Option<Completion>,
    #[serde(default, deserialize_with = "count")]
    reasoning_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    num_search_queries: Option<i64>,
    #[serde(default)]
    server_tool_use_details: Option<Searches>,
    #[serde(default)]
    server_side_tool_usage_details: Option<Searches>,
    #[serde(borrow, default)]
    cost: Option<&'a RawValue>,
    #[serde(default)]
    is_byok: Option<bool>,
    #[serde(borrow, default)]
    cost_details: Option<Upstream<'a>>,
    #[serde(borrow, default)]
    cost_in_usd_ticks: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
struct Prompt {
    #[serde(default, deserialize_with = "count")]
    cached_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    cache_write_tokens: Option<i64>,
    /// Alibaba's spelling.
    #[serde(default, deserialize_with = "count")]
    cache_creation_input_tokens: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Completion {
    #[serde(default, deserialize_with = "count")]
    reasoning_tokens: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Searches {
    #[serde(default, alias = "web_search_calls", deserialize_with = "count")]
    web_search_requests: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Upstream<'a> {
    #[serde(borrow, default)]
    upstream_inference_cost: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
struct CostObject<'a> {
    #[serde(borrow, default)]
    total_cost: Option<&'a RawValue>,
}

/// Usage in one meaning, and the cost if the provider states one.
pub(super) fn read(raw: &RawValue) -> (Option<Usage>, Option<NanoUsd>) {
    let Ok(wire) = serde_json::from_str::<Wire<'_>>(raw.get()) else {
        return (None, None);
    };
    let cost = cost(&wire);
    let usage = usage(&wire);
    (Some(usage).filter(|usage| *usage != Usage::default()), cost)
}

fn usage(wire: &Wire<'_>) -> Usage {
    let prompt = wire
        .prompt_tokens_details
        .as_ref()
        .or(wire.prompt_token_details.as_ref());
    let cached = wire
        .prompt_cache_hit_tokens
        .or(wire.num_cached_tokens)
        .or(prompt.and_then(|prompt| prompt.cached_tokens));
    let write = prompt.and_then(|prompt| {
        prompt
            .cache_write_tokens
            .or(prompt.cache_creation_input_tokens)
    });
    let reasoning = wire
        .completion_tokens_details
        .as_ref()
        .and_then(|completion| completion.reasoning_tokens)
        .or(wire.reasoning_tokens);
    let searches = [
        &wire.server_tool_use_details,
        &wire.server_side_tool_usage_details,
    ];
    let searches = searches
        .into_iter()
        .flatten()
        .find_map(|searches| searches.web_search_requests);
    Usage {
        // A prompt smaller than its cached part was counted without it.
        input: wire.prompt_tokens.map(|input| match cached {
            Some(cached) if cached > input => input.saturating_add(cached),
            _ => input,
        }),
        cached_input: cached,
        cache_write: write,
        cache_write_1h: None,
        output: output(wire, reasoning),
        reasoning,
        searches: wire.num_search_queries.or(searches),
        requests: None,
    }
    .sanitised()
}

/// Output with its reasoning. Some count the reasoning apart: then the total shows it, or the
/// reasoning alone is larger than the output it should be a part of.
fn output(wire: &Wire<'_>, reasoning: Option<i64>) -> Option<i64> {
    let completion = wire.completion_tokens?;
    let Some(reasoning) = reasoning.filter(|count| *count > 0) else {
        return Some(completion);
    };
    let together = completion.saturating_add(reasoning);
    let apart = wire
        .prompt_tokens
        .map(|prompt| prompt.saturating_add(together));
    let is_apart = apart.is_some() && apart == wire.total_tokens;
    Some(if is_apart || reasoning > completion {
        together
    } else {
        completion
    })
}

fn cost(wire: &Wire<'_>) -> Option<NanoUsd> {
    if let Some(ticks) = wire.cost_in_usd_ticks {
        // A tick is a tenth of a nano-USD.
        return nano(&scalar(ticks)?, -1);
    }
    let stated = wire.cost?;
    let cost = if stated.get().starts_with('{') {
        let object: CostObject<'_> = serde_json::from_str(stated.get()).ok()?;
        nano(&scalar(object.total_cost?)?, 9)?
    } else {
        nano(&scalar(stated)?, 9)?
    };
    // With a key of the customer's own, the router states its fee only and the rest beside it.
    let upstream = wire
        .cost_details
        .as_ref()
        .filter(|_| wire.is_byok == Some(true));
    let upstream = upstream.and_then(|details| nano(&scalar(details.upstream_inference_cost?)?, 9));
    cost.checked_add(upstream.unwrap_or_default())
}

/// A decimal times `10^scale`, rounded up to whole nano-USD: providers add up binary floats and
/// print every digit of the result. A negative cost is none.
fn nano(text: &str, scale: i32) -> Option<NanoUsd> {
    for finer in 0..=24 {
        match parse_scaled(text, scale + finer) {
            Ok(amount) => {
                let amount = u64::try_from(amount).ok()?;
                let divisor = 10_u64.checked_pow(finer.unsigned_abs()).unwrap_or(u64::MAX);
                return i64::try_from(amount.div_ceil(divisor)).ok().map(NanoUsd);
            }
            Err(ParseMoneyError::TooFine) => {}
            Err(ParseMoneyError::NotANumber | ParseMoneyError::TooLarge) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use domain::{NanoUsd, Usage};
    use serde_json::value::RawValue;

    use super::read;

    fn of(json: &str) -> (Option<Usage>, Option<NanoUsd>) {
        read(serde_json::from_str::<&RawValue>(json).unwrap())
    }

    /// Input, cached input, cache writes, output, reasoning.
    fn usage(json: &str) -> [Option<i64>; 5] {
        let usage = of(json).0.unwrap_or_default();
        [
            usage.input,
            usage.cached_input,
            usage.cache_write,
            usage.output,
            usage.reasoning,
        ]
    }

    #[test]
    fn every_family_members_usage_means_the_same() {
        for (provider, json, expected) in [
            (
                "openai",
                r#"{"prompt_tokens":31,"completion_tokens":12,"total_tokens":43,"prompt_tokens_details":{"cached_tokens":16,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":4}}"#,
                [Some(31), Some(16), Some(0), Some(12), Some(4)],
            ),
            (
                "no details",
                r#"{"prompt_tokens":31,"completion_tokens":12,"total_tokens":43}"#,
                [Some(31), None, None, Some(12), None],
            ),
            (
                "null details",
                r#"{"prompt_tokens":31,"completion_tokens":12,"prompt_tokens_details":null,"completion_tokens_details":null}"#,
                [Some(31), None, None, Some(12), None],
            ),
            (
                "deepseek",
                r#"{"prompt_tokens":410,"completion_tokens":95,"total_tokens":505,"prompt_tokens_details":{"cached_tokens":384},"completion_tokens_details":{"reasoning_tokens":51},"prompt_cache_hit_tokens":384,"prompt_cache_miss_tokens":26}"#,
                [Some(410), Some(384), None, Some(95), Some(51)],
            ),
            (
                "qwen",
                r#"{"prompt_tokens":41,"completion_tokens":260,"total_tokens":301,"completion_tokens_details":{"reasoning_tokens":199},"prompt_tokens_details":{"cached_tokens":0,"cache_creation_input_tokens":7}}"#,
                [Some(41), Some(0), Some(7), Some(260), Some(199)],
            ),
            (
                "mistral",
                r#"{"prompt_tokens":18,"total_tokens":79,"completion_tokens":61,"num_cached_tokens":3}"#,
                [Some(18), Some(3), None, Some(61), None],
            ),
            (
                "xai, apart",
                r#"{"prompt_tokens":40,"completion_tokens":15,"total_tokens":255,"prompt_tokens_details":{"cached_tokens":32},"completion_tokens_details":{"reasoning_tokens":200}}"#,
                [Some(40), Some(32), None, Some(215), Some(200)],
            ),
            (
                "xai, folded",
                r#"{"prompt_tokens":40,"completion_tokens":215,"total_tokens":255,"completion_tokens_details":{"reasoning_tokens":200}}"#,
                [Some(40), None, None, Some(215), Some(200)],
            ),
            (
                "xai, cache apart",
                r#"{"prompt_tokens":8,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":32}}"#,
                [Some(40), Some(32), None, Some(1), None],
            ),
            (
                "perplexity deep",
                r#"{"prompt_tokens":9,"completion_tokens":100,"total_tokens":109,"reasoning_tokens":900}"#,
                [Some(9), None, None, Some(1000), Some(900)],
            ),
            (
                "floats",
                r#"{"prompt_tokens":9.0,"completion_tokens":3.0}"#,
                [Some(9), None, None, Some(3), None],
            ),
            (
                "absurd",
                r#"{"prompt_tokens":-4,"completion_tokens":9000000000}"#,
                [None, None, None, None, None],
            ),
        ] {
            assert_eq!(usage(json), expected, "{provider}");
        }
    }

    #[test]
    fn stated_costs_are_exact() {
        for (json, expected) in [
            (r#"{"cost":0.00016}"#, Some(160_000)),
            (r#"{"cost":"0.00016"}"#, Some(160_000)),
            (r#"{"cost":1.6e-05}"#, Some(16_000)),
            (r#"{"cost":0}"#, Some(0)),
            (r#"{"cost":0.30000000000000004}"#, Some(300_000_001)),
            (r#"{"cost":1.6000000000000001e-05}"#, Some(16_001)),
            (r#"{"cost":12.345678901234567}"#, Some(12_345_678_902)),
            (
                r#"{"cost":{"input_tokens_cost":0.000022,"total_cost":0.005232}}"#,
                Some(5_232_000),
            ),
            (r#"{"cost":{"input_tokens_cost":0.000022}}"#, None),
            (r#"{"cost_in_usd_ticks":13220000}"#, Some(1_322_000)),
            (r#"{"cost_in_usd_ticks":5}"#, Some(1)),
            (
                r#"{"cost":0.001,"is_byok":true,"cost_details":{"upstream_inference_cost":0.02}}"#,
                Some(21_000_000),
            ),
            (
                r#"{"cost":0.001,"is_byok":false,"cost_details":{"upstream_inference_cost":0.001}}"#,
                Some(1_000_000),
            ),
            (r#"{"cost":-1}"#, None),
            (r#"{"cost":"free"}"#, None),
            (r#"{"cost":1e30}"#, None),
            (r#"{"cost":null}"#, None),
        ] {
            assert_eq!(of(json).1.map(|cost| cost.0), expected, "{json}");
        }
    }

    #[test]
    fn searches_are_counted_wherever_they_stand() {
        for json in [
            r#"{"num_search_queries":3}"#,
            r#"{"server_tool_use_details":{"web_search_requests":3}}"#,
            r#"{"server_side_tool_usage_details":{"web_search_calls":3}}"#,
        ] {
            assert_eq!(of(json).0.unwrap().searches, Some(3), "{json}");
        }
    }
}
