//! One question of a form.

use leptos::{attr, prelude::*, tachys::view::add_attr::AddAnyAttr, text_prop::TextProp};

use super::{Icon, IconName};

/// A label, its control, a line of help and, when something is wrong, a line that says what.
///
/// The control gets `id`, `aria-describedby` and `aria-invalid` from here.
#[component]
pub fn Field<C>(
    /// Id of the control; help and error lines are `{id}-help` and `{id}-error`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What to know before answering.
    #[prop(optional, into)]
    help: Option<TextProp>,
    /// What is wrong and how to mend it; `None` while all is well.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The word for "optional", shown after the label.
    #[prop(optional, into)]
    optional: Option<TextProp>,
    /// Exactly one element: the `input`, `select` or `textarea` itself.
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: AddAnyAttr + RenderHtml + Send + 'static,
{
    let help_id = format!("{id}-help");
    let error_id = format!("{id}-error");
    let described_by = if help.is_some() {
        format!("{help_id} {error_id}")
    } else {
        error_id.clone()
    };
    let control = children.into_inner()()
        .add_any_attr(attr::id(id.clone()))
        .add_any_attr(attr::aria_describedby(described_by))
        .add_any_attr(attr::aria_invalid(move || {
            error.read().is_some().then_some("true")
        }));

    view! {
        <div class="field">
            <label class="field-label" for=id>
                {move || label.get()}
                {optional
                    .map(|word| view! { <span class="field-optional">" "{move || word.get()}</span> })}
            </label>
            {control}
            {help.map(|help| view! { <p class="field-help" id=help_id>{move || help.get()}</p> })}
            <div class="field-error" id=error_id aria-live="polite">
                {move || {
                    error.get().map(|text| view! { <Icon name=IconName::Warning /><span>{text}</span> })
                }}
            </div>
        </div>
    }
    .into_any()
}
