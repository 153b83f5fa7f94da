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

impl Day {
    /// Reads a day as addresses and date fields write it: `2026-11-01`. Nothing else is one.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_shaped {
            return None;
        }
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        if !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        // Days since 0000-03-01, so that the leap day is the last of its year.
        let shifted_year = year - i64::from(month <= 2);
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let read = Self(era * 146_097 + day_of_era - 719_468);
        // A 31st of a month that has none would be a day of the next.
        (read.written() == text).then_some(read)
    }

    /// As addresses and date fields write it.
    pub fn written(self) -> String {
        crate::format::iso_day(self)
    }

    /// So many days later; before, where they are negative.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The first of its month, and the first of the month before.
    pub fn month_starts(self) -> (Self, Self) {
        let first = self.plus(1 - crate::format::day_of_month(self));
        let last_of_before = first.plus(-1);
        let before = last_of_before.plus(1 - crate::format::day_of_month(last_of_before));
        (first, before)
    }
}

/// A half-open time; an end that is not named is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// Where it begins.
    pub from: Option<Timestamp>,
    /// Where it has ended.
    pub until: Option<Timestamp>,
}

/// Some days in a row, both ends included; an end that is not named is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    pub from: Option<Day>,
    /// The last.
    pub to: Option<Day>,
}

impl Days {
    /// From one to another.
    pub const fn new(from: Day, to: Day) -> Self {
        Self {
            from: Some(from),
            to: Some(to),
        }
    }

    /// Whether every day is meant.
    pub fn is_all(self) -> bool {
        self == Self::default()
    }

    /// Whether the last comes before the first, so that no day is meant.
    pub fn is_backwards(self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written_and_nothing_else_is_a_day() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2026-11-21", 20_778),
            ("0000-03-01", -719_468),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(Day::read(text), Some(Day(days)), "{text}");
            assert_eq!(Day(days).written(), text);
        }
        for wrong in [
            "",
            "today",
            "2026-2-1",
            "2026-02-30",
            "2025-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-01-32",
            " 2026-01-01",
            "+026-01-01",
            "2026-01-01T00:00",
            "２０２６-01-01",
            "12026-01-01",
        ] {
            assert_eq!(Day::read(wrong), None, "{wrong}");
        }
        for days in -800_000..=-799_000 {
            // Years before 0 are not written in four digits, and so are not read.
            assert_eq!(Day::read(&Day(days).written()), None);
        }
    }

    #[test]
    fn months_begin_on_their_first() {
        let starts = |text| {
            let (this, before) = Day::read(text).unwrap().month_starts();
            (this.written(), before.written())
        };
        assert_eq!(
            starts("2026-03-31"),
            ("2026-03-01".into(), "2026-02-01".into())
        );
        assert_eq!(
            starts("2026-01-01"),
            ("2026-01-01".into(), "2025-12-01".into())
        );
        assert_eq!(
            starts("2024-02-29"),
            ("2024-02-01".into(), "2024-01-01".into())
        );
    }

    #[test]
    fn days_may_be_open_at_an_end_but_not_run_backwards() {
        let (one, two) = (Day(1), Day(2));
        assert!(Days::new(two, one).is_backwards());
        assert!(!Days::new(one, one).is_backwards());
        assert!(
            !Days {
                from: Some(two),
                to: None
            }
            .is_backwards()
        );
        assert!(Days::default().is_all() && !Days::default().is_backwards());
    }
}
