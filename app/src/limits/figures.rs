//! How full a limit is.

use domain::limits::{LimitRow, WindowKind};

use crate::ui::Tone;

/// Use of a running window, or of a bucket at the moment the list was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figures {
    /// Settled and held together, in the unit; of a bucket what has not refilled yet.
    pub(super) used: i64,
    /// What is left, never below zero.
    pub(super) left: i64,
    /// Used share, at most 100.
    pub(super) percent: u8,
}

impl Figures {
    /// Of a row.
    pub(super) fn of(row: &LimitRow) -> Self {
        let ceiling = row.limit.ceiling.max(0);
        let used = if is_bucket(row) {
            ceiling.saturating_sub(row.left)
        } else {
            row.spent.saturating_add(row.held)
        };
        let percent = if ceiling == 0 {
            100
        } else {
            let share = i128::from(used.max(0)) * 100 / i128::from(ceiling);
            u8::try_from(share.min(100)).unwrap_or(100)
        };
        Self {
            used,
            left: row.left,
            percent,
        }
    }

    /// What the share means.
    pub(super) fn tone(self) -> Tone {
        match self.percent {
            100.. => Tone::Bad,
            80.. => Tone::Warn,
            _ => Tone::Neutral,
        }
    }
}

/// Whether a limit refills all the time and keeps no sum of what was spent.
pub(super) fn is_bucket(row: &LimitRow) -> bool {
    row.limit.window == WindowKind::Minute
}

#[cfg(test)]
mod tests {
    use domain::LimitId;
    use domain::limits::{Limit, ScopeKind, Unit};

    use super::*;

    fn row(window: WindowKind, ceiling: i64, spent: i64, held: i64, left: i64) -> LimitRow {
        LimitRow {
            limit: Limit {
                id: LimitId::NIL,
                scope_kind: ScopeKind::House,
                scope_id: uuid::Uuid::nil(),
                door: None,
                model: None,
                unit: Unit::Money,
                window,
                zone: "UTC".to_owned(),
                ceiling,
                hard: true,
            },
            subject: String::new(),
            spent,
            held,
            left,
        }
    }

    #[test]
    fn held_money_counts_as_used() {
        assert_eq!(
            Figures::of(&row(WindowKind::Day, 1_000, 700, 100, 200)),
            Figures {
                used: 800,
                left: 200,
                percent: 80
            }
        );
    }

    #[test]
    fn an_overrun_is_full_and_leaves_nothing() {
        let figures = Figures::of(&row(WindowKind::Total, 1, i64::MAX, i64::MAX, 0));
        assert_eq!((figures.left, figures.percent), (0, 100));
        let figures = Figures::of(&row(WindowKind::Total, 0, 0, 0, 0));
        assert_eq!(figures.percent, 100);
    }

    #[test]
    fn a_bucket_has_used_what_has_not_refilled() {
        assert_eq!(
            Figures::of(&row(WindowKind::Minute, 60, 0, 0, 45)),
            Figures {
                used: 15,
                left: 45,
                percent: 25
            }
        );
    }
}
