//! The dialog that makes a key.

use domain::AppError;
use domain::keys::{MadeKey, NewKey};
use domain::limits::WindowKind;
use domain::models::ModelChoice;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use locales::{Locale, text};

use super::create_key;
use super::draft::{Draft, Mistake, mistake_words};
use super::models::ModelScope;
use crate::error::{Answer, words};
use crate::reader::Reader;
use crate::sessions::Proof;
use crate::ui::{Dialog, Field, Notice, Tone};

/// Days a key may live.
const LIVES: [i32; 4] = [7, 30, 90, 365];

/// The dialog that makes a key.
#[component]
pub(super) fn CreateKey(
    /// Open or closed.
    open: RwSignal<bool>,
    /// Models a key can be narrowed to.
    models: Resource<Answer<Vec<ModelChoice>>>,
    /// Gets the key that was made.
    #[prop(into)]
    on_made: Callback<MadeKey>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let busy = Proof::here().running();
    view! {
        <Dialog
            id="key-create"
            open
            title=text::keys::create(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {text::common::cancel(l)}
                </button>
                <button
                    type="submit"
                    form="key-create-form"
                    class="button button-primary"
                    class:is-busy=busy
                    disabled=busy
                >
                    {text::keys::create(l)}
                </button>
            }
        >
            // Drawn anew each time it opens, so that no entry is left over.
            <Show when=move || open.get()>
                <KeyForm open models on_made />
            </Show>
        </Dialog>
    }
}

/// The fields of a new key.
#[component]
fn KeyForm(
    /// Closes the dialog.
    open: RwSignal<bool>,
    /// Models the key can be narrowed to.
    models: Resource<Answer<Vec<ModelChoice>>>,
    /// Gets the key that was made.
    on_made: Callback<MadeKey>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let draft = RwSignal::new(Draft::default());
    let mistakes = RwSignal::new(Vec::<Mistake>::new());
    let failure = RwSignal::new(None::<String>);
    let proof = Proof::here();
    let create = move |new: NewKey| {
        let reader = reader.clone();
        let told = move |answer: Answer<MadeKey>| match answer.map_err(|error| error.0) {
            Ok(made) => {
                open.set(false);
                on_made.run(made);
            }
            Err(AppError::Invalid { field, fault }) => mistakes.set(vec![(field, fault)]),
            Err(other) => failure.set(Some(words(&reader, &other))),
        };
        proof.run(move || create_key(new.clone()), told);
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if proof.running().get_untracked() {
            return;
        }
        failure.set(None);
        match draft.read_untracked().read() {
            Ok(new) => {
                mistakes.set(Vec::new());
                create(new);
            }
            Err(found) => mistakes.set(found),
        }
    };
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let mistakes = mistakes.read();
            let (field, fault) = mistakes.iter().find(|(field, _)| field == name)?;
            Some(mistake_words(l, field, *fault))
        })
    };
    view! {
        <form class="form" id="key-create-form" novalidate on:submit=on_submit>
            {move || failure.get().map(|words| view! { <Notice tone=Tone::Bad title=words /> })}
            <Field
                id="key-name"
                label=text::keys::name(l)
                help=text::keys::name_help(l)
                error=error("name")
            >
                <input
                    class="input"
                    type="text"
                    autocomplete="off"
                    autofocus
                    on:input:target=move |event| draft.write().name = event.target().value()
                />
            </Field>
            <Suspense>
                {move || Suspend::new(async move {
                    let models = models.await.unwrap_or_default();
                    view! { <ModelScope draft models error=error("models") /> }
                })}
            </Suspense>
            <div class="form-pair">
                <Field
                    id="key-budget"
                    label=text::keys::budget(l)
                    help=text::keys::budget_help(l)
                    error=error("budget")
                >
                    <input
                        class="input input-number"
                        type="text"
                        inputmode="decimal"
                        placeholder=text::common::unlimited(l)
                        autocomplete="off"
                        on:input:target=move |event| draft.write().budget = event.target().value()
                    />
                </Field>
                <Field id="key-window" label=text::keys::window(l)>
                    <select
                        class="input"
                        on:change:target=move |event| {
                            if let Some(window) = WindowKind::from_word(&event.target().value()) {
                                draft.write().window = window;
                            }
                        }
                    >
                        {window_options(l)}
                    </select>
                </Field>
                <Field
                    id="key-requests"
                    label=text::keys::requests_per_minute(l)
                    error=error("requests_per_minute")
                >
                    <input
                        class="input input-number"
                        type="text"
                        inputmode="numeric"
                        placeholder=text::common::unlimited(l)
                        autocomplete="off"
                        on:input:target=move |event| draft.write().requests = event.target().value()
                    />
                </Field>
                <Field
                    id="key-tokens"
                    label=text::keys::tokens_per_minute(l)
                    error=error("tokens_per_minute")
                >
                    <input
                        class="input input-number"
                        type="text"
                        inputmode="numeric"
                        placeholder=text::common::unlimited(l)
                        autocomplete="off"
                        on:input:target=move |event| draft.write().tokens = event.target().value()
                    />
                </Field>
            </div>
            <Field id="key-expiry" label=text::keys::expiry(l) error=error("expires_in_days")>
                <select
                    class="input"
                    // "Never" has an empty value, which is no number of days.
                    on:change:target=move |event| draft.write().days = event.target().value().parse().ok()
                >
                    {expiry_options(l)}
                </select>
            </Field>
        </form>
    }
}

fn window_options(l: Locale) -> impl IntoView {
    let chosen = Draft::default().window;
    [
        (WindowKind::Day, text::keys::window_day(l)),
        (WindowKind::Month, text::keys::window_month(l)),
        (WindowKind::Total, text::keys::window_total(l)),
    ]
    .map(|(window, words)| {
        view! { <option value=window.word() selected=window == chosen>{words}</option> }
    })
    .into_iter()
    .collect_view()
}

fn expiry_options(l: Locale) -> impl IntoView {
    let chosen = Draft::default().days;
    let days = LIVES.map(|days| {
        view! {
            <option value=days.to_string() selected=chosen == Some(days)>
                {text::keys::expiry_days(l, i64::from(days))}
            </option>
        }
    });
    view! {
        {days.into_iter().collect_view()}
        <option value="" selected=chosen.is_none()>
            {text::keys::expiry_never(l)}
        </option>
    }
}
