//! What a time has used: sums as their pages show them.

use serde::{Deserialize, Serialize};

use crate::NanoUsd;
use crate::calls::words;
use crate::time::Day;

words! {
    /// Whose use is summed.
    Whose {
        /// Everybody's. For who runs the house.
        House = "house",
        /// The reader's own.
        Mine = "mine",
    }
}

words! {
    /// Days on the chart, up to today.
    Span {
        /// A week.
        Week = "7",
        /// About a month.
        Month = "30",
        /// About a quarter.
        Quarter = "90",
    }
}

impl Span {
    /// How many days.
    pub const fn days(self) -> u16 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }
}

words! {
    /// The time a member looks back over.
    Period {
        /// Since midnight.
        Today = "today",
        /// The last seven days, today included.
        Week = "week",
        /// Since the first of the month.
        Month = "month",
    }
}

/// A sum over settled calls. Of calls without a known price the cost is unknown, not zero: they are
/// counted beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    /// Calls.
    pub calls: i64,
    /// Of those without a known price: what they cost is not in `cost`.
    pub unpriced_calls: i64,
    /// Of those that we counted ourselves, because the provider did not.
    pub estimated_calls: i64,
    /// Prompt tokens.
    pub input: i64,
    /// Output tokens.
    pub output: i64,
    /// What is known of the cost.
    pub cost: NanoUsd,
}

impl Sum {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            unpriced_calls: self.unpriced_calls.saturating_add(other.unpriced_calls),
            estimated_calls: self.estimated_calls.saturating_add(other.estimated_calls),
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cost: self.cost.saturating_add(other.cost),
        }
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), Self::plus)
    }
}

/// A time and an earlier one of the same length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// The time so far.
    pub now: Sum,
    /// The earlier one, up to the same point.
    pub before: Sum,
}

/// A day of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySum {
    /// The day, in the reader's zone.
    pub day: Day,
    /// What it used.
    pub sum: Sum,
}

/// What something with a name used; `None` where the name is not known any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedSum {
    /// A model, a member, a key.
    pub name: Option<String>,
    /// What it used.
    pub sum: Sum,
}

/// Those that used most, and all others in one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Top {
    /// Dearest first.
    pub rows: Vec<NamedSum>,
    /// How many others there are.
    pub others: i64,
    /// What they used together.
    pub others_sum: Sum,
}

impl Top {
    /// The first so many of some, dearest first; of equal cost those with more calls.
    pub fn of(mut all: Vec<NamedSum>, most: usize) -> Self {
        all.sort_by(|one, other| {
            let dearest = (other.sum.cost, other.sum.calls).cmp(&(one.sum.cost, one.sum.calls));
            dearest.then_with(|| one.name.cmp(&other.name))
        });
        // A line that says "1 other" could as well name it.
        let shown = if all.len() == most + 1 {
            most + 1
        } else {
            most
        };
        let rest = all.split_off(shown.min(all.len()));
        Self {
            rows: all,
            others: i64::try_from(rest.len()).unwrap_or(i64::MAX),
            others_sum: rest.into_iter().map(|row| row.sum).sum(),
        }
    }
}

/// The figures of the home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeFigures {
    /// Today, and yesterday up to the same time.
    pub today: Compared,
    /// This month, and the same days of the last one.
    pub month: Compared,
    /// The days of the chart, oldest first; the last is today.
    pub days: Vec<DaySum>,
    /// All of those days.
    pub total: Sum,
    /// Which models they went to.
    pub models: Top,
    /// Which members they were for; nobody where only the reader's own are summed.
    pub members: Top,
}

/// What a member used in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnUsage {
    /// The first of its days.
    pub from: Day,
    /// All of it.
    pub total: Sum,
    /// By model.
    pub models: Vec<NamedSum>,
    /// By key.
    pub keys: Vec<NamedSum>,
    /// Without a key: in the browser.
    pub keyless: Option<Sum>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, cost: i64, calls: i64) -> NamedSum {
        NamedSum {
            name: Some(name.to_owned()),
            sum: Sum {
                calls,
                cost: NanoUsd(cost),
                ..Sum::default()
            },
        }
    }

    #[test]
    fn the_dearest_come_first_and_the_rest_is_one_line_of_at_least_two() {
        let all = || vec![named("a", 1, 9), named("b", 5, 1), named("c", 1, 10)];
        let names = |top: &Top| -> Vec<_> {
            let rows = top.rows.iter();
            rows.map(|row| row.name.clone().unwrap()).collect()
        };
        let top = Top::of(all(), 2);
        assert_eq!((names(&top).join(""), top.others), ("bca".to_owned(), 0));
        let top = Top::of(all(), 1);
        assert_eq!((names(&top).join(""), top.others), ("b".to_owned(), 2));
        assert_eq!(
            (top.others_sum.calls, top.others_sum.cost),
            (19, NanoUsd(2))
        );
    }
}
