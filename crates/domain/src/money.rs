//! Exact money.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An amount in nano-USD (1e-9 USD). Arithmetic is checked; floats never touch it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct NanoUsd(pub i64);

/// Nano-USD in one USD.
pub const NANO_PER_USD: i64 = 1_000_000_000;

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ParseMoneyError {
    /// Not a plain decimal number.
    #[error("not a decimal amount")]
    NotANumber,
    /// More than nine decimal places that are not zero.
    #[error("finer than a billionth of a dollar")]
    TooFine,
    /// Does not fit into 64 bits.
    #[error("amount too large")]
    TooLarge,
}

impl NanoUsd {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount there is, about 9.2 billion USD.
    pub const MAX: Self = Self(i64::MAX);

    /// Whole dollars.
    pub const fn from_usd(usd: i32) -> Self {
        // An i32 times 1e9 always fits.
        Self(usd as i64 * NANO_PER_USD)
    }

    /// Sum, or `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Difference, or `None` when it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Sum that stays at the largest amount: for ceilings and worst cases only, never for bookings.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Reads a plain decimal such as `12.5`, `-0.000001` or `1e-7`, exactly.
    ///
    /// # Errors
    /// When the text is no number, finer than a nano-USD, or too large.
    pub fn parse_usd(text: &str) -> Result<Self, ParseMoneyError> {
        parse_scaled(text.trim(), 9).map(Self)
    }

    /// The amount as a plain decimal of dollars without trailing zeros, at least two places: `1.50`.
    pub fn to_usd_string(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let absolute = self.0.unsigned_abs();
        let whole = absolute / NANO_PER_USD.unsigned_abs();
        let fraction = format!("{:09}", absolute % NANO_PER_USD.unsigned_abs());
        let mut digits = fraction.trim_end_matches('0');
        if digits.len() < 2 {
            digits = &fraction[..2];
        }
        format!("{sign}{whole}.{digits}")
    }
}

impl fmt::Display for NanoUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", self.to_usd_string())
    }
}

/// Reads a decimal, with an optional exponent as JSON numbers have it, times `10^scale`, exactly.
pub fn parse_scaled(text: &str, scale: i32) -> Result<i64, ParseMoneyError> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => {
            let exponent: i32 = text[at + 1..]
                .parse()
                .map_err(|_| ParseMoneyError::NotANumber)?;
            (&text[..at], exponent)
        }
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.as_bytes().first() {
        Some(b'-') => (true, &mantissa[1..]),
        Some(b'+') => (false, &mantissa[1..]),
        _ => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty()
        || !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
    {
        return Err(ParseMoneyError::NotANumber);
    }
    let mut value: i128 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(i128::from(byte - b'0')))
            .ok_or(ParseMoneyError::TooLarge)?;
    }
    let places = i32::try_from(fraction.len()).map_err(|_| ParseMoneyError::TooFine)?;
    let shift = exponent
        .checked_add(scale)
        .and_then(|shift| shift.checked_sub(places))
        .ok_or(ParseMoneyError::TooLarge)?;
    if value == 0 {
        return Ok(0);
    }
    if shift >= 0 {
        let factor = 10i128
            .checked_pow(shift.unsigned_abs())
            .ok_or(ParseMoneyError::TooLarge)?;
        value = value.checked_mul(factor).ok_or(ParseMoneyError::TooLarge)?;
    } else {
        let divisor = 10i128
            .checked_pow(shift.unsigned_abs())
            .ok_or(ParseMoneyError::TooFine)?;
        if value % divisor != 0 {
            return Err(ParseMoneyError::TooFine);
        }
        value /= divisor;
    }
    i64::try_from(if negative { -value } else { value }).map_err(|_| ParseMoneyError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_exactly_or_refused() {
        assert_eq!(NanoUsd::parse_usd("12.5"), Ok(NanoUsd(12_500_000_000)));
        assert_eq!(NanoUsd::parse_usd("-0.000000001"), Ok(NanoUsd(-1)));
        assert_eq!(NanoUsd::parse_usd("2.5e-05"), Ok(NanoUsd(25_000)));
        assert_eq!(NanoUsd::parse_usd(".5"), Ok(NanoUsd(500_000_000)));
        assert_eq!(
            NanoUsd::parse_usd("1.0000000000"),
            Ok(NanoUsd(1_000_000_000))
        );
        assert_eq!(
            NanoUsd::parse_usd("0.0000000001"),
            Err(ParseMoneyError::TooFine)
        );
        for wrong in [
            "", ".", "-", "NaN", "inf", "1,5", "1 2", "0x1", "1e", "--1", "²",
        ] {
            assert_eq!(
                NanoUsd::parse_usd(wrong),
                Err(ParseMoneyError::NotANumber),
                "{wrong}"
            );
        }
        for large in ["1e30", "99999999999", "1e2147483647"] {
            assert_eq!(
                NanoUsd::parse_usd(large),
                Err(ParseMoneyError::TooLarge),
                "{large}"
            );
        }
    }

    #[test]
    fn an_amount_prints_what_it_was_read_from() {
        for text in ["0.00", "1.50", "-3.000000001", "9223372036.854775807"] {
            assert_eq!(
                NanoUsd::parse_usd(text)
                    .map(NanoUsd::to_usd_string)
                    .as_deref(),
                Ok(text)
            );
        }
    }
}
