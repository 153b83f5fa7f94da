//! The reader's days and months: they begin at midnight of their zone, and have 23 or 25 hours when
//! its clocks change.

use std::ops::Range;

use chrono::{Datelike, NaiveDate, TimeZone};
use chrono_tz::Tz;

use crate::limits::window::{midnight, month_start, zone};
use crate::time::{Day, Days, Times, Timestamp};

/// The calendar of a zone, as it stands at an instant.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    zone: Tz,
    at: Timestamp,
    today: NaiveDate,
}

impl Calendar {
    /// Of a zone by name; UTC where nobody knows it.
    pub fn new(name: &str, at: Timestamp) -> Self {
        let zone = zone(name).unwrap_or(Tz::UTC);
        let local = zone.timestamp_millis_opt(at.0).single();
        let date = local.map_or_else(NaiveDate::default, |local| local.date_naive());
        // A day whose midnight is missing begins later: until then the one before still runs.
        let today = if at.0 < midnight(zone, date) {
            date.pred_opt().unwrap_or(date)
        } else {
            date
        };
        Self { zone, at, today }
    }

    /// Today.
    pub fn today(&self) -> Day {
        day(self.today)
    }

    /// The last so many days with their borders, oldest first; the last is today.
    pub fn last_days(&self, count: u16) -> Vec<(Day, Range<Timestamp>)> {
        (0..u64::from(count))
            .rev()
            .filter_map(|back| self.today.checked_sub_days(chrono::Days::new(back)))
            .map(|date| (day(date), self.borders(date)))
            .collect()
    }

    /// The time that some days take: from the first moment of the first, which belongs to it, to the
    /// first moment after the last, which does not. `None` for a day that no calendar has.
    pub fn time_of(&self, days: Days) -> Option<Times> {
        let borders = |day: Day| {
            let date = NaiveDate::from_epoch_days(i32::try_from(day.0).ok()?)?;
            Some(self.borders(date))
        };
        let from = days.from.map(|day| borders(day).ok_or(())).transpose();
        let until = days.to.map(|day| borders(day).ok_or(())).transpose();
        let (from, until) = (from.ok()?, until.ok()?);
        Some(Times {
            from: from.map(|borders| borders.start),
            until: until.map(|borders| borders.end),
        })
    }

    /// Since the first of the month, to the end of today.
    pub fn month(&self) -> Range<Timestamp> {
        self.midnight(month_start(self.today, 0))..self.borders(self.today).end
    }

    /// Yesterday, up to the quarter of an hour that is running now.
    pub fn yesterday_so_far(&self) -> Range<Timestamp> {
        let date = self.today.pred_opt().unwrap_or(self.today);
        let whole = self.borders(date);
        whole.start..self.same_time(date)
    }

    /// The same days of last month, up to the quarter of an hour that is running now. What this
    /// month has more of, such as a 31st, is compared with the whole of the last.
    pub fn last_month_so_far(&self) -> Range<Timestamp> {
        let this = month_start(self.today, 0);
        let last_day = this.pred_opt().unwrap_or(this);
        let start = self.midnight(month_start(last_day, 0));
        let end = last_day
            .with_day(self.today.day())
            .map_or_else(|| self.midnight(this), |date| self.same_time(date));
        start..end
    }

    /// As far into another day as it is into today, at the end of the bucket that sums are kept in.
    fn same_time(&self, date: NaiveDate) -> Timestamp {
        let whole = self.borders(date);
        let passed = self.at.since(self.midnight(self.today));
        let bucket = whole.start.plus(passed).rollup_bucket();
        bucket.plus(crate::time::ROLLUP_MS).min(whole.end)
    }

    fn borders(&self, date: NaiveDate) -> Range<Timestamp> {
        let next = date.succ_opt().unwrap_or(date);
        self.midnight(date)..self.midnight(next)
    }

    fn midnight(&self, date: NaiveDate) -> Timestamp {
        Timestamp(midnight(self.zone, date))
    }
}

fn day(date: NaiveDate) -> Day {
    Day(i64::from(date.to_epoch_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR_MS;

    fn utc(text: &str) -> Timestamp {
        Timestamp(
            chrono::DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_millis(),
        )
    }

    /// Hours of the last days of a zone.
    fn hours(zone: &str, at: &str, count: u16) -> Vec<i64> {
        let days = Calendar::new(zone, utc(at)).last_days(count);
        for pair in days.windows(2) {
            assert_eq!(pair[0].1.end, pair[1].1.start, "no gap and no overlap");
            assert_eq!(pair[0].0.0 + 1, pair[1].0.0);
        }
        days.iter()
            .map(|(_, borders)| borders.end.since(borders.start) / HOUR_MS)
            .collect()
    }

    #[test]
    fn days_end_at_midnight_of_the_zone_whatever_its_clocks_do() {
        assert_eq!(
            hours("Europe/Berlin", "2026-03-30T10:00:00Z", 3),
            [24, 23, 24]
        );
        assert_eq!(
            hours("Europe/Berlin", "2026-10-26T10:00:00Z", 3),
            [24, 25, 24]
        );
        assert_eq!(
            hours("America/New_York", "2026-03-09T12:00:00Z", 3),
            [24, 23, 24]
        );
        assert_eq!(
            hours("America/New_York", "2026-11-02T12:00:00Z", 3),
            [24, 25, 24]
        );
        assert_eq!(hours("Asia/Seoul", "2026-03-30T10:00:00Z", 3), [24, 24, 24]);
        let seoul = Calendar::new("Asia/Seoul", utc("2026-11-20T15:00:00Z"));
        let (today, borders) = seoul.last_days(1).pop().unwrap();
        assert_eq!(
            today,
            Day(i64::from(
                NaiveDate::from_ymd_opt(2026, 11, 21)
                    .unwrap()
                    .to_epoch_days()
            ))
        );
        assert_eq!(
            borders,
            utc("2026-11-20T15:00:00Z")..utc("2026-11-21T15:00:00Z")
        );
    }

    #[test]
    fn a_day_is_compared_with_as_much_of_the_day_before() {
        let berlin = Calendar::new("Europe/Berlin", utc("2026-11-21T11:20:00Z"));
        assert_eq!(
            berlin.yesterday_so_far(),
            utc("2026-11-19T23:00:00Z")..utc("2026-11-20T11:30:00Z")
        );
        // Late on a day of 25 hours: yesterday has no more than 24.
        let berlin = Calendar::new("Europe/Berlin", utc("2026-10-25T22:50:00Z"));
        assert_eq!(
            berlin.yesterday_so_far(),
            utc("2026-10-23T22:00:00Z")..utc("2026-10-24T22:00:00Z")
        );
    }

    #[test]
    fn a_month_is_compared_with_the_same_days_of_the_last() {
        let seoul = Calendar::new("Asia/Seoul", utc("2026-11-21T03:00:00Z"));
        assert_eq!(
            seoul.month(),
            utc("2026-10-31T15:00:00Z")..utc("2026-11-21T15:00:00Z")
        );
        assert_eq!(
            seoul.last_month_so_far(),
            utc("2026-09-30T15:00:00Z")..utc("2026-10-21T03:15:00Z")
        );
        // The 31st of March has all of February to compare with, and the first of a year December.
        let berlin = Calendar::new("Europe/Berlin", utc("2026-03-31T10:00:00Z"));
        assert_eq!(
            berlin.last_month_so_far(),
            utc("2026-01-31T23:00:00Z")..utc("2026-02-28T23:00:00Z")
        );
        let new_york = Calendar::new("America/New_York", utc("2026-01-01T05:00:00Z"));
        assert_eq!(
            new_york.last_month_so_far(),
            utc("2025-12-01T05:00:00Z")..utc("2025-12-01T05:15:00Z")
        );
    }

    #[test]
    fn chosen_days_take_the_hours_their_zone_gives_them() {
        let time = |zone: &str, from: &str, to: &str| {
            let calendar = Calendar::new(zone, utc("2026-11-21T12:00:00Z"));
            let days = Days {
                from: Day::read(from),
                to: Day::read(to),
            };
            let times = calendar.time_of(days).unwrap();
            (times.from, times.until)
        };
        // Both ends of summer time: a day of 23 hours and one of 25.
        assert_eq!(
            time("Europe/Berlin", "2026-03-29", "2026-03-29"),
            (
                Some(utc("2026-03-28T23:00:00Z")),
                Some(utc("2026-03-29T22:00:00Z"))
            )
        );
        assert_eq!(
            time("Europe/Berlin", "2026-10-25", "2026-10-25"),
            (
                Some(utc("2026-10-24T22:00:00Z")),
                Some(utc("2026-10-25T23:00:00Z"))
            )
        );
        // The clocks go from 24:00 to 01:00: the day begins an hour late, and the one before ends there.
        assert_eq!(
            time("America/Sao_Paulo", "2018-11-04", "2018-11-04"),
            (
                Some(utc("2018-11-04T03:00:00Z")),
                Some(utc("2018-11-05T02:00:00Z"))
            )
        );
        assert_eq!(
            time("America/Sao_Paulo", "", "2018-11-03"),
            (None, Some(utc("2018-11-04T03:00:00Z")))
        );
        // A day that was left out on the way over the date line begins and ends with the next.
        let (from, until) = time("Pacific/Apia", "2011-12-30", "2011-12-30");
        assert!(from <= until);
        assert_eq!(
            time("Asia/Seoul", "2026-11-01", ""),
            (Some(utc("2026-10-31T15:00:00Z")), None)
        );
        assert_eq!(time("Asia/Seoul", "", ""), (None, None));
        let seoul = Calendar::new("Asia/Seoul", utc("2026-11-21T12:00:00Z"));
        for far in [i64::MAX, i64::MIN, 1 << 40] {
            assert_eq!(seoul.time_of(Days::new(Day(0), Day(far))), None, "{far}");
        }
    }

    #[test]
    fn a_zone_that_nobody_knows_is_utc() {
        let nowhere = Calendar::new("Mars/Olympus", utc("2026-11-21T23:59:00Z"));
        assert_eq!(nowhere.month().end, utc("2026-11-22T00:00:00Z"));
    }
}
