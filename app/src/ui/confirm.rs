//! "Are you sure?", asked properly.

use leptos::{prelude::*, text_prop::TextProp};

use super::{Dialog, Field};

/// The name somebody must type before a thing is gone for good.
#[derive(Clone)]
pub struct TypedName {
    /// What must be typed, letter by letter; spaces around it do not count.
    pub name: Signal<String>,
    /// The request to type it.
    pub label: TextProp,
}

/// A dialog that says what will happen, with a way back and a way on.
#[component]
pub fn Confirm(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Open or closed. Confirming closes it too.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: TextProp,
    /// The word on the button that does it: the act itself, not "OK".
    #[prop(into)]
    confirm_label: TextProp,
    /// The word on the button that leaves things as they are.
    #[prop(into)]
    cancel_label: TextProp,
    /// Red button, for what cannot be undone.
    #[prop(optional)]
    danger: bool,
    /// Name to type first; without it the button is ready at once.
    #[prop(optional)]
    typed: Option<TypedName>,
    /// Runs once for each confirmation.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What will happen, in plain words.
    children: Children,
) -> impl IntoView {
    let written = RwSignal::new(String::new());
    let wanted = typed.as_ref().map(|typed| typed.name);
    let ready = move || wanted.is_none_or(|name| written.read().trim() == name.read().trim());
    let confirm_class = if danger {
        "button button-danger"
    } else {
        "button button-primary"
    };
    let close_label = cancel_label.clone();
    let input_id = format!("{id}-typed");

    Effect::new(move || {
        if !open.get() {
            written.set(String::new());
        }
    });

    let foot = move || {
        let cancel_label = cancel_label.clone();
        let confirm_label = confirm_label.clone();
        view! {
            <button type="button" class="button" autofocus=wanted.is_none() on:click=move |_| open.set(false)>
                {move || cancel_label.get()}
            </button>
            <button
                type="button"
                class=confirm_class
                disabled=move || !ready()
                on:click=move |_| {
                    open.set(false);
                    on_confirm.run(());
                }
            >
                {move || confirm_label.get()}
            </button>
        }
    };

    view! {
        <Dialog id=id open=open title=title close_label=close_label foot=foot>
            <div class="stack">{children()}</div>
            {typed
                .map(|typed| {
                    view! {
                        <Field id=input_id label=typed.label>
                            <input
                                class="input"
                                type="text"
                                autofocus
                                autocomplete="off"
                                autocapitalize="off"
                                spellcheck="false"
                                prop:value=written
                                on:input:target=move |event| written.set(event.target().value())
                            />
                        </Field>
                    }
                })}
        </Dialog>
    }
    .into_any()
}
