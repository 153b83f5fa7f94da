//! Token counts: three disjoint input fields here, one inclusive total in the house.

use domain::Usage;
use serde::Deserialize;

use crate::json::count;

/// The provider's own fields, as far as known.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Counts {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    cache_creation_input_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    cache_read_input_tokens: Option<i64>,
    #[serde(default)]
    cache_creation: Option<Lifetimes>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<i64>,
    #[serde(default)]
    output_tokens_details: Option<Details>,
    #[serde(default)]
    server_tool_use: Option<Tools>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Lifetimes {
    #[serde(default, deserialize_with = "count")]
    ephemeral_5m_input_tokens: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    ephemeral_1h_input_tokens: Option<i64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Details {
    #[serde(default, deserialize_with = "count")]
    thinking_tokens: Option<i64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Tools {
    #[serde(default, deserialize_with = "count")]
    web_search_requests: Option<i64>,
}

impl Counts {
    /// Later reports are cumulative and replace field by field; a total without its parts keeps the
    /// parts only as long as they still add up.
    pub(super) fn update(&mut self, newer: Self) {
        let total_changed = newer.cache_creation.is_none()
            && newer.cache_creation_input_tokens.is_some()
            && newer.cache_creation_input_tokens != self.cache_creation_input_tokens;
        *self = Self {
            input_tokens: newer.input_tokens.or(self.input_tokens),
            cache_creation_input_tokens: newer
                .cache_creation_input_tokens
                .or(self.cache_creation_input_tokens),
            cache_read_input_tokens: newer
                .cache_read_input_tokens
                .or(self.cache_read_input_tokens),
            cache_creation: newer
                .cache_creation
                .or(self.cache_creation.filter(|_| !total_changed)),
            output_tokens: newer.output_tokens.or(self.output_tokens),
            output_tokens_details: newer.output_tokens_details.or(self.output_tokens_details),
            server_tool_use: newer.server_tool_use.or(self.server_tool_use),
        };
    }

    /// The same in the house's meaning.
    pub(super) fn usage(self) -> Usage {
        let parts = self.cache_creation.unwrap_or_default();
        let hour = parts.ephemeral_1h_input_tokens;
        let written = self.cache_creation_input_tokens.or_else(|| {
            let parts = [parts.ephemeral_5m_input_tokens, hour];
            parts.iter().any(Option::is_some).then(|| sum(parts))
        });
        let fields = [self.input_tokens, written, self.cache_read_input_tokens];
        Usage {
            input: self.input_tokens.map(|_| sum(fields)),
            cached_input: self.cache_read_input_tokens,
            // What is not known to live for an hour lives for five minutes.
            cache_write: written.map(|all| all.saturating_sub(hour.unwrap_or(0)).max(0)),
            cache_write_1h: hour,
            output: self.output_tokens,
            reasoning: self
                .output_tokens_details
                .and_then(|details| details.thinking_tokens),
            searches: self
                .server_tool_use
                .and_then(|tools| tools.web_search_requests),
            requests: None,
        }
        .sanitised()
    }
}

fn sum<const N: usize>(fields: [Option<i64>; N]) -> i64 {
    fields.into_iter().flatten().fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use domain::Usage;

    use super::Counts;

    fn counts(json: &str) -> Counts {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_three_input_fields_add_up() {
        let usage = counts(
            r#"{"input_tokens":25,"cache_creation_input_tokens":300,"cache_read_input_tokens":1800,
                "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},
                "output_tokens":88,"output_tokens_details":{"thinking_tokens":40},
                "server_tool_use":{"web_search_requests":2}}"#,
        );
        let expected = Usage {
            input: Some(2125),
            cached_input: Some(1800),
            cache_write: Some(100),
            cache_write_1h: Some(200),
            output: Some(88),
            reasoning: Some(40),
            searches: Some(2),
            requests: None,
        };
        assert_eq!(usage.usage(), expected);
    }

    #[test]
    fn writes_without_a_breakdown_are_short_lived() {
        let usage =
            counts(r#"{"input_tokens":1,"cache_creation_input_tokens":300,"cache_creation":null}"#)
                .usage();
        assert_eq!(
            (usage.input, usage.cache_write, usage.cache_write_1h),
            (Some(301), Some(300), None)
        );
        assert_eq!((usage.cached_input, usage.output), (None, None));
    }

    #[test]
    fn later_reports_replace_field_by_field() {
        let mut counted = counts(
            r#"{"input_tokens":25,"cache_creation_input_tokens":10,"cache_read_input_tokens":1800,
                "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":10},"output_tokens":1}"#,
        );
        counted.update(counts(r#"{"output_tokens":88}"#));
        assert_eq!(counted.usage().input, Some(1835));
        assert_eq!(
            (counted.usage().output, counted.usage().cache_write_1h),
            (Some(88), Some(10))
        );
        counted.update(counts(
            r#"{"input_tokens":400,"cache_creation_input_tokens":10,"output_tokens":90}"#,
        ));
        assert_eq!(
            (counted.usage().input, counted.usage().cache_write_1h),
            (Some(2210), Some(10))
        );
        counted.update(counts(r#"{"cache_creation_input_tokens":30}"#));
        assert_eq!(
            (counted.usage().cache_write, counted.usage().cache_write_1h),
            (Some(30), None)
        );
    }
}
