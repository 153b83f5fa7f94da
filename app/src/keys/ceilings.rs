//! A key's own limits in words.

use domain::NanoUsd;
use domain::keys::KeyCeiling;
use domain::limits::{Unit, WindowKind};
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;

/// A key's budget with its use, and its limits a minute.
#[component]
pub(super) fn Ceilings(
    /// The limits.
    ceilings: Vec<KeyCeiling>,
) -> impl IntoView {
    let reader = Reader::here();
    if ceilings.is_empty() {
        return view! { <span class="faint">{text::keys::no_limits(reader.locale)}</span> }
            .into_any();
    }
    let lines = ceilings
        .into_iter()
        .map(|ceiling| view! { <li>{ceiling_words(&reader, &ceiling)}</li> })
        .collect_view();
    view! { <ul class="small">{lines}</ul> }.into_any()
}

/// A ceiling in words, with what is used of it.
pub(crate) fn ceiling_words(reader: &Reader, ceiling: &KeyCeiling) -> String {
    let l = reader.locale;
    let amount = |value| match ceiling.unit {
        Unit::Money => reader.money(NanoUsd(value)),
        Unit::Requests | Unit::Tokens => reader.integer(value),
    };
    let (used, most) = (amount(ceiling.used), amount(ceiling.ceiling));
    match (ceiling.unit, ceiling.window) {
        (Unit::Requests, WindowKind::Minute) => text::keys::requests_limit(l, &most),
        (Unit::Tokens, WindowKind::Minute) => text::keys::tokens_limit(l, &most),
        (_, WindowKind::Day) => text::keys::budget_day(l, &used, &most),
        (_, WindowKind::Month) => text::keys::budget_month(l, &used, &most),
        (_, WindowKind::Total | WindowKind::Minute) => text::keys::budget_total(l, &used, &most),
    }
}
