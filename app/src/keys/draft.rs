//! A key as it is being written down, before it is one.

use std::collections::BTreeSet;

use domain::NanoUsd;
use domain::keys::NewKey;
use domain::limits::WindowKind;
use domain::people::{Fault, parse_name};
use locales::{Locale, text};

use crate::error::fault_words;

/// Longest name of a key.
const NAME_MOST: usize = 80;

/// What stands in the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// What its owner calls it.
    pub(super) name: String,
    /// Whether only the chosen models may be used.
    pub(super) narrowed: bool,
    /// The chosen ones.
    pub(super) models: BTreeSet<String>,
    /// Dollars, as written; empty for no budget.
    pub(super) budget: String,
    /// Window of the budget.
    pub(super) window: WindowKind,
    /// Requests a minute, as written; empty for no limit.
    pub(super) requests: String,
    /// Tokens a minute, as written; empty for no limit.
    pub(super) tokens: String,
    /// Days it lives; `None` for ever.
    pub(super) days: Option<i32>,
}

/// A field and what is wrong with it.
pub(super) type Mistake = (String, Fault);

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            narrowed: false,
            models: BTreeSet::new(),
            budget: String::new(),
            window: WindowKind::Month,
            requests: String::new(),
            tokens: String::new(),
            days: Some(90),
        }
    }
}

impl Draft {
    /// The key that is asked for, or every mistake in the fields.
    pub(super) fn read(&self) -> Result<NewKey, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut keep = |field: &str, fault| mistakes.push((field.to_owned(), fault));
        let name = parse_name(&self.name, NAME_MOST)
            .inspect_err(|fault| keep("name", *fault))
            .unwrap_or_default();
        if self.narrowed && self.models.is_empty() {
            keep("models", Fault::Empty);
        }
        let budget = filled(&self.budget)
            .map(read_budget)
            .transpose()
            .inspect_err(|fault| keep("budget", *fault))
            .unwrap_or_default();
        let requests_per_minute = filled(&self.requests)
            .map(read_count)
            .transpose()
            .inspect_err(|fault| keep("requests_per_minute", *fault))
            .unwrap_or_default();
        let tokens_per_minute = filled(&self.tokens)
            .map(read_count)
            .transpose()
            .inspect_err(|fault| keep("tokens_per_minute", *fault))
            .unwrap_or_default();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let models = if self.narrowed {
            self.models.iter().cloned().collect()
        } else {
            Vec::new()
        };
        Ok(NewKey {
            name,
            models,
            budget,
            budget_window: self.window,
            requests_per_minute,
            tokens_per_minute,
            expires_in_days: self.days,
        })
    }
}

/// What to say of a mistake.
pub(super) fn mistake_words(l: Locale, field: &str, fault: Fault) -> String {
    match (field, fault) {
        ("name", Fault::OutOfRange) => text::keys::too_many(l).to_owned(),
        ("name", Fault::TooLong) => text::fields::too_long(l, 80),
        ("models", _) => text::keys::choose_a_model(l).to_owned(),
        ("budget", _) => text::fields::amount(l).to_owned(),
        ("requests_per_minute" | "tokens_per_minute", _) => {
            text::fields::whole_number(l).to_owned()
        }
        _ => fault_words(l, field, fault),
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn read_budget(text: &str) -> Result<NanoUsd, Fault> {
    NanoUsd::parse_usd(text)
        .ok()
        .filter(|amount| *amount > NanoUsd::ZERO)
        .ok_or(Fault::OutOfRange)
}

fn read_count(text: &str) -> Result<i64, Fault> {
    text.parse()
        .ok()
        .filter(|count| (1..=1_000_000_000).contains(count))
        .ok_or(Fault::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_mean_no_limit_and_amounts_are_read_exactly() {
        let draft = Draft {
            name: " laptop ".to_owned(),
            models: BTreeSet::from(["not-asked-for".to_owned()]),
            budget: " 12.345678901 ".to_owned(),
            ..Draft::default()
        };
        let new = draft.read().unwrap();
        assert_eq!(new.name, "laptop");
        assert_eq!(new.budget, Some(NanoUsd(12_345_678_901)));
        assert!(new.models.is_empty(), "all models");
        assert_eq!(
            (new.requests_per_minute, new.tokens_per_minute),
            (None, None)
        );
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let draft = Draft {
            narrowed: true,
            budget: "0".to_owned(),
            requests: "1.5".to_owned(),
            tokens: "-3".to_owned(),
            ..Draft::default()
        };
        let fields: Vec<_> = draft
            .read()
            .unwrap_err()
            .into_iter()
            .map(|(f, _)| f)
            .collect();
        let wanted = [
            "name",
            "models",
            "budget",
            "requests_per_minute",
            "tokens_per_minute",
        ];
        assert_eq!(fields, wanted);
    }
}
