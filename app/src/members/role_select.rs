//! Choosing a role.

use domain::people::Role;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::reader::Reader;
use crate::ui::Field;

/// A role by name.
pub fn role_words(l: Locale, role: Role) -> &'static str {
    match role {
        Role::Member => text::roles::member(l),
        Role::Admin => text::roles::admin(l),
        Role::Owner => text::roles::owner(l),
    }
}

fn role_help(l: Locale, role: Role) -> &'static str {
    match role {
        Role::Member => text::roles::member_help(l),
        Role::Admin => text::roles::admin_help(l),
        Role::Owner => text::roles::owner_help(l),
    }
}

/// The roles the reader may give, with a line on what the chosen one may do.
#[component]
pub(super) fn RoleSelect(
    /// Id of the control.
    id: &'static str,
    /// The choice. What it holds while drawing is chosen at first.
    role: RwSignal<Role>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Takes the keyboard first.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let first = role.get_untracked();
    let options = Role::ALL
        .iter()
        .copied()
        .filter(|role| reader.facts.me.role.may_act_on(*role))
        .map(|role| {
            view! {
                <option value=role.word() selected=role == first>
                    {role_words(l, role)}
                </option>
            }
        })
        .collect_view();
    view! {
        <Field
            id
            label=text::members::role(l)
            help=Signal::derive(move || role_help(l, role.get()).to_owned())
            error
        >
            <select
                class="input"
                autofocus=autofocus
                on:change:target=move |event| {
                    if let Some(chosen) = Role::from_word(&event.target().value()) {
                        role.set(chosen);
                    }
                }
            >
                {options}
            </select>
        </Field>
    }
}
