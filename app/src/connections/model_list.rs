//! The models of a connection, to be switched and priced.

use domain::ConnectionId;
use domain::connections::{ConnectionModelRow, ProviderKind};
use leptos::prelude::*;
use locales::text;

use super::enable_models;
use super::model_filter::ModelFilter;
use super::model_line::{ModelLine, ModelRow};
use super::price_dialog::PriceDialog;
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, IconName, Toasts, Tone};

/// One line a model that the filter admits, and two buttons for all of them.
#[component]
pub(super) fn ModelList(
    /// The connection.
    id: ConnectionId,
    /// Its dialect.
    kind: ProviderKind,
    /// Its models.
    rows: Vec<ConnectionModelRow>,
    /// What the reader looks for.
    filter: ModelFilter,
    /// Runs after models were switched.
    on_changed: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let total = rows.len();
    let lines: Vec<ModelLine> = rows.into_iter().map(ModelLine::new).collect();
    let shown = Memo::new(move |_| -> Vec<ModelLine> {
        let admitted = lines.iter().filter(|line| filter.admits(line));
        admitted.cloned().collect()
    });
    let count = {
        let reader = reader.clone();
        move |count: usize| reader.integer(i64::try_from(count).unwrap_or(i64::MAX))
    };
    let pricing = RwSignal::new(None::<ModelLine>);
    let pricing_open = RwSignal::new(false);
    let switch = Action::new(move |(lines, on): &(Vec<ModelLine>, bool)| {
        let (lines, on, reader) = (lines.clone(), *on, reader.clone());
        async move {
            let models: Vec<String> = lines.iter().map(|line| line.row.model.clone()).collect();
            let many = i64::try_from(models.len()).unwrap_or(i64::MAX);
            match enable_models(id, models, on).await {
                Ok(()) => {
                    // A single switch shows by itself that it moved.
                    if many > 1 {
                        let told = if on {
                            text::models::enabled_done(l, many)
                        } else {
                            text::models::disabled_done(l, many)
                        };
                        toasts.push(Tone::Good, told);
                    }
                    // The page may be gone by the time the answer comes.
                    let _ = on_changed.try_run(());
                }
                Err(ServerError(why)) => {
                    for line in lines {
                        line.enabled.set(!on);
                    }
                    toasts.push(Tone::Bad, words(&reader, &why));
                }
            }
        }
    });
    let pending = switch.pending();
    let switch_shown = move |on: bool| {
        let others: Vec<ModelLine> = shown
            .get_untracked()
            .into_iter()
            .filter(|line| line.enabled.get_untracked() != on)
            .collect();
        if others.is_empty() {
            return;
        }
        for line in &others {
            line.enabled.set(on);
        }
        switch.dispatch((others, on));
    };
    let bulk = move |label: &'static str, on: bool| {
        view! {
            <button
                type="button"
                class="button button-small"
                disabled=move || pending.get() || shown.read().is_empty()
                on:click=move |_| switch_shown(on)
            >
                {label}
            </button>
        }
    };
    let head = vec![
        Head::text(text::models::model(l)),
        Head::number(text::models::price_in(l)),
        Head::number(text::models::price_cached(l)),
        Head::number(text::models::price_out(l)),
        Head::text(text::models::enabled(l)),
        Head::actions(text::common::actions(l)),
    ];
    view! {
        <div class="row row-apart">
            <span class="faint small" aria-live="polite">
                {move || text::models::shown(l, &count(shown.read().len()), &count(total))}
            </span>
            <div class="row">
                {bulk(text::models::enable_shown(l), true)}
                {bulk(text::models::disable_shown(l), false)}
            </div>
        </div>
        <DataTable
            id="connection-models"
            caption=text::models::title(l)
            quiet_caption=true
            head=head
            is_empty=Signal::derive(move || shown.read().is_empty())
            empty=move || {
                let (title, text) = if total == 0 {
                    (text::models::empty_title(l), text::models::empty_text(l))
                } else {
                    (text::common::no_results(l), text::picker::no_match(l))
                };
                view! { <Empty icon=IconName::Book title text /> }
            }
        >
            <For
                each=move || shown.get()
                key=|line| line.row.model.clone()
                children=move |line| view! {
                    <ModelRow
                        line
                        on_switch=move |(line, on)| { switch.dispatch((vec![line], on)); }
                        on_price=move |line| {
                            pricing.set(Some(line));
                            pricing_open.set(true);
                        }
                    />
                }
            />
        </DataTable>
        <PriceDialog id kind open=pricing_open line=pricing />
    }
}
