//! Where a window starts and ends in a zone's civil calendar.

use std::str::FromStr;

use chrono::{Datelike, Duration, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::WindowKind;
use crate::time::Timestamp;

/// A known IANA zone.
pub fn zone(name: &str) -> Option<Tz> {
    Tz::from_str(name).ok()
}

/// The instant of a civil time: one in a gap moves forward by the length of the gap, a repeated
/// one means its first occurrence.
fn instant(zone: Tz, civil: NaiveDateTime) -> i64 {
    match zone.from_local_datetime(&civil) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.timestamp_millis(),
        LocalResult::None => {
            // Read with the offset that held before the gap, the time lies after the gap.
            let before = civil - Duration::hours(24);
            let earlier = match zone.from_local_datetime(&before) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.timestamp_millis(),
                LocalResult::None => zone.from_utc_datetime(&before).timestamp_millis(),
            };
            earlier + Duration::hours(24).num_milliseconds()
        }
    }
}

pub(crate) fn midnight(zone: Tz, date: NaiveDate) -> i64 {
    instant(zone, date.and_time(chrono::NaiveTime::MIN))
}

/// First day of the month that `months` follows.
pub(crate) fn month_start(date: NaiveDate, months: u32) -> NaiveDate {
    let first = date.with_day(1).unwrap_or(date);
    first
        .checked_add_months(chrono::Months::new(months))
        .unwrap_or(first)
}

/// Minutes a zone's clocks are ahead of UTC at an instant.
pub fn offset_minutes(zone: Tz, at: Timestamp) -> i32 {
    zone.timestamp_millis_opt(at.0)
        .single()
        .map_or(0, |local| local.offset().fix().local_minus_utc() / 60)
}

/// The half-open window `[start, end)` around an instant; `None` for kinds that have none
/// (`minute` is a bucket, `total` never ends).
pub fn bounds(kind: WindowKind, zone: Tz, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let local = zone.timestamp_millis_opt(at.0).single()?.date_naive();
    let pair = |start: NaiveDate, end: NaiveDate| {
        (
            Timestamp(midnight(zone, start)),
            Timestamp(midnight(zone, end)),
        )
    };
    let (start, end) = match kind {
        WindowKind::Day => pair(local, local.succ_opt()?),
        WindowKind::Month => pair(month_start(local, 0), month_start(local, 1)),
        WindowKind::Minute | WindowKind::Total => return None,
    };
    if at < start {
        // Midnight came twice: by the rule the day starts at the first, so `at` cannot lie before
        // it, unless the day's start fell into a gap. Then the previous day still runs.
        let (before, _) = pair(local.pred_opt()?, local);
        return Some((before, start));
    }
    Some((start, end))
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

    fn day(name: &str, at: &str) -> (Timestamp, Timestamp) {
        bounds(WindowKind::Day, zone(name).unwrap(), utc(at)).unwrap()
    }

    #[test]
    fn the_next_day_starts_at_the_zones_midnight() {
        let (_, end) = day("America/Los_Angeles", "2026-11-20T18:00:00Z");
        assert_eq!(end, utc("2026-11-21T08:00:00Z"));
    }

    #[test]
    fn days_have_23_and_25_hours_when_the_clocks_change() {
        let (start, end) = day("America/Los_Angeles", "2026-03-08T20:00:00Z");
        assert_eq!(
            (start, end.since(start)),
            (utc("2026-03-08T08:00:00Z"), 23 * HOUR_MS)
        );
        let (start, end) = day("America/Los_Angeles", "2026-11-01T20:00:00Z");
        assert_eq!(
            (start, end.since(start)),
            (utc("2026-11-01T07:00:00Z"), 25 * HOUR_MS)
        );
    }

    #[test]
    fn a_missing_midnight_moves_and_a_double_one_counts_once() {
        let (start, _) = day("Asia/Beirut", "2026-03-29T10:00:00Z");
        assert_eq!(start, utc("2026-03-28T22:00:00Z"));
        let (start, end) = day("America/Havana", "2026-11-01T12:00:00Z");
        assert_eq!(
            (start, end),
            (utc("2026-11-01T04:00:00Z"), utc("2026-11-02T05:00:00Z"))
        );
        let (start, _) = day("America/Havana", "2026-11-01T05:30:00Z");
        assert_eq!(start, utc("2026-11-01T04:00:00Z"));
    }

    #[test]
    fn a_month_runs_from_first_to_first_in_its_zone() {
        let seoul = zone("Asia/Seoul").unwrap();
        let at = utc("2026-02-28T16:00:00Z");
        assert_eq!(
            bounds(WindowKind::Month, seoul, at),
            Some((utc("2026-02-28T15:00:00Z"), utc("2026-03-31T15:00:00Z")))
        );
        assert_eq!(bounds(WindowKind::Total, seoul, at), None);
    }
}
