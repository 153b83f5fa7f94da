//! The models to choose from.

use domain::NanoUsd;
use domain::connections::ProviderKind;
use domain::models::ModelChoice;
use domain::prices::PriceState;
use leptos::html;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use super::picker::LIST;
use crate::connections::kind_name;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, keep_in_view};

/// Models in the order they are listed: those of a kind together, kinds as they first come.
pub(super) fn ordered(models: Vec<ModelChoice>) -> Vec<ModelChoice> {
    let mut kinds: Vec<ProviderKind> = Vec::new();
    for model in &models {
        if !kinds.contains(&model.kind) {
            kinds.push(model.kind);
        }
    }
    let mut models = models;
    models.sort_by_key(|model| kinds.iter().position(|kind| *kind == model.kind));
    models
}

/// Id of the option at a place of the list.
pub(super) fn option_id(place: usize) -> String {
    format!("picker-option-{place}")
}

/// The models by provider, each with its context and its price.
#[component]
pub(super) fn PickerList(
    /// The models in order.
    models: Memo<Vec<ModelChoice>>,
    /// The one the keyboard is at.
    active: RwSignal<Option<String>>,
    /// Chooses one.
    on_take: Callback<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let groups = move || {
        let places: Vec<(usize, ModelChoice)> = models.get().into_iter().enumerate().collect();
        places
            .chunk_by(|(_, a), (_, b)| a.kind == b.kind)
            .map(|group| view! { <Group models=group.to_vec() active on_take /> })
            .collect_view()
    };
    let none = move || {
        let is_empty = models.read().is_empty();
        is_empty.then(|| view! { <p class="picker-none">{text::picker::no_match(l)}</p> })
    };
    view! {
        <div class="picker-list">
            <div role="status">{none}</div>
            <div id=LIST role="listbox" aria-label=text::picker::label(l)>{groups}</div>
        </div>
    }
}

/// The models of one kind of provider.
#[component]
fn Group(
    /// The models with their places in the list.
    models: Vec<(usize, ModelChoice)>,
    /// The one the keyboard is at.
    active: RwSignal<Option<String>>,
    /// Chooses one.
    on_take: Callback<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let name = models
        .first()
        .map_or("", |(_, model)| kind_name(l, model.kind));
    view! {
        <div role="group" aria-label=name>
            <div class="picker-group" aria-hidden="true">
                <span>{name}</span>
                <span>{text::picker::columns(l)}</span>
            </div>
            {models
                .into_iter()
                .map(|(place, model)| view! { <Choice place model active on_take /> })
                .collect_view()}
        </div>
    }
}

/// One model.
#[component]
fn Choice(
    /// Its place in the list.
    place: usize,
    /// The model.
    model: ModelChoice,
    /// The one the keyboard is at.
    active: RwSignal<Option<String>>,
    /// Chooses it.
    on_take: Callback<String>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let option = NodeRef::<html::Div>::new();
    let id = StoredValue::new(model.id.clone());
    let is_active = Memo::new(move |_| active.read().as_ref() == Some(&id.get_value()));
    let is_chosen = Memo::new(move |_| {
        let chosen = open.model.read();
        chosen
            .as_ref()
            .is_some_and(|chosen| chosen.id == id.get_value())
    });
    keep_in_view(option, is_active);
    let context = model
        .context_tokens
        .map(|tokens| text::picker::context(l, &reader.integer(tokens)));
    let via = text::picker::via(l, &model.connections.join(", "));
    let note = [context, Some(via)];
    let note: Vec<String> = note.into_iter().flatten().collect();
    let (price, help) = price(&reader, &model);
    view! {
        <div
            class="picker-option"
            class:is-active=is_active
            role="option"
            id=option_id(place)
            aria-selected=move || if is_chosen.get() { "true" } else { "false" }
            node_ref=option
            on:click=move |_| on_take.run(id.get_value())
        >
            <Icon name=IconName::Check />
            <span class="picker-name">{model.label}</span>
            <span class="picker-note">{note.join(" · ")}</span>
            <span class="picker-price" title=help>{price}</span>
        </div>
    }
}

/// A price in short, and in words.
fn price(reader: &Reader, model: &ModelChoice) -> (String, String) {
    let l = reader.locale;
    match (model.price.state, model.price.rates) {
        (PriceState::Free, _) => (
            text::picker::free(l).to_owned(),
            text::provenance::free_help(l).to_owned(),
        ),
        (PriceState::Priced, Some(rates)) => {
            let input = reader.money_exact(NanoUsd(rates.input));
            let output = reader.money_exact(NanoUsd(rates.output));
            let words = text::picker::price_short(l, &input, &output);
            (format!("{input} · {output}"), words)
        }
        (PriceState::Priced, None) | (PriceState::Unpriced, _) => (
            text::picker::unpriced(l).to_owned(),
            text::provenance::unpriced_help(l).to_owned(),
        ),
    }
}
