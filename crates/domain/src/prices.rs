//! Dated prices, the cost of a usage and the worst case of a request.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calls::words;
use crate::money::NanoUsd;
use crate::usage::Usage;

words! {
    /// Whether a model's cost can be told.
    PriceState {
        /// A price row applies.
        Priced = "priced",
        /// An explicit zero: set by an admin, or a provider that never charges.
        Free = "free",
        /// Nobody has said what it costs. Never a silent zero.
        Unpriced = "unpriced",
    }
}

words! {
    /// Where a price row comes from.
    PriceSource {
        /// The table that ships with Purser.
        Seeded = "seeded",
        /// The provider's own list.
        Provider = "provider",
        /// An admin of this house.
        Manual = "manual",
    }
}

/// Nano-USD per million units, one figure a line. `None` is "no such line": see [`Rates::cost`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rates {
    /// Uncached prompt tokens.
    pub input: i64,
    /// Prompt tokens read from the cache; without a line they cost as `input`.
    pub cached_input: Option<i64>,
    /// Prompt tokens written to the cache; without a line they cost as `input`.
    pub cache_write: Option<i64>,
    /// Prompt tokens written to the cache for an hour; without a line as `cache_write`.
    pub cache_write_1h: Option<i64>,
    /// Output tokens.
    pub output: i64,
    /// Reasoning tokens; without a line they cost as `output`.
    pub reasoning: Option<i64>,
    /// Nano-USD per million searches; without a line searches are not priced.
    pub search: Option<i64>,
    /// Nano-USD per million requests.
    pub request: Option<i64>,
    /// Rates of the whole request once its input exceeds a threshold.
    pub long: Option<LongContext>,
}

/// Dearer rates of a request whose input is longer than a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongContext {
    /// Applies when input tokens exceed this.
    pub above_tokens: i64,
    /// Uncached prompt tokens.
    pub input: i64,
    /// Prompt tokens read from the cache; without a line in the same ratio as the base rates.
    pub cached_input: Option<i64>,
    /// Output tokens.
    pub output: i64,
}

/// A cost that does not fit into 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the cost does not fit into 64 bits of nano-USD")]
pub struct CostOverflow;

const MILLION: i128 = 1_000_000;

/// Units at a rate per million, rounded half-even to a nano-USD.
fn line(units: i64, rate: i64) -> i128 {
    let product = i128::from(units.max(0)) * i128::from(rate.max(0));
    let whole = product / MILLION;
    let rest = product % MILLION;
    match (rest * 2).cmp(&MILLION) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + (whole & 1),
    }
}

impl Rates {
    /// The rates of a request with this much input.
    fn at(&self, input_tokens: i64) -> Self {
        let Some(long) = self.long.filter(|long| input_tokens > long.above_tokens) else {
            return *self;
        };
        let scaled = |rate: Option<i64>| {
            rate.map(|rate| {
                if self.input == 0 {
                    return rate;
                }
                let scaled = i128::from(rate) * i128::from(long.input) / i128::from(self.input);
                i64::try_from(scaled).unwrap_or(i64::MAX)
            })
        };
        Self {
            input: long.input,
            cached_input: long.cached_input.or_else(|| scaled(self.cached_input)),
            cache_write: scaled(self.cache_write),
            cache_write_1h: scaled(self.cache_write_1h),
            output: long.output,
            reasoning: self.reasoning.map(|reasoning| reasoning.max(long.output)),
            ..*self
        }
    }

    /// How much the rounding of single lines can add up to: nothing when every rate is a whole
    /// number of nano-USD a token, so that a hold can be exactly the cost.
    fn rounding_slack(&self) -> i128 {
        let long = self.long.map_or([0; 3], |long| {
            [long.input, long.cached_input.unwrap_or(0), long.output]
        });
        let base = [
            self.input,
            self.cached_input.unwrap_or(0),
            self.cache_write.unwrap_or(0),
            self.cache_write_1h.unwrap_or(0),
            self.output,
            self.reasoning.unwrap_or(0),
            self.request.unwrap_or(0),
        ];
        let uneven = base
            .into_iter()
            .chain(long)
            .filter(|rate| rate % 1_000_000 != 0)
            .count();
        // Scaled long-context lines are derived, so they may be uneven where their bases are not.
        let derived = if self.long.is_some() { 3 } else { 0 };
        i128::try_from(uneven).unwrap_or(i128::MAX) + derived
    }

    /// What a usage costs: each line once in 128 bits, rounded half-even, summed, checked.
    ///
    /// Parts that exceed their total are clamped, so that a wrong breakdown never makes a call
    /// cheaper than free.
    ///
    /// # Errors
    /// When the sum does not fit.
    pub fn cost(&self, usage: &Usage) -> Result<NanoUsd, CostOverflow> {
        let input = usage.input.unwrap_or(0).max(0);
        let rates = self.at(input);
        let cached = usage.cached_input.unwrap_or(0).clamp(0, input);
        let written = usage.cache_write.unwrap_or(0).clamp(0, input - cached);
        let written_1h = usage
            .cache_write_1h
            .unwrap_or(0)
            .clamp(0, input - cached - written);
        let plain = input - cached - written - written_1h;
        let output = usage.output.unwrap_or(0).max(0);
        let reasoning = usage.reasoning.unwrap_or(0).clamp(0, output);
        let (visible, reasoning, reasoning_rate) = match rates.reasoning {
            Some(rate) => (output - reasoning, reasoning, rate),
            // One line when the rate is the same: rounding twice would differ from the provider's bill.
            None => (output, 0, rates.output),
        };
        let cache_write = rates.cache_write.unwrap_or(rates.input);
        let sum = line(plain, rates.input)
            + line(cached, rates.cached_input.unwrap_or(rates.input))
            + line(written, cache_write)
            + line(written_1h, rates.cache_write_1h.unwrap_or(cache_write))
            + line(visible, rates.output)
            + line(reasoning, reasoning_rate)
            + rates
                .search
                .map_or(0, |rate| line(usage.searches.unwrap_or(0), rate))
            + rates
                .request
                .map_or(0, |rate| line(usage.requests.unwrap_or(1), rate));
        i64::try_from(sum).map(NanoUsd).map_err(|_| CostOverflow)
    }

    /// The most that so many input and output tokens can cost: every token at the dearest line.
    ///
    /// # Errors
    /// When the sum does not fit.
    pub fn worst_case(
        &self,
        input_tokens: i64,
        output_tokens: i64,
    ) -> Result<NanoUsd, CostOverflow> {
        // The bound on input is an upper bound, so both sides of a threshold are possible.
        let dearest = |rates: &Self| {
            let input = [rates.cached_input, rates.cache_write, rates.cache_write_1h]
                .into_iter()
                .flatten()
                .fold(rates.input, i64::max);
            (
                input,
                rates
                    .reasoning
                    .map_or(rates.output, |rate| rate.max(rates.output)),
            )
        };
        let (base_input, base_output) = dearest(self);
        let (long_input, long_output) = dearest(&self.at(input_tokens));
        let sum = line(input_tokens, base_input.max(long_input))
            + line(output_tokens, base_output.max(long_output))
            + self.request.map_or(0, |rate| line(1, rate))
            + self.rounding_slack();
        i64::try_from(sum).map(NanoUsd).map_err(|_| CostOverflow)
    }
}

/// What is known about the price of a model at one instant, frozen into a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Price {
    /// A price row and its rates.
    Rates {
        /// The row.
        id: crate::PriceId,
        /// Its figures.
        rates: Rates,
    },
    /// Explicitly free.
    Free,
    /// Unknown.
    Unpriced,
}

impl Price {
    /// The state shown beside every figure.
    pub fn state(&self) -> PriceState {
        match self {
            Self::Rates { .. } => PriceState::Priced,
            Self::Free => PriceState::Free,
            Self::Unpriced => PriceState::Unpriced,
        }
    }

    /// The cost of a usage; `None` when unpriced.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn cost(&self, usage: &Usage) -> Result<Option<NanoUsd>, CostOverflow> {
        match self {
            Self::Rates { rates, .. } => rates.cost(usage).map(Some),
            Self::Free => Ok(Some(NanoUsd::ZERO)),
            Self::Unpriced => Ok(None),
        }
    }

    /// The row, if there is one.
    pub fn id(&self) -> Option<crate::PriceId> {
        match self {
            Self::Rates { id, .. } => Some(*id),
            Self::Free | Self::Unpriced => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 1 USD per million input, 0.1 cached, 1.25 and 2 for writes, 5 for output.
    fn rates() -> Rates {
        Rates {
            input: 1_000_000_000,
            cached_input: Some(100_000_000),
            cache_write: Some(1_250_000_000),
            cache_write_1h: Some(2_000_000_000),
            output: 5_000_000_000,
            long: Some(LongContext {
                above_tokens: 200_000,
                input: 2_000_000_000,
                cached_input: None,
                output: 7_500_000_000,
            }),
            ..Rates::default()
        }
    }

    #[test]
    fn each_part_of_the_input_costs_its_own_line() {
        let usage = Usage {
            input: Some(1_000),
            cached_input: Some(600),
            cache_write: Some(100),
            cache_write_1h: Some(50),
            output: Some(200),
            reasoning: Some(150),
            ..Usage::default()
        };
        // 250·1000 + 600·100 + 100·1250 + 50·2000 + 200·5000 nano-USD
        assert_eq!(
            rates().cost(&usage),
            Ok(NanoUsd(250_000 + 60_000 + 125_000 + 100_000 + 1_000_000))
        );
    }

    #[test]
    fn a_long_request_is_dear_as_a_whole() {
        let usage = Usage {
            input: Some(200_001),
            output: Some(1),
            ..Usage::default()
        };
        assert_eq!(rates().cost(&usage), Ok(NanoUsd(200_001 * 2_000 + 7_500)));
        let usage = Usage {
            input: Some(200_000),
            output: Some(1),
            ..Usage::default()
        };
        assert_eq!(rates().cost(&usage), Ok(NanoUsd(200_000 * 1_000 + 5_000)));
    }

    #[test]
    fn a_line_is_rounded_half_even_once() {
        assert_eq!(line(1, 500_000), 0);
        assert_eq!(line(3, 500_000), 2);
        assert_eq!(line(1, 500_001), 1);
        assert_eq!(line(5, 500_000), 2);
    }

    #[test]
    fn absurd_counts_are_an_error_and_never_a_credit() {
        let usage = Usage {
            input: Some(i64::MAX),
            output: Some(i64::MAX),
            ..Usage::default()
        };
        assert_eq!(rates().cost(&usage), Err(CostOverflow));
        let usage = Usage {
            input: Some(-5),
            output: Some(-5),
            cached_input: Some(-9),
            ..Usage::default()
        };
        assert_eq!(rates().cost(&usage), Ok(NanoUsd::ZERO));
    }

    proptest! {
        #[test]
        fn no_usage_within_its_bounds_costs_more_than_the_worst_case(
            input in 0i64..400_000, output in 0i64..200_000,
            cached in 0i64..400_000, written in 0i64..400_000, written_1h in 0i64..400_000,
            reasoning in 0i64..200_000, slack_input in 0i64..100_000, slack_output in 0i64..1_000,
            reasoning_rate in proptest::option::of(0i64..20_000_000_000),
        ) {
            let rates = Rates { reasoning: reasoning_rate, ..rates() };
            let usage = Usage {
                input: Some(input), cached_input: Some(cached), cache_write: Some(written),
                cache_write_1h: Some(written_1h), output: Some(output), reasoning: Some(reasoning),
                ..Usage::default()
            };
            let worst = rates.worst_case(input + slack_input, output + slack_output).unwrap();
            prop_assert!(rates.cost(&usage).unwrap() <= worst);
        }
    }
}
