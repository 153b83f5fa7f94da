//! What a call consumed, in one meaning for every provider; and what many calls did together.

#[cfg(feature = "zones")]
mod calendar;
mod sums;

#[cfg(feature = "zones")]
pub use calendar::Calendar;
pub use sums::{Compared, DaySum, HomeFigures, NamedSum, OwnUsage, Period, Span, Sum, Top, Whose};

use serde::{Deserialize, Serialize};

/// Consumed units of one call or attempt. `None` is unknown, never zero.
///
/// Totals are inclusive: `cached_input` and the cache writes are parts of `input`, `reasoning` is
/// a part of `output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Every prompt token.
    pub input: Option<i64>,
    /// Prompt tokens read from the provider's cache.
    pub cached_input: Option<i64>,
    /// Prompt tokens written to the provider's cache (short-lived).
    pub cache_write: Option<i64>,
    /// Prompt tokens written to the provider's cache for an hour.
    pub cache_write_1h: Option<i64>,
    /// Everything billed as output.
    pub output: Option<i64>,
    /// Output tokens that were reasoning.
    pub reasoning: Option<i64>,
    /// Paid searches.
    pub searches: Option<i64>,
    /// Requests the provider counted; one per answered call.
    pub requests: Option<i64>,
}

impl Usage {
    /// Takes every figure that `newer` knows and keeps the others: streams repeat and refine usage.
    #[must_use]
    pub fn updated_by(self, newer: Self) -> Self {
        Self {
            input: newer.input.or(self.input),
            cached_input: newer.cached_input.or(self.cached_input),
            cache_write: newer.cache_write.or(self.cache_write),
            cache_write_1h: newer.cache_write_1h.or(self.cache_write_1h),
            output: newer.output.or(self.output),
            reasoning: newer.reasoning.or(self.reasoning),
            searches: newer.searches.or(self.searches),
            requests: newer.requests.or(self.requests),
        }
    }

    /// Sum of two attempts; a figure that neither knows stays unknown.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (None, None) => None,
            (a, b) => Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0))),
        };
        Self {
            input: sum(self.input, other.input),
            cached_input: sum(self.cached_input, other.cached_input),
            cache_write: sum(self.cache_write, other.cache_write),
            cache_write_1h: sum(self.cache_write_1h, other.cache_write_1h),
            output: sum(self.output, other.output),
            reasoning: sum(self.reasoning, other.reasoning),
            searches: sum(self.searches, other.searches),
            requests: sum(self.requests, other.requests),
        }
    }

    /// Numbers from outside are untrusted: negative and absurd counts become unknown.
    #[must_use]
    pub fn sanitised(self) -> Self {
        /// No model reads or writes a hundred million tokens in one call.
        const MOST: i64 = 100_000_000;
        let sane = |count: Option<i64>| count.filter(|count| (0..=MOST).contains(count));
        Self {
            input: sane(self.input),
            cached_input: sane(self.cached_input),
            cache_write: sane(self.cache_write),
            cache_write_1h: sane(self.cache_write_1h),
            output: sane(self.output),
            reasoning: sane(self.reasoning),
            searches: sane(self.searches),
            requests: sane(self.requests),
        }
    }

    /// True when neither input nor output is known, so that a cost must be estimated.
    pub fn is_unknown(&self) -> bool {
        self.input.is_none() && self.output.is_none()
    }

    /// Input and output together, as token limits count them.
    pub fn tokens(&self) -> i64 {
        self.input
            .unwrap_or(0)
            .saturating_add(self.output.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_report_refines_and_never_erases() {
        let start = Usage {
            input: Some(25),
            cached_input: Some(5),
            output: Some(1),
            ..Usage::default()
        };
        let end = Usage {
            output: Some(88),
            ..Usage::default()
        };
        let both = start.updated_by(end);
        assert_eq!(
            (both.input, both.cached_input, both.output),
            (Some(25), Some(5), Some(88))
        );
    }

    #[test]
    fn absurd_counts_become_unknown() {
        let usage = Usage {
            input: Some(-1),
            output: Some(i64::MAX),
            ..Usage::default()
        }
        .sanitised();
        assert!(usage.is_unknown());
    }
}
