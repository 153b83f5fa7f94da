//! The decision: is there room, and what is taken, corrected and given back.

use super::{Limit, Unit, WindowKind};
use crate::time::{MINUTE_MS, Timestamp};

/// Nanoseconds in one millisecond.
const NANOS: i128 = 1_000_000;

/// What a call took beyond its bucket is made up for by waiting, and by no more than this for one call.
const MOST_DEBT_NS: i128 = 60 * MINUTE_MS as i128 * NANOS;
/// A bucket that seems to refill later than this was drawn from before the machine's clock was set
/// back: it counts as full, or a clock that jumps a day would lock everybody out for one.
const SET_BACK_NS: i128 = 2 * MOST_DEBT_NS;

/// The stored state of one window of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowState {
    /// Settled, in the limit's unit.
    pub spent: i64,
    /// Held by open calls, in the limit's unit.
    pub held: i64,
    /// Theoretical arrival time of a bucket, nanoseconds since 1970; 0 elsewhere.
    pub tat_ns: i64,
}

/// What one call would take in each unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Draw {
    /// Worst-case cost (house, connection) or charge (member, key).
    pub money: i64,
    /// Worst-case input and output tokens.
    pub tokens: i64,
}

impl Draw {
    /// The amount in a unit. A request is always one.
    pub fn in_unit(&self, unit: Unit) -> i64 {
        match unit {
            Unit::Money => self.money,
            Unit::Tokens => self.tokens,
            Unit::Requests => 1,
        }
    }
}

/// Whether a draw fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// It fits; this much is left afterwards, in the unit.
    Fits {
        /// Left after the draw.
        left: i64,
    },
    /// It does not fit.
    Full {
        /// Left before the draw.
        left: i64,
        /// For buckets: milliseconds until it fits.
        retry_after_ms: Option<i64>,
    },
}

impl Limit {
    /// The amount that is really drawn: a bucket never asks for more than its burst, otherwise a
    /// large request could never pass. What it uses beyond is a debt that the settlement books.
    pub fn drawn(&self, amount: i64) -> i64 {
        match self.window {
            WindowKind::Minute => amount.min(self.ceiling),
            WindowKind::Day | WindowKind::Month | WindowKind::Total => amount,
        }
    }

    /// Nanoseconds in which a bucket refills `units`, rounded up.
    fn refill_ns(&self, units: i64) -> i128 {
        let period = i128::from(MINUTE_MS) * NANOS;
        let ceiling = i128::from(self.ceiling.max(1));
        (i128::from(units) * period + ceiling - 1) / ceiling
    }

    /// Whether `amount` fits into the window now. Changes nothing.
    pub fn room(&self, state: &WindowState, now: Timestamp, amount: i64) -> Room {
        if self.window == WindowKind::Minute {
            return self.bucket_room(state, now, amount);
        }
        let left = self
            .ceiling
            .saturating_sub(state.spent)
            .saturating_sub(state.held);
        if amount <= left {
            Room::Fits {
                left: left - amount,
            }
        } else {
            Room::Full {
                left: left.max(0),
                retry_after_ms: None,
            }
        }
    }

    /// What is left of the window now, in the limit's unit, never below zero.
    pub fn left(&self, state: &WindowState, now: Timestamp) -> i64 {
        match self.room(state, now, 0) {
            Room::Fits { left } | Room::Full { left, .. } => left,
        }
    }

    fn bucket_room(&self, state: &WindowState, now: Timestamp, amount: i64) -> Room {
        let now_ns = i128::from(now.0) * NANOS;
        let burst_ns = i128::from(MINUTE_MS) * NANOS;
        let units_in = |ns: i128| {
            let units = ns.max(0) * i128::from(self.ceiling) / burst_ns;
            i64::try_from(units).unwrap_or(i64::MAX)
        };
        let waiting = arrival(state, now_ns) - now_ns;
        let after = waiting + self.refill_ns(self.drawn(amount));
        if self.ceiling == 0 && amount > 0 {
            return Room::Full {
                left: 0,
                retry_after_ms: None,
            };
        }
        if after <= burst_ns {
            Room::Fits {
                left: units_in(burst_ns - after),
            }
        } else {
            let wait_ms = (after - burst_ns + NANOS - 1) / NANOS;
            Room::Full {
                left: units_in(burst_ns - waiting),
                retry_after_ms: i64::try_from(wait_ms).ok(),
            }
        }
    }

    /// Takes `amount` at admission.
    pub fn hold(&self, state: &mut WindowState, now: Timestamp, amount: i64) {
        if self.window == WindowKind::Minute {
            let now_ns = i128::from(now.0) * NANOS;
            let tat = arrival(state, now_ns) + self.refill_ns(self.drawn(amount));
            state.tat_ns = i64::try_from(tat).unwrap_or(i64::MAX);
        } else {
            state.held = state.held.saturating_add(amount);
        }
    }

    /// Replaces what was held by what was used, when the call is settled.
    ///
    /// A bucket books the difference as time. The other windows move the hold to the settled side.
    pub fn settle(&self, state: &mut WindowState, held: i64, used: i64) {
        if self.window == WindowKind::Minute {
            let held_ns = self.refill_ns(self.drawn(held));
            let used_ns = self.refill_ns(used).min(MOST_DEBT_NS);
            let tat = i128::from(state.tat_ns) - held_ns + used_ns;
            state.tat_ns = i64::try_from(tat).unwrap_or(i64::MAX);
        } else {
            state.held = state.held.saturating_sub(held);
            state.spent = state.spent.saturating_add(used);
        }
    }
}

/// The largest output maximum whose worst case still fits, by bisection over a monotone cost.
///
/// `fits` must be true for every value below one for which it is true. Returns `None` when not
/// even `least` fits.
pub fn largest_fitting(least: i64, most: i64, fits: impl Fn(i64) -> bool) -> Option<i64> {
    if least > most || !fits(least) {
        return None;
    }
    let (mut good, mut bad) = (least, most.saturating_add(1));
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if fits(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Some(good)
}

/// A bucket's arrival time, never before now.
fn arrival(state: &WindowState, now_ns: i128) -> i128 {
    let tat = i128::from(state.tat_ns);
    if tat - now_ns > SET_BACK_NS {
        now_ns
    } else {
        tat.max(now_ns)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::ScopeKind;
    use super::*;
    use crate::LimitId;

    fn limit(unit: Unit, window: WindowKind, ceiling: i64) -> Limit {
        Limit {
            id: LimitId::NIL,
            scope_kind: ScopeKind::House,
            scope_id: Uuid::nil(),
            door: None,
            model: None,
            unit,
            window,
            zone: "UTC".into(),
            ceiling,
            hard: true,
        }
    }

    #[test]
    fn sixty_a_minute_pass_at_once_and_the_next_waits_a_second() {
        let limit = limit(Unit::Requests, WindowKind::Minute, 60);
        let mut state = WindowState::default();
        let now = Timestamp(1_790_000_000_000);
        for left in (0..60).rev() {
            assert_eq!(limit.room(&state, now, 1), Room::Fits { left });
            limit.hold(&mut state, now, 1);
        }
        assert_eq!(
            limit.room(&state, now, 1),
            Room::Full {
                left: 0,
                retry_after_ms: Some(1_000)
            }
        );
        assert_eq!(
            limit.room(&state, now.plus(1_000), 1),
            Room::Fits { left: 0 }
        );
    }

    #[test]
    fn what_is_left_of_a_bucket_comes_back_by_the_second() {
        let limit = limit(Unit::Requests, WindowKind::Minute, 60);
        let mut state = WindowState::default();
        let now = Timestamp(1_790_000_000_000);
        assert_eq!(limit.left(&state, now), 60);
        for _ in 0..60 {
            limit.hold(&mut state, now, 1);
        }
        assert_eq!(limit.left(&state, now), 0);
        assert_eq!(limit.left(&state, now.plus(10_000)), 10);
        // A debt is not less than nothing.
        limit.settle(&mut state, 1, 100);
        assert_eq!(limit.left(&state, now), 0);
    }

    #[test]
    fn a_clock_set_back_a_day_does_not_lock_anybody_out_for_one() {
        let limit = limit(Unit::Requests, WindowKind::Minute, 10);
        let mut state = WindowState::default();
        let tomorrow = Timestamp(1_790_000_000_000);
        let now = tomorrow.plus(-crate::time::DAY_MS);
        for _ in 0..10 {
            limit.hold(&mut state, tomorrow, 1);
        }
        assert_eq!(limit.left(&state, now), 10);
        limit.hold(&mut state, now, 1);
        assert_eq!(limit.left(&state, now), 9);
    }

    #[test]
    fn what_one_call_takes_too_much_is_made_up_for_within_an_hour() {
        let limit = limit(Unit::Tokens, WindowKind::Minute, 1_000);
        let mut state = WindowState::default();
        let now = Timestamp(1_790_000_000_000);
        limit.hold(&mut state, now, 1_000);
        limit.settle(&mut state, 1_000, 100_000_000);
        assert_eq!(limit.left(&state, now.plus(59 * MINUTE_MS)), 0);
        assert_eq!(limit.left(&state, now.plus(60 * MINUTE_MS)), 1_000);
    }

    #[test]
    fn an_overrun_budget_has_nothing_left() {
        let limit = limit(Unit::Money, WindowKind::Day, 100);
        let state = WindowState {
            spent: 90,
            held: 30,
            tat_ns: 0,
        };
        assert_eq!(limit.left(&state, Timestamp(0)), 0);
        assert_eq!(limit.left(&WindowState::default(), Timestamp(0)), 100);
    }

    #[test]
    fn a_request_larger_than_the_burst_passes_a_full_bucket_and_leaves_a_debt() {
        let limit = limit(Unit::Tokens, WindowKind::Minute, 1_000);
        let mut state = WindowState::default();
        let now = Timestamp(1_790_000_000_000);
        assert!(matches!(limit.room(&state, now, 5_000), Room::Fits { .. }));
        limit.hold(&mut state, now, 5_000);
        limit.settle(&mut state, 5_000, 3_000);
        assert_eq!(
            limit.room(&state, now, 1_000),
            Room::Full {
                left: 0,
                retry_after_ms: Some(3 * MINUTE_MS)
            }
        );
    }

    #[test]
    fn a_budget_of_a_dollar_holds_ten_dimes_and_not_eleven() {
        let limit = limit(Unit::Money, WindowKind::Total, 1_000_000_000);
        let mut state = WindowState::default();
        let now = Timestamp(0);
        for _ in 0..10 {
            assert!(matches!(
                limit.room(&state, now, 100_000_000),
                Room::Fits { .. }
            ));
            limit.hold(&mut state, now, 100_000_000);
        }
        assert_eq!(
            limit.room(&state, now, 100_000_000),
            Room::Full {
                left: 0,
                retry_after_ms: None
            }
        );
    }

    #[test]
    fn the_largest_maximum_is_found_to_the_token() {
        assert_eq!(
            largest_fitting(256, 8_192, |output| output <= 777),
            Some(777)
        );
        assert_eq!(largest_fitting(256, 8_192, |_| true), Some(8_192));
        assert_eq!(largest_fitting(256, 8_192, |output| output <= 255), None);
    }

    proptest! {
        #[test]
        fn holds_and_settlements_in_any_order_end_at_the_sum_of_what_was_used(
            calls in proptest::collection::vec((0i64..1_000_000, 0i64..1_000_000), 0..40),
        ) {
            let limit = limit(Unit::Money, WindowKind::Month, i64::MAX);
            let mut state = WindowState::default();
            for (held, _) in &calls {
                limit.hold(&mut state, Timestamp(0), *held);
            }
            for (held, used) in calls.iter().rev() {
                limit.settle(&mut state, *held, *used);
            }
            prop_assert_eq!(state.held, 0);
            prop_assert_eq!(state.spent, calls.iter().map(|(_, used)| used).sum::<i64>());
        }
    }
}
