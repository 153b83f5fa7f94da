//! The checked texts of all locales, in index order.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;
use super::template::{COUNT, numbered, placeholders};
use super::{FORM_SEPARATOR, REFERENCE};
use crate::languages::{LANGUAGES, Language};
use crate::plural::Form;

/// Suffixes that make a key one form of a plural; CLDR's six, so that a misplaced one is noticed in any language.
const SUFFIXES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

pub(crate) struct Catalog {
    /// Sorted by key: the position is the number by which a function finds its text.
    pub(crate) entries: Vec<Entry>,
    /// In the order of [`LANGUAGES`].
    pub(crate) locales: Vec<LocaleTexts>,
}

/// One generated function.
pub(crate) struct Entry {
    /// Dotted, without a plural suffix.
    pub(crate) key: String,
    /// In order of first appearance in English, without `count`.
    pub(crate) placeholders: Vec<String>,
    pub(crate) plural: bool,
    /// English, for the doc comment.
    pub(crate) english: String,
}

pub(crate) struct LocaleTexts {
    /// Position in [`LANGUAGES`].
    pub(crate) row: usize,
    pub(crate) language: &'static Language,
    /// One text an entry, placeholders numbered, plural forms joined.
    pub(crate) texts: Vec<String>,
}

impl LocaleTexts {
    pub(crate) fn tag(&self) -> &'static str {
        self.language.tag
    }

    /// The variant of `Locale`: `En`.
    pub(crate) fn variant(&self) -> String {
        let (first, rest) = self.tag().split_at(1);
        first.to_ascii_uppercase() + rest
    }
}

pub(crate) fn suffix(form: Form) -> &'static str {
    match form {
        Form::One => "one",
        Form::Many => "many",
        Form::Other => "other",
    }
}

/// Splits `count_one` into `count` and `one`.
pub(crate) fn split_form(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once('_')
        .filter(|(_, form)| SUFFIXES.contains(form))
}

/// The keys that are plurals in English: those with an `_other`.
pub(crate) fn plurals(english: &Source) -> BTreeSet<String> {
    let forms = english.texts.keys().filter_map(|key| split_form(key));
    forms
        .filter(|(_, form)| *form == "other")
        .map(|(base, _)| base.to_owned())
        .collect()
}

/// The placeholders of a key in English, of all its forms if it is a plural.
pub(crate) fn reference_placeholders(english: &Source, key: &str, plural: bool) -> Vec<String> {
    let keys: Vec<String> = if plural {
        SUFFIXES
            .iter()
            .map(|form| format!("{key}_{form}"))
            .collect()
    } else {
        vec![key.to_owned()]
    };
    let mut names = Vec::new();
    for text in keys.iter().filter_map(|key| english.texts.get(key)) {
        for name in placeholders(text).unwrap_or_default() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Puts checked sources into index order.
pub(crate) fn build(sources: &[Source]) -> Catalog {
    let mut entries = Vec::new();
    if let Some(english) = sources.iter().find(|source| source.tag == REFERENCE) {
        let plurals = plurals(english);
        let mut keys: BTreeMap<String, bool> =
            plurals.iter().map(|key| (key.clone(), true)).collect();
        for key in english.texts.keys() {
            if !split_form(key).is_some_and(|(base, _)| plurals.contains(base)) {
                keys.insert(key.clone(), false);
            }
        }
        for (key, plural) in keys {
            let shown = if plural {
                format!("{key}_other")
            } else {
                key.clone()
            };
            let mut placeholders = reference_placeholders(english, &key, plural);
            placeholders.retain(|name| name != COUNT);
            entries.push(Entry {
                english: english.texts.get(&shown).cloned().unwrap_or_default(),
                placeholders,
                plural,
                key,
            });
        }
    }
    let mut locales = Vec::new();
    for (row, language) in LANGUAGES.iter().enumerate() {
        if let Some(source) = sources.iter().find(|source| source.tag == language.tag) {
            let texts = entries
                .iter()
                .map(|entry| table_text(source, language, entry))
                .collect();
            locales.push(LocaleTexts {
                row,
                language,
                texts,
            });
        }
    }
    Catalog { entries, locales }
}

fn table_text(source: &Source, language: &Language, entry: &Entry) -> String {
    let text = |key: &str| {
        let text = source
            .texts
            .get(key)
            .map(String::as_str)
            .unwrap_or_default();
        numbered(text, &entry.placeholders)
    };
    if !entry.plural {
        return text(&entry.key);
    }
    let forms = language.plural.forms().iter();
    let texts: Vec<String> = forms
        .map(|form| text(&format!("{}_{}", entry.key, suffix(*form))))
        .collect();
    texts.join(&FORM_SEPARATOR.to_string())
}
