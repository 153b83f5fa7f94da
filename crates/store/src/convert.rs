//! From rows to the house's types, loudly where a row is not what we wrote.

use domain::calls::Word;
use domain::{NanoUsd, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, StoreError};

fn corrupt(table: &'static str, column: &'static str, value: &str) -> StoreError {
    StoreError::Corrupt {
        table,
        column,
        value: value.chars().take(80).collect(),
    }
}

/// Reads a word.
pub(crate) fn word<T: Word>(table: &'static str, column: &'static str, value: &str) -> Result<T> {
    T::read(value).ok_or_else(|| corrupt(table, column, value))
}

/// Reads a word that may be missing.
pub(crate) fn maybe_word<T: Word>(
    table: &'static str,
    column: &'static str,
    value: Option<&str>,
) -> Result<Option<T>> {
    value.map(|value| word(table, column, value)).transpose()
}

/// Reads JSON.
pub(crate) fn json<T: DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    value: &str,
) -> Result<T> {
    serde_json::from_str(value).map_err(|_| corrupt(table, column, value))
}

/// Writes JSON. Our types always can.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

pub(crate) fn time(value: Option<i64>) -> Option<Timestamp> {
    value.map(Timestamp)
}

pub(crate) fn money(value: Option<i64>) -> Option<NanoUsd> {
    value.map(NanoUsd)
}
