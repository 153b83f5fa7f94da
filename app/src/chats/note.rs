//! What stands under a reply: its figures, and why it ended as it did.

use domain::chats::{MessageView, Provenance, ReplyFigures};
use domain::messages::MessageState;
use domain::prices::PriceState;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::error::notice_words;
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// Cost with its source, tokens, times and model.
#[component]
pub(super) fn Figures(
    /// The figures.
    figures: ReplyFigures,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let count = |tokens: Option<i64>| {
        tokens.map_or_else(
            || text::common::unknown(l).to_owned(),
            |tokens| reader.integer(tokens),
        )
    };
    let (source, help) = source_words(l, &figures);
    let cost = match (figures.price_state, figures.cost) {
        (PriceState::Priced, Some(cost)) => {
            text::chat::cost_with_source(l, &reader.money(cost), source)
        }
        _ => source.to_owned(),
    };
    let exact = match figures.cost {
        Some(cost) => format!("{} · {help}", reader.money_exact(cost)),
        None => help.to_owned(),
    };
    let usage = figures.usage;
    let mut tokens = text::chat::tokens_line(l, &count(usage.input), &count(usage.output));
    for more in [
        usage
            .cached_input
            .filter(|cached| *cached > 0)
            .map(|cached| text::chat::tokens_cached(l, &reader.integer(cached))),
        usage
            .reasoning
            .filter(|reasoning| *reasoning > 0)
            .map(|reasoning| text::chat::tokens_reasoning(l, &reader.integer(reasoning))),
    ]
    .into_iter()
    .flatten()
    {
        tokens.push_str(" · ");
        tokens.push_str(&more);
    }
    let first = figures
        .first_token_ms
        .map(|first_ms| text::chat::time_to_first_token(l, &reader.seconds(first_ms)));
    view! {
        <span class="message-cost number" title=exact>{cost}</span>
        <span class="number">{tokens}</span>
        {first.map(|first| view! { <span class="number">{first}</span> })}
        <span class="number">{text::chat::total_time(l, &reader.seconds(figures.duration_ms))}</span>
        <span>{figures.model}</span>
    }
}

fn source_words(l: Locale, figures: &ReplyFigures) -> (&'static str, &'static str) {
    match figures.price_state {
        PriceState::Free => (text::provenance::free(l), text::provenance::free_help(l)),
        PriceState::Unpriced => (
            text::provenance::unpriced(l),
            text::provenance::unpriced_help(l),
        ),
        PriceState::Priced => match figures.provenance() {
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
        },
    }
}

/// Why a reply ended early, or what was changed so that it could begin.
#[component]
pub(super) fn EndNote(
    /// The reply.
    message: MessageView,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let (class, icon) = match message.state {
        MessageState::Failed => ("message-note tone-bad", IconName::Warning),
        _ => ("message-note tone-warn", IconName::Info),
    };
    let words = match (message.state, &message.notice) {
        (MessageState::Stopped, _) => Some(text::chat::stopped(l).to_owned()),
        (MessageState::Interrupted, _) => Some(text::chat::interrupted(l).to_owned()),
        (_, Some(notice)) => Some(notice_words(&reader, notice)),
        (MessageState::Failed, None) => Some(text::chat::failed(l).to_owned()),
        _ => None,
    };
    words.map(|words| {
        view! {
            <p class=class>
                <Icon name=icon />
                <span>{words}</span>
            </p>
        }
    })
}
