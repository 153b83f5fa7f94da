//! Which models are listed and in which order, and the address that says so.

use std::cmp::Ordering;

use domain::models::{ModelChoice, PriceView};
use domain::prices::{PriceState, Rates};
use leptos_router::params::ParamsMap;

use crate::address::Address;
use crate::ui::{SortColumn, Sorting};

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Context,
    Input,
    Output,
}

impl SortColumn for Column {
    const ALL: &'static [Self] = &[Self::Name, Self::Context, Self::Input, Self::Output];
    const FIRST: Self = Self::Name;

    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Context => "context",
            Self::Input => "input",
            Self::Output => "output",
        }
    }

    /// One looks for the cheapest, and for what reads most.
    fn begins_small(self) -> bool {
        self != Self::Context
    }
}

/// What is looked for, and how it is sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listing {
    /// As it was typed; empty where nothing is looked for.
    pub(super) query: String,
    /// By which column.
    pub(super) sorting: Sorting<Column>,
}

impl Listing {
    /// As an address says it.
    pub(super) fn read(address: &ParamsMap) -> Self {
        let (sort, way) = (address.get("sort"), address.get("way"));
        Self {
            query: address.get("q").unwrap_or_default(),
            sorting: Sorting::read(sort.as_deref(), way.as_deref()),
        }
    }

    /// The page that lists so.
    pub(super) fn address(&self) -> String {
        let query = Some(self.query.as_str()).filter(|query| !query.is_empty());
        let page = Address::new("/models").with("q", query);
        self.sorting.said_in(page).into()
    }

    /// The same after a click on the head of a column.
    pub(super) fn after_click(&self, column: Column) -> Self {
        Self {
            query: self.query.clone(),
            sorting: self.sorting.after_click(column),
        }
    }
}

/// Puts models in order, from A.
pub(super) fn sort_by_name(models: &mut [ModelChoice]) {
    models.sort_by_cached_key(|model| (model.label.to_lowercase(), model.id.clone()));
}

/// Puts models that stand by name in an order; equal ones stay so, and those without a figure stand last
/// either way.
pub(super) fn sort(models: &mut [ModelChoice], sorting: Sorting<Column>) {
    let figure = |model: &ModelChoice| match sorting.column() {
        Column::Name => None,
        Column::Context => model.context_tokens,
        Column::Input => rate(&model.price, |rates| rates.input),
        Column::Output => rate(&model.price, |rates| rates.output),
    };
    if sorting.column() == Column::Name {
        if sorting.turned(Ordering::Less) == Ordering::Greater {
            models.reverse();
        }
        return;
    }
    models.sort_by(|one, other| match (figure(one), figure(other)) {
        (Some(one), Some(other)) => sorting.turned(one.cmp(&other)),
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    });
}

fn rate(price: &PriceView, line: impl Fn(&Rates) -> i64) -> Option<i64> {
    match price.state {
        PriceState::Free => Some(0),
        PriceState::Priced => price.rates.as_ref().map(line),
        PriceState::Unpriced => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::connections::ProviderKind;

    use super::*;

    fn model(id: &str, input: Option<i64>, context_tokens: Option<i64>) -> ModelChoice {
        let price = match input {
            None => PriceView::UNPRICED,
            Some(0) => PriceView {
                state: PriceState::Free,
                rates: None,
            },
            Some(input) => PriceView {
                state: PriceState::Priced,
                rates: Some(Rates {
                    input,
                    ..Rates::default()
                }),
            },
        };
        ModelChoice {
            id: id.to_owned(),
            label: id.to_owned(),
            kind: ProviderKind::OpenAi,
            connections: Vec::new(),
            context_tokens,
            max_output_tokens: None,
            default_output_tokens: 1,
            vision: false,
            reasoning: false,
            price,
        }
    }

    fn sorted(word: &str, way: &str) -> Vec<String> {
        let mut models = [
            model("d-dear", Some(9), Some(1)),
            model("B-unpriced", None, Some(3)),
            model("c-cheap", Some(2), None),
            model("a-free", Some(0), Some(2)),
            model("e-cheap", Some(2), None),
        ];
        sort_by_name(&mut models);
        sort(&mut models, Sorting::read(Some(word), Some(way)));
        models.into_iter().map(|model| model.id).collect()
    }

    #[test]
    fn free_counts_as_nothing_and_what_has_no_price_stands_last_either_way() {
        let cheapest = ["a-free", "c-cheap", "e-cheap", "d-dear", "B-unpriced"];
        assert_eq!(sorted("input", "up"), cheapest);
        let dearest = ["d-dear", "c-cheap", "e-cheap", "a-free", "B-unpriced"];
        assert_eq!(sorted("input", "down"), dearest);
        let largest = ["B-unpriced", "a-free", "d-dear", "c-cheap", "e-cheap"];
        assert_eq!(sorted("context", "down"), largest);
    }

    #[test]
    fn names_stand_in_any_case() {
        let names = ["a-free", "B-unpriced", "c-cheap", "d-dear", "e-cheap"];
        assert_eq!(sorted("name", "up"), names);
        let mut turned = names;
        turned.reverse();
        assert_eq!(sorted("name", "down"), turned);
    }

    #[test]
    fn an_address_says_what_is_looked_for_and_how_it_is_sorted() {
        let address = |pairs: &[(&str, &str)]| -> ParamsMap {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(owned).collect()
        };
        let all = Listing::read(&address(&[]));
        assert_eq!(all.address(), "/models");
        let cheapest = Listing {
            query: "gpt 5".to_owned(),
            ..all.after_click(Column::Output)
        };
        assert_eq!(cheapest.address(), "/models?q=gpt%205&sort=output&way=up");
        let pairs = [("q", "gpt 5"), ("sort", "output"), ("way", "up")];
        assert_eq!(Listing::read(&address(&pairs)), cheapest);
    }
}
