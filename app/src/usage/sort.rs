//! How the tables of usage are sorted, and the address that says so.

use domain::usage::{NamedSum, Period};

use crate::ui::SortState;

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Calls,
    Input,
    Output,
    Cost,
}

impl Column {
    const ALL: [Self; 5] = [
        Self::Name,
        Self::Calls,
        Self::Input,
        Self::Output,
        Self::Cost,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Calls => "calls",
            Self::Input => "input",
            Self::Output => "output",
            Self::Cost => "cost",
        }
    }
}

/// By which column and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sorting {
    column: Column,
    ascending: bool,
}

impl Sorting {
    /// As an address says it; the dearest first where it says nothing.
    pub(super) fn read(column: Option<&str>, way: Option<&str>) -> Self {
        let known = Column::ALL.into_iter();
        let column = known
            .into_iter()
            .find(|known| Some(known.word()) == column)
            .unwrap_or(Column::Cost);
        Self {
            column,
            ascending: match way {
                Some("up") => true,
                Some("down") => false,
                _ => Self::by(column).ascending,
            },
        }
    }

    /// By a column, the way one wants it first: names from A, figures from the largest.
    fn by(column: Column) -> Self {
        Self {
            column,
            ascending: column == Column::Name,
        }
    }

    /// How a column stands in it.
    pub(super) fn state_of(self, column: Column) -> SortState {
        match (self.column == column, self.ascending) {
            (false, _) => SortState::Other,
            (true, true) => SortState::Ascending,
            (true, false) => SortState::Descending,
        }
    }

    /// What a click on the head of a column leads to: the other way if it is this one.
    pub(super) fn after_click(self, column: Column) -> Self {
        if self.column == column {
            Self {
                ascending: !self.ascending,
                ..self
            }
        } else {
            Self::by(column)
        }
    }

    /// The page that shows a period so.
    pub(super) fn address(self, period: Period) -> String {
        let mut address = format!("/usage?range={}", period.word());
        if self != Self::by(Column::Cost) {
            let way = if self.ascending { "up" } else { "down" };
            address.push_str("&sort=");
            address.push_str(self.column.word());
            address.push_str("&way=");
            address.push_str(way);
        }
        address
    }

    /// Puts rows in order; equal ones by name.
    pub(super) fn sort(self, rows: &mut [NamedSum]) {
        rows.sort_by(|one, other| {
            let by_name = one.name.cmp(&other.name);
            let order = match self.column {
                Column::Name => by_name,
                Column::Calls => one.sum.calls.cmp(&other.sum.calls),
                Column::Input => one.sum.input.cmp(&other.sum.input),
                Column::Output => one.sum.output.cmp(&other.sum.output),
                Column::Cost => one.sum.cost.cmp(&other.sum.cost),
            };
            let order = if self.ascending {
                order
            } else {
                order.reverse()
            };
            order.then(by_name)
        });
    }
}

#[cfg(test)]
mod tests {
    use domain::NanoUsd;
    use domain::usage::Sum;

    use super::*;

    #[test]
    fn a_click_turns_the_column_round_and_the_address_keeps_it() {
        let dearest = Sorting::read(None, None);
        assert_eq!(dearest.address(Period::Week), "/usage?range=week");
        let cheapest = dearest.after_click(Column::Cost);
        assert_eq!(
            cheapest.address(Period::Month),
            "/usage?range=month&sort=cost&way=up"
        );
        assert_eq!(Sorting::read(Some("cost"), Some("up")), cheapest);
        let named = cheapest.after_click(Column::Name);
        assert_eq!(named.state_of(Column::Name), SortState::Ascending);
        assert_eq!(Sorting::read(Some("nonsense"), None), dearest);
    }

    #[test]
    fn equal_rows_stand_by_name() {
        let row = |name: &str, cost: i64| NamedSum {
            name: Some(name.to_owned()),
            sum: Sum {
                cost: NanoUsd(cost),
                ..Sum::default()
            },
        };
        let mut rows = [row("b", 1), row("c", 2), row("a", 1)];
        Sorting::read(None, None).sort(&mut rows);
        let names = rows.map(|row| row.name.unwrap_or_default());
        assert_eq!(names, ["c", "a", "b"]);
    }
}
