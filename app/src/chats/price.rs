//! The price before.

use domain::models::ModelChoice;
use domain::prices::PriceState;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use super::pastes::whole;
use crate::reader::Reader;

/// Tokens a message costs beside its text, at most.
const PER_MESSAGE: i64 = 16;

/// The most that sending the draft can cost.
#[component]
pub(super) fn PriceBefore() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let draft_bytes = Memo::new(move |_| {
        let text = whole(&open.draft.read(), &open.pastes.read());
        i64::try_from(text.len()).unwrap_or(i64::MAX)
    });
    let words = move || {
        let input = open.total.read().input_bound;
        let input = input
            .saturating_add(draft_bytes.get())
            .saturating_add(PER_MESSAGE);
        let model = open.model.get();
        model.map(|model| price(&reader, &model, input))
    };
    view! {
        <span
            class="composer-price"
            class:is-hidden=move || !open.writing.shows_price.get()
            title=text::chat::estimate_help(l)
        >
            {words}
        </span>
    }
}

/// The most a call with so much input can cost, in words.
fn price(reader: &Reader, model: &ModelChoice, input_tokens: i64) -> String {
    let l = reader.locale;
    let output_tokens = model.default_output_tokens;
    let most = match (model.price.state, model.price.rates) {
        (PriceState::Free, _) => return text::chat::estimate_free(l).to_owned(),
        (PriceState::Priced, Some(rates)) => rates.worst_case(input_tokens, output_tokens).ok(),
        (PriceState::Priced, None) | (PriceState::Unpriced, _) => None,
    };
    most.map_or_else(
        || text::chat::estimate_unpriced(l).to_owned(),
        |most| text::chat::estimate(l, &reader.money(most)),
    )
}
