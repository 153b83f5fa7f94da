//! Which models a key may use.

use domain::models::ModelChoice;
use leptos::prelude::*;
use locales::text;

use super::draft::Draft;
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// All models, or a list to choose from.
#[component]
pub(super) fn ModelScope(
    /// The key being written down.
    draft: RwSignal<Draft>,
    /// The models there are.
    models: Vec<ModelChoice>,
    /// What is wrong with the choice.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let narrowed = move || draft.read().narrowed;
    let none = models.is_empty();
    let boxes = models
        .into_iter()
        .map(|model| view! { <ModelBox draft model /> })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby="key-models-error">
            <legend class="field-label">{text::keys::models(l)}</legend>
            <label class="choice">
                <input
                    type="radio"
                    name="key-models"
                    prop:checked=move || !narrowed()
                    on:change=move |_| draft.write().narrowed = false
                />
                <span>{text::keys::models_all(l)}</span>
            </label>
            <label class="choice">
                <input
                    type="radio"
                    name="key-models"
                    prop:checked=narrowed
                    on:change=move |_| draft.write().narrowed = true
                />
                <span>{text::keys::models_some(l)}</span>
            </label>
            <div class="choices" hidden=move || !narrowed()>
                {none.then(|| view! { <p class="field-help">{text::keys::no_models(l)}</p> })}
                {boxes}
            </div>
            <div class="field-error" id="key-models-error" aria-live="polite">
                {move || {
                    error
                        .get()
                        .map(|words| view! { <Icon name=IconName::Warning /><span>{words}</span> })
                }}
            </div>
        </fieldset>
    }
}

/// One model that can be ticked.
#[component]
fn ModelBox(
    /// The key being written down.
    draft: RwSignal<Draft>,
    /// The model.
    model: ModelChoice,
) -> impl IntoView {
    let ModelChoice { id, label, .. } = model;
    let ticked = id.clone();
    let shown = (id != label).then(|| view! { <span class="field-help mono">{id.clone()}</span> });
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=move || draft.read().models.contains(&ticked)
                on:change:target=move |event| {
                    let mut draft = draft.write();
                    if event.target().checked() {
                        draft.models.insert(id.clone());
                    } else {
                        draft.models.remove(&id);
                    }
                }
            />
            <span>{label}</span>
            {shown}
        </label>
    }
}
