//! Setting a price from the list of models: for administrators, at one connection.

use domain::ConnectionId;
use domain::connections::{ConnectionModelRow, ProviderKind};
use domain::models::ModelChoice;
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::text;

use crate::address::encoded;
use crate::connections::{ModelLine, PriceDialog, list_connection_models, list_connections};
use crate::error::{Answer, ServerError, missing, words};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Menu, Toasts, Tone};

/// A model at one of its connections, by their names: what a list of models says tells nobody more.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    model: String,
    connection: String,
}

/// The same as administrators know it, with what it costs there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    id: ConnectionId,
    kind: ProviderKind,
    row: ConnectionModelRow,
}

/// Whose price is being set.
#[derive(Clone, Copy)]
pub(super) struct Pricing {
    found: RwSignal<Option<Found>>,
    open: RwSignal<bool>,
}

impl Pricing {
    /// Nobody's yet.
    pub(super) fn new() -> Self {
        Self {
            found: RwSignal::new(None),
            open: RwSignal::new(false),
        }
    }

    /// Opens the dialog with what it costs now.
    fn ask(self, place: Place, reader: Reader, toasts: Toasts) {
        spawn_local(async move {
            match find(place).await {
                Ok(found) => {
                    // The page may be gone by then.
                    let _ = self.found.try_set(Some(found));
                    let _ = self.open.try_set(true);
                }
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        });
    }
}

async fn find(place: Place) -> Answer<Found> {
    let connections = list_connections().await?;
    let named = |name: &str| name == place.connection;
    let Some(connection) = connections.into_iter().find(|row| named(&row.name)) else {
        return missing();
    };
    let models = list_connection_models(connection.id).await?;
    match models.into_iter().find(|row| row.model == place.model) {
        Some(row) => Ok(Found {
            id: connection.id,
            kind: connection.kind,
            row,
        }),
        None => missing(),
    }
}

/// The button of a line; where several connections serve the model, it asks at which.
#[component]
pub(super) fn PriceButton(
    /// Opens the dialog.
    pricing: Pricing,
    /// The model.
    model: ModelChoice,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let label = format!("{}: {}", text::models::set_price(l), model.label);
    let id = model.id;
    let list_id = format!("price-of-{}", encoded(&id));
    let ask = Callback::new(move |connection| {
        let model = id.clone();
        pricing.ask(Place { model, connection }, reader.clone(), toasts);
    });
    let mut connections = model.connections;
    if connections.len() < 2 {
        let only = connections.pop().unwrap_or_default();
        return view! {
            <button
                type="button"
                class="button button-quiet button-small"
                aria-label=label
                on:click=move |_| ask.run(only.clone())
            >
                {text::models::set_price(l)}
            </button>
        }
        .into_any();
    }
    let entries = connections
        .into_iter()
        .map(|connection| {
            let name = connection.clone();
            view! {
                <button
                    type="button"
                    class="menu-item"
                    on:click=move |_| ask.run(connection.clone())
                >
                    <Icon name=IconName::Plug />
                    <span>{name}</span>
                </button>
            }
        })
        .collect_view();
    view! {
        <Menu
            id=list_id
            label
            button_class="button button-quiet button-small"
            face=move || view! {
                <span>{text::models::set_price(l)}</span>
                <Icon name=IconName::ChevronDown />
            }
        >
            {entries}
        </Menu>
    }
    .into_any()
}

/// The dialog of the price that is being set.
#[component]
pub(super) fn PriceHere(
    /// Whose.
    pricing: Pricing,
    /// Runs when it is set.
    on_saved: Callback<()>,
) -> impl IntoView {
    move || {
        pricing.found.get().map(|Found { id, kind, row }| {
            let line = Some(ModelLine::new(row));
            view! { <PriceDialog id kind open=pricing.open line on_saved /> }
        })
    }
}
