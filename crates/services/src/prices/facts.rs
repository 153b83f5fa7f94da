//! What the shipped table says of models: limits, abilities and list prices.

use std::collections::HashMap;
use std::sync::OnceLock;

use domain::Timestamp;
use domain::connections::ProviderKind;
use domain::money::parse_scaled;
use domain::prices::{LongContext, Rates};

/// The table, USD per million tokens.
const TABLE: &str = include_str!("../../data/model-prices.csv");
/// Where it comes from; stands in every seeded row.
pub(super) const SOURCE: &str = "list prices, November 2026 (LiteLLM 1.109 table)";
/// The date its prices are known to hold from: 1 November 2026.
pub(super) const DATED: Timestamp = Timestamp(1_793_491_200_000);

/// What is known of a model.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The provider's id.
    pub model: String,
    /// Whether it is called through chat completions.
    pub chat: bool,
    /// Most input tokens.
    pub context_tokens: Option<i64>,
    /// Most output tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it sees images.
    pub vision: bool,
    /// Whether it reasons.
    pub reasoning: bool,
    rates: Option<Rates>,
}

type Table = HashMap<(ProviderKind, String), Facts>;

/// What the table says of a model.
pub fn facts(kind: ProviderKind, model: &str) -> Option<&'static Facts> {
    table().get(&(kind, model.to_owned()))
}

/// Every model with a price.
pub(super) fn priced() -> impl Iterator<Item = (ProviderKind, &'static Facts, Rates)> {
    table()
        .iter()
        .filter_map(|((kind, _), facts)| Some((*kind, facts, facts.rates?)))
}

fn table() -> &'static Table {
    static PARSED: OnceLock<Table> = OnceLock::new();
    PARSED.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
        let names: Vec<String> = reader
            .headers()
            .map(|headers| headers.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        reader
            .records()
            .filter_map(Result::ok)
            .filter_map(|row| read(&names, &row))
            .collect()
    })
}

fn read(names: &[String], row: &csv::StringRecord) -> Option<((ProviderKind, String), Facts)> {
    let cell = |name: &str| {
        let index = names.iter().position(|known| known == name)?;
        row.get(index).filter(|text| !text.is_empty())
    };
    let kind = match cell("provider")? {
        "openai" => ProviderKind::OpenAi,
        "anthropic" => ProviderKind::Anthropic,
        "google" => ProviderKind::Gemini,
        _ => return None,
    };
    let count = |name: &str| cell(name)?.parse::<i64>().ok();
    let facts = Facts {
        model: cell("model")?.to_owned(),
        chat: cell("mode") == Some("chat"),
        context_tokens: count("context_tokens"),
        max_output_tokens: count("max_output_tokens"),
        vision: cell("vision") == Some("yes"),
        reasoning: cell("reasoning") == Some("yes"),
        rates: rates(&cell),
    };
    Some(((kind, facts.model.clone()), facts))
}

/// The figures as nano-USD per million; `None` where the table has none, or a zero, which is a gap
/// and not a gift.
fn rates<'a>(cell: &impl Fn(&str) -> Option<&'a str>) -> Option<Rates> {
    let usd = |name: &str| parse_scaled(cell(name)?, 9).ok();
    if cell("tiered").is_some() {
        return None;
    }
    let (input, output) = (usd("input")?, usd("output").unwrap_or(0));
    if input == 0 && output == 0 {
        return None;
    }
    let above = cell("long_context_above")
        .and_then(|text| text.strip_suffix('k')?.parse::<i64>().ok())
        .map(|thousands| thousands * 1_000);
    let long = match (above, usd("long_input"), usd("long_output")) {
        (Some(above_tokens), Some(input), Some(output)) => Some(LongContext {
            above_tokens,
            input,
            cached_input: usd("long_cached_input"),
            output,
        }),
        _ => None,
    };
    Some(Rates {
        input,
        cached_input: usd("cached_input"),
        cache_write: usd("cache_write_5m"),
        cache_write_1h: usd("cache_write_1h"),
        output,
        reasoning: usd("reasoning_output").filter(|rate| *rate != output),
        // Dollars a search: times a million searches, in nano-USD.
        search: cell("search_per_query_medium").and_then(|text| parse_scaled(text, 15).ok()),
        request: None,
        long,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_table_becomes_exact_nano_usd() {
        let haiku = facts(ProviderKind::Anthropic, "claude-haiku-5-5").unwrap();
        let rates = haiku.rates.unwrap();
        assert_eq!(
            (rates.input, rates.cached_input),
            (100_000_000, Some(10_000_000))
        );
        assert_eq!(
            (rates.cache_write, rates.cache_write_1h),
            (Some(125_000_000), Some(200_000_000))
        );
        assert_eq!(rates.output, 500_000_000);
        assert_eq!(rates.search, Some(10_000_000_000_000));
        let long = rates.long.unwrap();
        assert_eq!(
            (long.above_tokens, long.input, long.output),
            (100_000, 500_000_000, 2_500_000_000)
        );
        assert_eq!(haiku.context_tokens, Some(1_000_000));
    }

    #[test]
    fn a_zero_in_the_table_is_a_gap_and_not_a_gift() {
        assert!(
            facts(ProviderKind::Gemini, "gemma-3-27b-it")
                .unwrap()
                .rates
                .is_none()
        );
        assert!(priced().all(|(_, _, rates)| rates.input > 0 || rates.output > 0));
        assert!(priced().count() > 150);
    }
}
