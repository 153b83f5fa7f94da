//! How the tables of usage are sorted, and the address that says so.

use domain::usage::{NamedSum, Period};

use crate::address::Address;
use crate::ui::{self, SortColumn};

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Calls,
    Input,
    Output,
    Cost,
}

impl SortColumn for Column {
    const ALL: &'static [Self] = &[
        Self::Name,
        Self::Calls,
        Self::Input,
        Self::Output,
        Self::Cost,
    ];
    const FIRST: Self = Self::Cost;

    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Calls => "calls",
            Self::Input => "input",
            Self::Output => "output",
            Self::Cost => "cost",
        }
    }

    fn begins_small(self) -> bool {
        self == Self::Name
    }
}

/// By which column and which way.
pub(super) type Sorting = ui::Sorting<Column>;

impl Sorting {
    /// The page that shows a period so.
    pub(super) fn address(self, period: Period) -> String {
        let page = Address::new("/usage").with("range", Some(period.word()));
        self.said_in(page).into()
    }

    /// Puts rows in order; equal ones by name.
    pub(super) fn sort(self, rows: &mut [NamedSum]) {
        rows.sort_by(|one, other| {
            let by_name = one.name.cmp(&other.name);
            let order = match self.column() {
                Column::Name => by_name,
                Column::Calls => one.sum.calls.cmp(&other.sum.calls),
                Column::Input => one.sum.input.cmp(&other.sum.input),
                Column::Output => one.sum.output.cmp(&other.sum.output),
                Column::Cost => one.sum.cost.cmp(&other.sum.cost),
            };
            self.turned(order).then(by_name)
        });
    }
}

#[cfg(test)]
mod tests {
    use domain::NanoUsd;
    use domain::usage::Sum;

    use super::*;
    use crate::ui::SortState;

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
