//! The form of a connection, for adding and for changing.

use domain::AppError;
use domain::connections::ProviderKind;
use leptos::prelude::*;
use locales::text;

use super::draft::Draft;
use super::kind_name;
use crate::reader::Reader;
use crate::ui::{Field, FormTrouble, at_field, word_options};

/// The fields of a connection, as its provider kind needs them. Its submit button is outside and
/// names the form by its id.
#[component]
pub(super) fn ConnectionForm(
    /// Id of the form; its fields' ids begin with it.
    id: &'static str,
    /// The answers.
    draft: Draft,
    /// What the last try came back with.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// Whether the connection exists: its kind stays, its key may stay, and it can be switched off.
    #[prop(optional)]
    exists: bool,
    /// Runs when the form is sent.
    #[prop(into)]
    on_submit: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let kind = draft.kind;
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
            <FormTrouble error fields=&["name", "base_url", "key", "weight"] />
            {(!exists)
                .then(|| view! {
                    <Field id=format!("{id}-kind") label=text::connections::kind(l)>
                        <select
                            class="input"
                            autofocus
                            on:change:target=move |event| {
                                if let Some(kind) = ProviderKind::from_word(&event.target().value()) {
                                    draft.choose(kind);
                                }
                            }
                        >
                            {word_options(l, KINDS, kind, kind_name)}
                        </select>
                    </Field>
                    {move || (kind.get() == ProviderKind::Demo)
                        .then(|| view! { <p class="field-help">{text::connections::kind_demo_help(l)}</p> })}
                })}
            <Field
                id=format!("{id}-name")
                label=text::connections::name(l)
                help=text::connections::name_help(l)
                error=at_field(error, "name", text::connections::name_wrong(l))
            >
                <input
                    class="input"
                    type="text"
                    autofocus=exists
                    maxlength="60"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=draft.name
                    on:input:target=move |event| draft.name.set(event.target().value())
                />
            </Field>
            {move || {
                let kind = kind.get();
                (kind != ProviderKind::Demo)
                    .then(|| view! { <AddressAndKey id kind draft error exists /> })
            }}
            <Field
                id=format!("{id}-weight")
                label=text::connections::weight(l)
                help=text::connections::weight_help(l)
                error=at_field(error, "weight", text::connections::weight_wrong(l))
            >
                <input
                    class="input input-number"
                    type="number"
                    inputmode="numeric"
                    min="0"
                    max="1000"
                    step="1"
                    prop:value=draft.weight
                    on:input:target=move |event| draft.weight.set(event.target().value())
                />
            </Field>
            {exists
                .then(|| view! {
                    <label class="choice">
                        <input
                            class="switch"
                            type="checkbox"
                            role="switch"
                            prop:checked=draft.enabled
                            on:change:target=move |event| draft.enabled.set(event.target().checked())
                        />
                        <span>{text::connections::allow(l)}</span>
                    </label>
                })}
        </form>
    }
}

/// Kinds in the order an admin is likely to want them.
const KINDS: &[ProviderKind] = &[
    ProviderKind::OpenAi,
    ProviderKind::Anthropic,
    ProviderKind::Gemini,
    ProviderKind::OpenAiCompatible,
    ProviderKind::Demo,
];

/// Where the provider answers, and the key it wants.
#[component]
fn AddressAndKey(
    /// Id of the form.
    id: &'static str,
    /// The chosen kind.
    kind: ProviderKind,
    /// The answers.
    draft: Draft,
    /// What the last try came back with.
    error: Signal<Option<AppError>>,
    /// Whether the connection exists.
    exists: bool,
) -> impl IntoView {
    let l = Reader::here().locale;
    let default_url = kind.default_base_url();
    let url_help = if default_url.is_some() {
        text::connections::base_url_help(l)
    } else {
        text::connections::base_url_own_help(l)
    };
    let key_help = if exists {
        text::connections::key_kept(l)
    } else if kind.needs_key() {
        text::connections::key_help(l)
    } else {
        text::connections::key_optional_help(l)
    };
    view! {
        <Field
            id=format!("{id}-base-url")
            label=text::connections::base_url(l)
            help=url_help
            error=at_field(error, "base_url", text::fields::url(l))
        >
            <input
                class="input"
                type="url"
                inputmode="url"
                autocomplete="off"
                spellcheck="false"
                placeholder=default_url
                required=default_url.is_none()
                prop:value=draft.base_url
                on:input:target=move |event| draft.base_url.set(event.target().value())
            />
        </Field>
        <Field
            id=format!("{id}-key")
            label=text::connections::key(l)
            help=key_help
            error=at_field(error, "key", text::connections::key_wrong(l))
        >
            // Not a password field: browsers would offer to keep it for this site's sign-in.
            <input
                class="input mono"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                required=kind.needs_key() && !exists
                prop:value=draft.key
                on:input:target=move |event| draft.key.set(event.target().value())
            />
        </Field>
    }
}
