//! A price as an admin writes it, read exactly.

use domain::AppError;
use domain::models::PriceView;
use domain::money::{NANO_PER_USD, ParseMoneyError, parse_scaled};
use domain::people::Fault;
use domain::prices::{PriceState, Rates};
use serde::{Deserialize, Serialize};

/// A price nobody charges is a mistake: a dollar a token.
const DEAREST: i64 = 1_000_000 * NANO_PER_USD;

/// What an admin enters: decimal text of US dollars per million tokens, or "free".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "price", rename_all = "snake_case")]
pub enum PriceEntry {
    /// Never costs anything.
    Free,
    /// Costs this.
    PerMillion {
        /// Uncached input.
        input: String,
        /// Cached input; empty prices it like other input.
        cached_input: String,
        /// Output.
        output: String,
    },
}

impl PriceEntry {
    /// The figures; `None` when free.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the line that is no price.
    pub fn rates(&self) -> Result<Option<Rates>, AppError> {
        let Self::PerMillion {
            input,
            cached_input,
            output,
        } = self
        else {
            return Ok(None);
        };
        let cached_input = match cached_input.trim() {
            "" => None,
            text => Some(line("cached_input", text)?),
        };
        Ok(Some(Rates {
            input: line("input", input)?,
            cached_input,
            output: line("output", output)?,
            ..Rates::default()
        }))
    }

    /// The same as lists show it.
    ///
    /// # Errors
    /// See [`Self::rates`].
    pub fn view(&self) -> Result<PriceView, AppError> {
        let rates = self.rates()?;
        Ok(PriceView {
            state: match rates {
                Some(_) => PriceState::Priced,
                None => PriceState::Free,
            },
            rates,
        })
    }
}

fn line(field: &str, text: &str) -> Result<i64, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid(field, Fault::Empty));
    }
    let rate = parse_scaled(text, 9).map_err(|error| {
        let fault = match error {
            ParseMoneyError::NotANumber => Fault::Malformed,
            ParseMoneyError::TooFine | ParseMoneyError::TooLarge => Fault::OutOfRange,
        };
        AppError::invalid(field, fault)
    })?;
    if (0..=DEAREST).contains(&rate) {
        Ok(rate)
    } else {
        Err(AppError::invalid(field, Fault::OutOfRange))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(input: &str, cached_input: &str, output: &str) -> PriceEntry {
        PriceEntry::PerMillion {
            input: input.to_owned(),
            cached_input: cached_input.to_owned(),
            output: output.to_owned(),
        }
    }

    #[test]
    fn dollars_per_million_become_exact_rates() {
        let rates = entry("0.15", " 0.000000001 ", "10").rates();
        assert_eq!(
            rates,
            Ok(Some(Rates {
                input: 150_000_000,
                cached_input: Some(1),
                output: 10_000_000_000,
                ..Rates::default()
            }))
        );
        assert_eq!(PriceEntry::Free.rates(), Ok(None));
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(
            entry("1", "", "").rates(),
            Err(AppError::invalid("output", Fault::Empty))
        );
        assert_eq!(
            entry("1", "x", "1").rates(),
            Err(AppError::invalid("cached_input", Fault::Malformed))
        );
        for wrong in ["-1", "0.0000000001", "1000001"] {
            assert_eq!(
                entry(wrong, "", "1").rates(),
                Err(AppError::invalid("input", Fault::OutOfRange))
            );
        }
    }
}
