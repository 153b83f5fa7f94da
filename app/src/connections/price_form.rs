//! The form of a price.

use domain::models::PriceView;
use domain::prices::PriceState;
use domain::{AppError, NanoUsd};
use leptos::prelude::*;
use locales::text;

use super::price::PriceEntry;
use super::price_dialog::FORM;
use crate::reader::Reader;
use crate::ui::{Field, FormTrouble, at_field};

/// Free, or three amounts of US dollars per million tokens.
#[component]
pub(super) fn PriceForm(
    /// The price until now.
    price: PriceView,
    /// What the last try came back with.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// Takes what was entered.
    #[prop(into)]
    on_submit: Callback<PriceEntry>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let free = RwSignal::new(price.state == PriceState::Free);
    let known = |rate: Option<i64>| {
        RwSignal::new(rate.map_or_else(String::new, |rate| NanoUsd(rate).to_usd_string()))
    };
    let input = known(price.rates.map(|rates| rates.input));
    let cached_input = known(price.rates.and_then(|rates| rates.cached_input));
    let output = known(price.rates.map(|rates| rates.output));
    let entry = move || {
        if free.get_untracked() {
            return PriceEntry::Free;
        }
        PriceEntry::PerMillion {
            input: input.get_untracked(),
            cached_input: cached_input.get_untracked(),
            output: output.get_untracked(),
        }
    };
    let choice = move |value: bool, label: &'static str, help: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="model-price-kind"
                    prop:checked=move || free.get() == value
                    on:change=move |_| free.set(value)
                />
                <span>{label}</span>
                <span class="field-help">{help}</span>
            </label>
        }
    };
    view! {
        <form
            class="form"
            id=FORM
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(entry());
            }
        >
            <FormTrouble error fields=&["input", "cached_input", "output"] />
            <p class="faint small">{text::models::set_price_text(l)}</p>
            <fieldset>
                <legend class="field-label">{text::models::price(l)}</legend>
                {choice(false, text::models::price_charged(l), text::models::price_unit(l))}
                {choice(true, text::provenance::free(l), text::models::price_free_help(l))}
            </fieldset>
            {move || (!free.get())
                .then(|| view! {
                    <div class="form-pair">
                        <Amount
                            name="input"
                            label=text::models::price_in(l)
                            help=text::models::per_million(l)
                            value=input
                            error
                        />
                        <Amount
                            name="output"
                            label=text::models::price_out(l)
                            help=text::models::per_million(l)
                            value=output
                            error
                        />
                    </div>
                    <Amount
                        name="cached_input"
                        label=text::models::price_cached(l)
                        help=text::models::cached_help(l)
                        value=cached_input
                        error
                    />
                    <p class="faint small">{text::models::price_lines(l)}</p>
                })}
        </form>
    }
}

/// One amount.
#[component]
fn Amount(
    /// The line, by its name in the request.
    name: &'static str,
    /// The question.
    label: &'static str,
    /// What to know before answering.
    help: &'static str,
    /// What is written.
    value: RwSignal<String>,
    /// What the last try came back with.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <Field
            id=format!("model-price-{name}")
            label=label
            help=help
            error=at_field(error, name, text::models::price_wrong(l))
        >
            <input
                class="input input-number"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
        </Field>
    }
}
