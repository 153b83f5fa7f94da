//! By which column a table is sorted, and the address that says so.

use std::cmp::Ordering;

use super::SortState;
use crate::address::Address;

/// A column that a table can be sorted by.
pub trait SortColumn: Copy + PartialEq + 'static {
    /// All of them.
    const ALL: &'static [Self];
    /// The one a table is sorted by where its address says nothing.
    const FIRST: Self;

    /// Its word in an address.
    fn word(self) -> &'static str;

    /// Whether one wants the smallest first, such as names from A; figures begin with the largest.
    fn begins_small(self) -> bool;
}

/// By which column and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorting<C> {
    column: C,
    ascending: bool,
}

impl<C: SortColumn> Sorting<C> {
    /// As an address says it by `sort` and `way`.
    pub fn read(column: Option<&str>, way: Option<&str>) -> Self {
        let mut known = C::ALL.iter();
        let column = known.find(|known| Some(known.word()) == column);
        let sorting = Self::by(column.copied().unwrap_or(C::FIRST));
        match way {
            Some("up") => Self {
                ascending: true,
                ..sorting
            },
            Some("down") => Self {
                ascending: false,
                ..sorting
            },
            _ => sorting,
        }
    }

    /// By a column, the way one wants it first.
    fn by(column: C) -> Self {
        Self {
            column,
            ascending: column.begins_small(),
        }
    }

    /// The column.
    pub fn column(self) -> C {
        self.column
    }

    /// How a column stands in it.
    pub fn state_of(self, column: C) -> SortState {
        match (self.column == column, self.ascending) {
            (false, _) => SortState::Other,
            (true, true) => SortState::Ascending,
            (true, false) => SortState::Descending,
        }
    }

    /// What a click on the head of a column leads to: the other way if it is this one.
    #[must_use]
    pub fn after_click(self, column: C) -> Self {
        if self.column == column {
            Self {
                ascending: !self.ascending,
                ..self
            }
        } else {
            Self::by(column)
        }
    }

    /// An address that says it as well, unless it would be so anyway.
    pub(crate) fn said_in(self, address: Address) -> Address {
        if self == Self::by(C::FIRST) {
            return address;
        }
        let way = if self.ascending { "up" } else { "down" };
        let address = address.with("sort", Some(self.column.word()));
        address.with("way", Some(way))
    }

    /// An order of what stands in the column, the way it is sorted.
    pub fn turned(self, order: Ordering) -> Ordering {
        if self.ascending {
            order
        } else {
            order.reverse()
        }
    }
}
