//! The form of a new limit.

use domain::AppError;
use domain::calls::Door;
use domain::limits::{ScopeKind, Unit, WindowKind};
use leptos::prelude::*;
use locales::text;

use super::draft::Draft;
use super::subject_field::SubjectField;
use super::words::{scope_name, unit_name, window_name};
use crate::calls::door_name;
use crate::models::list_models;
use crate::reader::Reader;
use crate::ui::{Field, FormTrouble, at_field, word_options};

/// Scopes in the order of the list; groups do not exist yet.
const SCOPES: &[ScopeKind] = &[
    ScopeKind::House,
    ScopeKind::Member,
    ScopeKind::Key,
    ScopeKind::Connection,
];

/// Doors that stand open.
const DOORS: &[Door] = &[Door::Web, Door::Gateway];

/// Whose, what, how much, how strict. Its submit button is outside and names the form by its id.
#[component]
pub(super) fn LimitForm(
    /// Id of the form.
    id: &'static str,
    /// The answers.
    draft: Draft,
    /// What the last try came back with.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// Runs when the form is sent.
    #[prop(into)]
    on_submit: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let windows = move || {
        let money = draft.unit.get() == Unit::Money;
        let windows = WindowKind::ALL.iter().copied();
        let windows: Vec<WindowKind> = windows
            .filter(|window| !(money && *window == WindowKind::Minute))
            .collect();
        word_options(l, &windows, draft.window, window_name)
    };
    view! {
        <form
            class="form"
            id=id
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
        >
            <FormTrouble error fields=&["scope_id", "ceiling"] />
            <Field id="limit-scope" label=text::limits::scope(l)>
                <select
                    class="input"
                    autofocus
                    on:change:target=move |event| {
                        if let Some(scope) = ScopeKind::from_word(&event.target().value()) {
                            draft.choose_scope(scope);
                        }
                    }
                >
                    {word_options(l, SCOPES, draft.scope, scope_name)}
                </select>
            </Field>
            <SubjectField draft error />
            <div class="form-pair">
                <Field id="limit-unit" label=text::limits::unit(l)>
                    <select
                        class="input"
                        on:change:target=move |event| {
                            if let Some(unit) = Unit::from_word(&event.target().value()) {
                                draft.choose_unit(unit);
                            }
                        }
                    >
                        {word_options(l, Unit::ALL, draft.unit, unit_name)}
                    </select>
                </Field>
                <Field id="limit-window" label=text::limits::window(l)>
                    <select
                        class="input"
                        on:change:target=move |event| {
                            if let Some(window) = WindowKind::from_word(&event.target().value()) {
                                draft.window.set(window);
                            }
                        }
                    >
                        {windows}
                    </select>
                </Field>
            </div>
            {move || view! { <CeilingField unit=draft.unit.get() draft error /> }}
            <Restriction draft />
            <Strictness hard=draft.hard />
        </form>
    }
}

/// The ceiling, in the unit.
#[component]
fn CeilingField(
    /// What is counted.
    unit: Unit,
    /// The answers.
    draft: Draft,
    /// What the last try came back with.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let (help, wrong, mode) = if unit == Unit::Money {
        (
            text::limits::ceiling_money_help(l),
            text::limits::ceiling_money_wrong(l),
            "decimal",
        )
    } else {
        (
            text::limits::ceiling_whole_help(l),
            text::limits::ceiling_whole_wrong(l),
            "numeric",
        )
    };
    view! {
        <Field
            id="limit-ceiling"
            label=text::limits::ceiling(l)
            help=help
            error=at_field(error, "ceiling", wrong)
        >
            <input
                class="input input-number"
                type="text"
                inputmode=mode
                autocomplete="off"
                prop:value=draft.ceiling
                on:input:target=move |event| draft.ceiling.set(event.target().value())
            />
        </Field>
    }
}

/// Only one door, only one model.
#[component]
fn Restriction(
    /// The answers.
    draft: Draft,
) -> impl IntoView {
    let l = Reader::here().locale;
    let models = Resource::new(|| (), |()| list_models());
    view! {
        <div class="form-pair">
            <Field id="limit-door" label=text::calls::door(l) optional=text::common::optional(l)>
                <select
                    class="input"
                    on:change:target=move |event| {
                        draft.door.set(Door::from_word(&event.target().value()));
                    }
                >
                    <option value="">{text::limits::any_door(l)}</option>
                    {DOORS
                        .iter()
                        .map(|door| view! { <option value=door.word()>{door_name(l, *door)}</option> })
                        .collect_view()}
                </select>
            </Field>
            <Field
                id="limit-model"
                label=text::models::model(l)
                optional=text::common::optional(l)
                help=text::limits::model_help(l)
            >
                <input
                    class="input"
                    type="text"
                    list="limit-models"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=text::limits::any_model(l)
                    prop:value=draft.model
                    on:input:target=move |event| draft.model.set(event.target().value())
                />
            </Field>
        </div>
        <datalist id="limit-models">
            <Suspense>
                {move || Suspend::new(async move {
                    // Only a help for typing: without it any name can still be written.
                    models
                        .await
                        .unwrap_or_default()
                        .into_iter()
                        .map(|model| view! { <option value=model.id></option> })
                        .collect_view()
                })}
            </Suspense>
        </datalist>
    }
}

/// Refuse, or only warn.
#[component]
fn Strictness(
    /// Whether it refuses.
    hard: RwSignal<bool>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let choice = move |value: bool, label: &'static str, help: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="limit-strictness"
                    prop:checked=move || hard.get() == value
                    on:change=move |_| hard.set(value)
                />
                <span>{label}</span>
                <span class="field-help">{help}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="field-label">{text::limits::kind(l)}</legend>
            {choice(true, text::limits::hard(l), text::limits::hard_help(l))}
            {choice(false, text::limits::soft(l), text::limits::soft_help(l))}
        </fieldset>
    }
}
