//! What a call cost, and where the figure comes from.

use domain::NanoUsd;
use domain::chats::Provenance;
use domain::prices::PriceState;
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::{Badge, Tone};

/// The charge for reading with the exact amount in its title, and its provenance below; "free" or
/// "no price" where there is none; a dash while the call runs.
#[component]
pub(super) fn Cost(
    /// Whether a price was known.
    price_state: PriceState,
    /// The charge; `None` while the call runs and when unpriced.
    charge: Option<NanoUsd>,
    /// Where the charge comes from.
    provenance: Option<Provenance>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    match (price_state, charge) {
        (PriceState::Unpriced, _) => view! {
            <span title=text::provenance::unpriced_help(l)>
                <Badge text=text::provenance::unpriced(l) tone=Tone::Warn />
            </span>
        }
        .into_any(),
        (PriceState::Free, _) => view! {
            <span title=text::provenance::free_help(l)>
                <Badge text=text::provenance::free(l) tone=Tone::Good />
            </span>
        }
        .into_any(),
        (PriceState::Priced, None) => view! { <span class="faint">"–"</span> }.into_any(),
        (PriceState::Priced, Some(charge)) => {
            let source = provenance.map(|source| match source {
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
            });
            view! {
                <div title=reader.money_exact(charge)>{reader.money(charge)}</div>
                {source
                    .map(|(word, help)| view! { <div class="small faint" title=help>{word}</div> })}
            }
            .into_any()
        }
    }
}
