//! How full a limit is.

use domain::limits::{LimitRow, WindowKind};

use crate::ui::Tone;

/// Use of a running window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figures {
    /// Settled and held together, in the unit.
    pub(super) used: i64,
    /// What is left, never below zero.
    pub(super) left: i64,
    /// Used share, at most 100.
    pub(super) percent: u8,
}

impl Figures {
    /// Of a row; `None` for buckets, which refill all the time and keep no sum.
    pub(super) fn of(row: &LimitRow) -> Option<Self> {
        if row.limit.window == WindowKind::Minute {
            return None;
        }
        let ceiling = row.limit.ceiling.max(0);
        let used = row.spent.saturating_add(row.held);
        let percent = if ceiling == 0 {
            100
        } else {
            let share = i128::from(used.max(0)) * 100 / i128::from(ceiling);
            u8::try_from(share.min(100)).unwrap_or(100)
        };
        Some(Self {
            used,
            left: ceiling.saturating_sub(used).max(0),
            percent,
        })
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

#[cfg(test)]
mod tests {
    use domain::LimitId;
    use domain::limits::{Limit, ScopeKind, Unit};

    use super::*;

    fn row(window: WindowKind, ceiling: i64, spent: i64, held: i64) -> LimitRow {
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
        }
    }

    #[test]
    fn held_money_counts_as_used() {
        let figures = Figures::of(&row(WindowKind::Day, 1_000, 700, 100));
        assert_eq!(
            figures,
            Some(Figures {
                used: 800,
                left: 200,
                percent: 80
            })
        );
    }

    #[test]
    fn an_overrun_is_full_and_leaves_nothing() {
        let figures = Figures::of(&row(WindowKind::Total, 1, i64::MAX, i64::MAX));
        assert_eq!(figures.map(|it| (it.left, it.percent)), Some((0, 100)));
        let figures = Figures::of(&row(WindowKind::Total, 0, 0, 0));
        assert_eq!(figures.map(|it| it.percent), Some(100));
        assert_eq!(Figures::of(&row(WindowKind::Minute, 5, 0, 0)), None);
    }
}
