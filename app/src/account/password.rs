//! Changing one's own password.

use domain::AppError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use locales::text;

use super::change_password;
use crate::error::words;
use crate::reader::Reader;
use crate::ui::{Field, Notice, Teller, Tone};

/// What is wrong, by the field it belongs to.
#[derive(Clone)]
enum Wrong {
    Current(String),
    New(String),
    Repeated(String),
    Other(String),
}

/// The form that changes the member's password.
#[component]
pub(super) fn ChangePassword(
    /// Runs when it was changed.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let email = reader.facts.me.email.clone();
    let teller = Teller::here();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let repeated = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Wrong>);
    let change = Action::new(move |(old, chosen): &(String, String)| {
        let (old, chosen) = (old.clone(), chosen.clone());
        let (reader, teller) = (reader.clone(), teller.clone());
        async move {
            match change_password(old, chosen).await {
                Ok(()) => {
                    for field in [current, new, repeated] {
                        field.set(String::new());
                    }
                    teller.tell(Ok(()), text::account::password_changed(l));
                    on_changed.run(());
                }
                Err(error) => {
                    let said = words(&reader, &error.0);
                    wrong.set(Some(match error.0 {
                        AppError::WrongCredentials => {
                            Wrong::Current(text::account::wrong_current_password(l).to_owned())
                        }
                        AppError::Invalid { .. } => Wrong::New(said),
                        _ => Wrong::Other(said),
                    }));
                }
            }
        }
    });
    let busy = change.pending();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let (old, chosen) = (current.get_untracked(), new.get_untracked());
        wrong.set(None);
        if chosen == repeated.get_untracked() {
            change.dispatch((old, chosen));
        } else {
            let said = text::fields::passwords_differ(l).to_owned();
            wrong.set(Some(Wrong::Repeated(said)));
        }
    };
    let least = i64::try_from(domain::people::PASSWORD_LEAST).unwrap_or(i64::MAX);
    view! {
        <section class="card">
            <div class="card-head">
                <h2 class="card-title">{text::account::change_password(l)}</h2>
            </div>
            <form class="form card-body" on:submit=on_submit>
                {move || match wrong.get() {
                    Some(Wrong::Other(said)) => {
                        Some(view! { <Notice tone=Tone::Bad title=said /> })
                    }
                    _ => None,
                }}
                // Tells password managers whose password is changed.
                <input type="text" name="username" autocomplete="username" value=email hidden />
                <Field
                    id="current-password"
                    label=text::account::current_password(l)
                    error=Signal::derive(move || match wrong.get() {
                        Some(Wrong::Current(said)) => Some(said),
                        _ => None,
                    })
                >
                    <input
                        class="input"
                        type="password"
                        autocomplete="current-password"
                        required
                        prop:value=current
                        on:input:target=move |event| current.set(event.target().value())
                    />
                </Field>
                <Field
                    id="new-password"
                    label=text::account::new_password(l)
                    help=text::setup::password_help(l, least)
                    error=Signal::derive(move || match wrong.get() {
                        Some(Wrong::New(said)) => Some(said),
                        _ => None,
                    })
                >
                    <input
                        class="input"
                        type="password"
                        autocomplete="new-password"
                        minlength=domain::people::PASSWORD_LEAST.to_string()
                        required
                        prop:value=new
                        on:input:target=move |event| new.set(event.target().value())
                    />
                </Field>
                <Field
                    id="repeated-password"
                    label=text::account::repeat_password(l)
                    error=Signal::derive(move || match wrong.get() {
                        Some(Wrong::Repeated(said)) => Some(said),
                        _ => None,
                    })
                >
                    <input
                        class="input"
                        type="password"
                        autocomplete="new-password"
                        required
                        prop:value=repeated
                        on:input:target=move |event| repeated.set(event.target().value())
                    />
                </Field>
                <div class="form-actions">
                    <button
                        type="submit"
                        class="button button-primary"
                        class:is-busy=busy
                        disabled=busy
                    >
                        {text::account::change_password(l)}
                    </button>
                </div>
            </form>
        </section>
    }
}
