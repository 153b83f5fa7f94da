//! The dialog that adds a member.

use domain::AppError;
use domain::error::Conflict;
use domain::people::{Fault, Role};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use locales::text;

use super::role_select::RoleSelect;
use super::{OneTimeLink, invite_member};
use crate::error::{fault_words, words};
use crate::reader::Reader;
use crate::sessions::Proof;
use crate::ui::{Dialog, Field, Notice, Tone};

/// Longest display name.
const NAME_MOST: i64 = 80;

/// The dialog that adds a member.
#[component]
pub(super) fn AddMember(
    /// Open or closed.
    open: RwSignal<bool>,
    /// Gets the new member's name and link.
    #[prop(into)]
    on_added: Callback<(String, OneTimeLink)>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let busy = Proof::here().running();
    view! {
        <Dialog
            id="member-add"
            open
            title=text::members::add(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {text::common::cancel(l)}
                </button>
                <button
                    type="submit"
                    form="member-add-form"
                    class="button button-primary"
                    class:is-busy=busy
                    disabled=busy
                >
                    {text::members::add(l)}
                </button>
            }
        >
            // Drawn anew each time it opens, so that no entry is left over.
            <Show when=move || open.get()>
                <MemberForm open on_added />
            </Show>
        </Dialog>
    }
}

/// The fields of a new member.
#[component]
fn MemberForm(
    /// Closes the dialog.
    open: RwSignal<bool>,
    /// Gets the new member's name and link.
    on_added: Callback<(String, OneTimeLink)>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let proof = Proof::here();
    let name = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let role = RwSignal::new(Role::Member);
    let failure = RwSignal::new(None::<AppError>);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if proof.running().get_untracked() {
            return;
        }
        failure.set(None);
        let (name, email, role) = (
            name.get_untracked(),
            email.get_untracked(),
            role.get_untracked(),
        );
        let shown_name = name.trim().to_owned();
        proof.run(
            move || invite_member(name.clone(), email.clone(), role),
            move |answer| match answer {
                Ok(link) => {
                    open.set(false);
                    on_added.run((shown_name.clone(), link));
                }
                Err(error) => failure.set(Some(error.0)),
            },
        );
    };
    let beside = move |name: &'static str| {
        Signal::derive(move || {
            let failure = failure.read();
            let failure = failure.as_ref()?;
            (field_of(failure) == Some(name)).then(|| match failure {
                AppError::Invalid {
                    fault: Fault::TooLong,
                    ..
                } if name == "name" => text::fields::too_long(l, NAME_MOST),
                AppError::Invalid { field, fault } => fault_words(l, field, *fault),
                _ => text::fields::email_taken(l).to_owned(),
            })
        })
    };
    let above = move || {
        let failure = failure
            .get()
            .filter(|failure| field_of(failure).is_none())?;
        Some(view! { <Notice tone=Tone::Bad title=words(&reader, &failure) /> })
    };
    view! {
        <form class="form" id="member-add-form" novalidate on:submit=on_submit>
            <p class="faint">{text::members::add_text(l)}</p>
            {above}
            <Field id="member-name" label=text::members::name(l) error=beside("name")>
                <input
                    class="input"
                    type="text"
                    autocomplete="off"
                    autofocus
                    on:input:target=move |event| name.set(event.target().value())
                />
            </Field>
            <Field id="member-email" label=text::members::email(l) error=beside("email")>
                <input
                    class="input"
                    type="email"
                    autocomplete="off"
                    on:input:target=move |event| email.set(event.target().value())
                />
            </Field>
            <RoleSelect id="member-role" role />
        </form>
    }
}

/// The field a failure belongs to.
fn field_of(failure: &AppError) -> Option<&'static str> {
    match failure {
        AppError::Invalid { field, .. } if field == "name" => Some("name"),
        AppError::Invalid { field, .. } if field == "email" => Some("email"),
        AppError::Conflict {
            what: Conflict::EmailTaken,
        } => Some("email"),
        _ => None,
    }
}
