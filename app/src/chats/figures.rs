//! A reply's entry in the ledger.

use domain::chats::{Provenance, ReplyFigures};
use domain::prices::PriceState;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::reader::Reader;

/// What a reply cost and where the figure comes from, its tokens, its times and its model.
#[component]
pub(super) fn Figures(
    /// The figures.
    figures: ReplyFigures,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let count = |tokens: Option<i64>| {
        tokens.map_or_else(|| "–".to_owned(), |tokens| reader.integer(tokens))
    };
    let some = |tokens: Option<i64>| tokens.filter(|tokens| *tokens > 0);
    let usage = figures.usage;
    let tokens = text::chat::tokens_line(l, &count(usage.input), &count(usage.output));
    let cached = some(usage.cached_input)
        .map(|tokens| text::chat::tokens_cached(l, &reader.integer(tokens)));
    let reasoning = some(usage.reasoning)
        .map(|tokens| text::chat::tokens_reasoning(l, &reader.integer(tokens)));
    let first = figures
        .first_token_ms
        .map(|wait| text::chat::time_to_first_token(l, &reader.seconds(wait)));
    let whole = text::chat::total_time(l, &reader.seconds(figures.duration_ms));
    view! {
        <div class="message-meta">
            {cost(&reader, &figures)}
            <span>{tokens}</span>
            {cached.map(|words| view! { <span>{words}</span> })}
            {reasoning.map(|words| view! { <span>{words}</span> })}
            {first.map(|words| view! { <span>{words}</span> })}
            <span>{whole}</span>
            <span>{figures.model}</span>
        </div>
    }
}

/// The cost with its provenance; "free" or "no price" where there is none.
fn cost(reader: &Reader, figures: &ReplyFigures) -> impl IntoView + use<> {
    let l = reader.locale;
    match (figures.price_state, figures.cost) {
        (PriceState::Free, _) => view! {
            <span class="message-cost" title=text::provenance::free_help(l)>
                {text::provenance::free(l)}
            </span>
        }
        .into_any(),
        (PriceState::Priced, Some(cost)) => {
            let (word, help) = provenance(l, figures.provenance());
            view! {
                <span class="message-cost" title=reader.money_exact(cost)>{reader.money(cost)}</span>
                <span title=help>{word}</span>
            }
            .into_any()
        }
        (PriceState::Unpriced, _) | (PriceState::Priced, None) => view! {
            <span class="message-cost" title=text::provenance::unpriced_help(l)>
                {text::chat::cost_unknown(l)}
            </span>
        }
        .into_any(),
    }
}

/// Where a figure comes from, in a word and in a sentence.
fn provenance(l: Locale, source: Provenance) -> (&'static str, &'static str) {
    match source {
        Provenance::Official => (
            text::provenance::official(l),
            text::provenance::official_help(l),
        ),
        Provenance::Metered => (
            text::provenance::metered(l),
            text::provenance::metered_help(l),
        ),
        Provenance::Estimated => (
            text::provenance::estimated(l),
            text::provenance::estimated_help(l),
        ),
        Provenance::Manual => (
            text::provenance::manual(l),
            text::provenance::manual_help(l),
        ),
    }
}
