//! Numbers, money and instants as a reader of a language expects them.
//!
//! The same patterns run on the server and in the browser, so that both render the same text; a
//! test compares them with ICU (`tests/icu.rs`).

use crate::money::NanoUsd;
use crate::time::{DAY_MS, Day, HOUR_MS, MINUTE_MS, Timestamp};

/// How one language writes numbers and dates.
#[derive(Debug, Clone, Copy)]
pub struct Patterns {
    group: &'static str,
    decimal: &'static str,
    dollar_prefix: &'static str,
    date: fn(&Civil) -> String,
    /// A day without its year.
    short_date: fn(&Civil) -> String,
    /// Between a day and a time of day.
    joint: &'static str,
    time: fn(&Civil) -> String,
}

/// An instant taken apart in the reader's zone.
#[derive(Debug, Clone, Copy)]
struct Civil {
    year: i64,
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
}

const ENGLISH_MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const ENGLISH: Patterns = Patterns {
    group: ",",
    decimal: ".",
    dollar_prefix: "$",
    date: |at| {
        let month = ENGLISH_MONTHS.get(at.month - 1).copied().unwrap_or("");
        format!("{month} {}, {}", at.day, at.year)
    },
    short_date: |at| {
        let month = ENGLISH_MONTHS.get(at.month - 1).copied().unwrap_or("");
        format!("{month} {}", at.day)
    },
    joint: ", ",
    time: |at| {
        let half = if at.hour < 12 { "AM" } else { "PM" };
        // ICU puts a narrow no-break space here.
        format!("{}:{:02}\u{202f}{half}", (at.hour + 11) % 12 + 1, at.minute)
    },
};

const KOREAN: Patterns = Patterns {
    group: ",",
    decimal: ".",
    dollar_prefix: "US$",
    date: |at| format!("{}. {}. {}.", at.year, at.month, at.day),
    short_date: |at| format!("{}. {}.", at.month, at.day),
    joint: " ",
    time: |at| {
        let half = if at.hour < 12 { "오전" } else { "오후" };
        format!("{half} {}:{:02}", (at.hour + 11) % 12 + 1, at.minute)
    },
};

/// The patterns of a language tag; English where we have none.
pub fn patterns(language: &str) -> &'static Patterns {
    match language {
        "ko" => &KOREAN,
        _ => &ENGLISH,
    }
}

impl Patterns {
    /// A whole number with separated groups: `1,234,567`.
    pub fn integer(&self, value: i64) -> String {
        let sign = if value < 0 { "-" } else { "" };
        format!("{sign}{}", self.grouped(&value.unsigned_abs().to_string()))
    }

    fn grouped(&self, digits: &str) -> String {
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push_str(self.group);
            }
            text.push(digit);
        }
        text
    }

    /// An amount with as many places as its size deserves: two from a dollar on, four from a cent
    /// on, three significant digits below. Rounded half away from zero, for reading only.
    pub fn money(&self, amount: NanoUsd) -> String {
        let absolute = amount.0.unsigned_abs();
        let places = match absolute {
            0 | 1_000_000_000.. => 2,
            10_000_000.. => 4,
            // Nine places show every nano-USD; each factor of ten needs one fewer.
            _ => 9 - (absolute.ilog10().max(2) - 2),
        };
        self.dollars(amount, places)
    }

    /// An amount with all its places: what an exact figure is checked by.
    pub fn money_exact(&self, amount: NanoUsd) -> String {
        let mut places = 9;
        let mut rest = amount.0.unsigned_abs();
        while places > 2 && rest.is_multiple_of(10) {
            rest /= 10;
            places -= 1;
        }
        self.dollars(amount, places)
    }

    fn dollars(&self, amount: NanoUsd, places: u32) -> String {
        let unit = 10u64.pow(9 - places);
        let rounded = (amount.0.unsigned_abs() + unit / 2) / unit;
        let scale = 10u64.pow(places);
        let sign = if amount.0 < 0 && rounded > 0 { "-" } else { "" };
        let whole = self.grouped(&(rounded / scale).to_string());
        let fraction = rounded % scale;
        let width = usize::try_from(places).unwrap_or(9);
        format!(
            "{sign}{}{whole}{}{fraction:0width$}",
            self.dollar_prefix, self.decimal
        )
    }

    /// A day such as `Nov 21, 2026`, at the reader's offset from UTC.
    pub fn date(&self, at: Timestamp, offset_minutes: i32) -> String {
        (self.date)(&civil(at, offset_minutes))
    }

    /// A day of the calendar, such as `Nov 21, 2026`.
    pub fn day(&self, day: Day) -> String {
        (self.date)(&midnight(day))
    }

    /// A day of the calendar without its year, such as `Nov 21`.
    pub fn short_day(&self, day: Day) -> String {
        (self.short_date)(&midnight(day))
    }

    /// A day and a time of day, at the reader's offset from UTC.
    pub fn date_time(&self, at: Timestamp, offset_minutes: i32) -> String {
        let at = civil(at, offset_minutes);
        format!("{}{}{}", (self.date)(&at), self.joint, (self.time)(&at))
    }

    /// A duration for reading: `0.84 s`, `12.3 s`, `125 s`.
    pub fn seconds(&self, duration_ms: i64) -> String {
        let duration_ms = duration_ms.max(0);
        let hundredths = (duration_ms + 5) / 10;
        let tenths = (duration_ms + 50) / 100;
        match duration_ms {
            ..10_000 => format!(
                "{}{}{:02} s",
                hundredths / 100,
                self.decimal,
                hundredths % 100
            ),
            10_000..100_000 => format!("{}{}{} s", tenths / 10, self.decimal, tenths % 10),
            _ => format!("{} s", self.integer((duration_ms + 500) / 1_000)),
        }
    }
}

/// The beginning of a day, whatever its zone.
fn midnight(day: Day) -> Civil {
    civil(Timestamp(day.0.saturating_mul(DAY_MS)), 0)
}

/// A day as addresses and date fields write it.
pub(crate) fn iso_day(day: Day) -> String {
    let at = midnight(day);
    format!("{:04}-{:02}-{:02}", at.year, at.month, at.day)
}

/// Which day of its month it is, from 1.
pub(crate) fn day_of_month(day: Day) -> i64 {
    midnight(day).day
}

/// Takes an instant apart; the calendar is the proleptic Gregorian one.
fn civil(at: Timestamp, offset_minutes: i32) -> Civil {
    let local = at.0.saturating_add(i64::from(offset_minutes) * MINUTE_MS);
    let days = local.div_euclid(DAY_MS);
    let rest = local.rem_euclid(DAY_MS);
    // Days since 0000-03-01, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    Civil {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month: usize::try_from(month).unwrap_or(1),
        day: day_of_year - (153 * march_month + 2) / 5 + 1,
        hour: rest / HOUR_MS,
        minute: rest % HOUR_MS / MINUTE_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_shows_the_places_its_size_deserves() {
        let english = patterns("en");
        let shown = |nano: i64| english.money(NanoUsd(nano));
        assert_eq!(shown(0), "$0.00");
        assert_eq!(shown(1), "$0.000000001");
        assert_eq!(shown(12_345), "$0.0000123");
        assert_eq!(shown(1_234_567), "$0.00123");
        assert_eq!(shown(12_345_678), "$0.0123");
        assert_eq!(shown(-1_234_567_891_234), "-$1,234.57");
        assert_eq!(patterns("ko").money(NanoUsd(1_500_000_000)), "US$1.50");
        assert_eq!(english.money_exact(NanoUsd(1_500_000_001)), "$1.500000001");
        assert_eq!(english.money_exact(NanoUsd(1_500_000_000)), "$1.50");
    }

    #[test]
    fn instants_are_taken_apart_at_the_readers_offset() {
        let leap_day = Timestamp(1_709_251_140_000); // 2024-02-29T23:59:00Z
        assert_eq!(
            patterns("en").date_time(leap_day, 0),
            "Feb 29, 2024, 11:59\u{202f}PM"
        );
        assert_eq!(
            patterns("ko").date_time(leap_day, 540),
            "2024. 3. 1. 오전 8:59"
        );
        assert_eq!(patterns("en").date(Timestamp(-1), 0), "Dec 31, 1969");
    }

    #[test]
    fn durations_round_and_never_show_sixty_digits() {
        let english = patterns("en");
        assert_eq!(english.seconds(844), "0.84 s");
        assert_eq!(english.seconds(12_345), "12.3 s");
        assert_eq!(english.seconds(125_400), "125 s");
    }
}
