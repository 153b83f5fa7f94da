//! One model of a connection, as far as the page can change it in place.

use std::sync::Arc;

use domain::connections::ConnectionModelRow;
use domain::models::PriceView;
use leptos::prelude::*;
use locales::text;

use crate::models::PriceCells;
use crate::reader::Reader;
use crate::ui::{Badge, Tone};

/// A model with its switch and its price. Equal when it is the same model.
#[derive(Clone)]
pub(crate) struct ModelLine {
    /// As it was read.
    pub(super) row: Arc<ConnectionModelRow>,
    /// Whether members may use it, now.
    pub(super) enabled: RwSignal<bool>,
    /// What it costs, now.
    pub(super) price: RwSignal<PriceView>,
}

impl ModelLine {
    /// Of a row.
    pub(crate) fn new(row: ConnectionModelRow) -> Self {
        Self {
            enabled: RwSignal::new(row.enabled),
            price: RwSignal::new(row.price),
            row: Arc::new(row),
        }
    }
}

impl PartialEq for ModelLine {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.row, &other.row)
    }
}

/// The table row of a model.
#[component]
pub(super) fn ModelRow(
    /// The model.
    line: ModelLine,
    /// Runs when its switch is used, after it has moved.
    #[prop(into)]
    on_switch: Callback<(ModelLine, bool)>,
    /// Opens the form of its price.
    #[prop(into)]
    on_price: Callback<ModelLine>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let row = line.row.clone();
    let enabled = line.enabled;
    let price = line.price;
    let (name, id) = match &row.label {
        Some(label) if *label != row.model => (label.clone(), Some(row.model.clone())),
        _ => (row.model.clone(), None),
    };
    let switched = line.clone();
    view! {
        <tr>
            <th scope="row">
                <div>
                    <div>{name}</div>
                    {id.map(|id| view! { <div class="mono small faint">{id}</div> })}
                    {(!row.chat).then(|| view! { <Badge text=text::models::not_chat(l) /> })}
                    {(!row.listed)
                        .then(|| view! { <Badge text=text::models::unlisted(l) tone=Tone::Warn /> })}
                </div>
            </th>
            <PriceCells price />
            <td data-label=text::models::enabled(l)>
                <input
                    class="switch"
                    type="checkbox"
                    role="switch"
                    aria-label=text::models::enable_one(l, &row.model)
                    checked=row.enabled
                    prop:checked=enabled
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        enabled.set(on);
                        on_switch.run((switched.clone(), on));
                    }
                />
            </td>
            <td class="table-actions">
                <button
                    type="button"
                    class="button button-quiet button-small"
                    on:click=move |_| on_price.run(line.clone())
                >
                    {text::models::set_price(l)}
                </button>
            </td>
        </tr>
    }
}
