//! Saying what a model costs.

use domain::AppError;
use domain::ConnectionId;
use domain::connections::ProviderKind;
use leptos::prelude::*;
use locales::text;

use super::model_line::ModelLine;
use super::price::PriceEntry;
use super::price_form::PriceForm;
use super::set_price;
use crate::error::ServerError;
use crate::reader::Reader;
use crate::ui::{Dialog, Toasts, Tone};

/// Id of the form, for its button.
pub(super) const FORM: &str = "model-price-form";

/// The dialog with the price of one model at one connection; a saved one shows in its line at once.
#[component]
pub(crate) fn PriceDialog(
    /// The connection.
    id: ConnectionId,
    /// Its dialect.
    kind: ProviderKind,
    /// Open or closed.
    open: RwSignal<bool>,
    /// The model.
    #[prop(into)]
    line: Signal<Option<ModelLine>>,
    /// Runs when it is saved.
    #[prop(optional)]
    on_saved: Option<Callback<()>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let toasts = expect_context::<Toasts>();
    let error = RwSignal::new(None::<AppError>);
    let save = Action::new(move |(line, entry): &(ModelLine, PriceEntry)| {
        let (line, entry) = (line.clone(), entry.clone());
        async move {
            let model = line.row.model.clone();
            let view = match entry.view() {
                Ok(view) => view,
                Err(why) => return error.set(Some(why)),
            };
            match set_price(id, kind, model, entry).await {
                Ok(()) => {
                    line.price.set(view);
                    toasts.push(Tone::Good, text::models::price_set(l));
                    open.set(false);
                    // The page may be gone by the time the answer comes.
                    if let Some(on_saved) = on_saved {
                        let _ = on_saved.try_run(());
                    }
                }
                Err(ServerError(why)) => error.set(Some(why)),
            }
        }
    });
    let pending = save.pending();
    Effect::new(move || {
        if open.get() {
            error.set(None);
        }
    });
    let title = move || {
        let line = line.read();
        let model = line.as_ref().map_or("", |line| line.row.model.as_str());
        text::models::price_title(l, model)
    };
    let foot = move || {
        view! {
            <button type="button" class="button" on:click=move |_| open.set(false)>
                {text::common::cancel(l)}
            </button>
            <button
                type="submit"
                form=FORM
                class="button button-primary"
                class:is-busy=pending
                disabled=pending
            >
                {text::common::save(l)}
            </button>
        }
    };
    view! {
        <Dialog id="model-price" open title close_label=text::common::close(l) foot=foot>
            {move || {
                let line = open.get().then(|| line.get()).flatten()?;
                let price = line.price.get_untracked();
                let on_submit = move |entry| {
                    error.set(None);
                    save.dispatch((line.clone(), entry));
                };
                Some(view! { <PriceForm price error on_submit /> })
            }}
        </Dialog>
    }
}
