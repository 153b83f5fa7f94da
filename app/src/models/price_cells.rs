//! What a model costs, in the columns of a table.

use domain::NanoUsd;
use domain::models::PriceView;
use domain::prices::PriceState;
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::{Badge, Tone};

/// Three cells: input, cached input, output per million tokens; or one across them that says
/// "free" or "no price".
#[component]
pub(crate) fn PriceCells(
    /// The price.
    #[prop(into)]
    price: Signal<PriceView>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    move || {
        let price = price.get();
        if let (PriceState::Priced, Some(rates)) = (price.state, price.rates) {
            // All its places: a price is looked up, not estimated.
            let amount = |rate: i64| reader.money_exact(NanoUsd(rate));
            let cached = rates.cached_input.map_or_else(|| "–".to_owned(), amount);
            view! {
                <td class="number" data-label=text::models::price_in(l)>{amount(rates.input)}</td>
                <td class="number" data-label=text::models::price_cached(l)>{cached}</td>
                <td class="number" data-label=text::models::price_out(l)>{amount(rates.output)}</td>
            }
            .into_any()
        } else {
            let (tone, word, help) = if price.state == PriceState::Free {
                (
                    Tone::Good,
                    text::provenance::free(l),
                    text::provenance::free_help(l),
                )
            } else {
                (
                    Tone::Warn,
                    text::provenance::unpriced(l),
                    text::models::unpriced_note(l),
                )
            };
            view! {
                <td class="number" colspan="3" data-label=text::models::price(l) title=help>
                    <Badge text=word tone=tone />
                </td>
            }
            .into_any()
        }
    }
}
