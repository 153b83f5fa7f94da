//! Instants and, natively, the civil calendar of a zone.

use serde::{Deserialize, Serialize};

/// An instant in UTC milliseconds since 1970.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Milliseconds in one second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in one minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in one hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in 24 hours (a civil day may be shorter or longer).
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// How long a bucket of the rollups is. Every zone's midnight is the start of one.
pub const ROLLUP_MS: i64 = 15 * MINUTE_MS;

/// A day of the civil calendar, counted from 1 January 1970. It has no zone: whoever made it knows where
/// it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i64);

impl Timestamp {
    /// The instant `duration_ms` later; saturates at the ends of time.
    #[must_use]
    pub fn plus(self, duration_ms: i64) -> Self {
        Self(self.0.saturating_add(duration_ms))
    }

    /// Milliseconds from `earlier` to here; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Start of the 15-minute bucket that rollups are kept in.
    #[must_use]
    pub fn rollup_bucket(self) -> Self {
        Self(self.0.div_euclid(ROLLUP_MS) * ROLLUP_MS)
    }
}

/// Midnight UTC of a day written `2026-11-01`.
pub fn parse_day(text: &str) -> Option<Timestamp> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(Timestamp(
        date.and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp_millis(),
    ))
}
