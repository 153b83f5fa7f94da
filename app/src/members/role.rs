//! The dialog that gives a member another role.

use domain::people::{MemberRow, Role};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use locales::text;

use super::role_select::RoleSelect;
use super::set_member_role;
use crate::error::words;
use crate::reader::Reader;
use crate::sessions::Proof;
use crate::ui::{Dialog, Teller};

/// The dialog that gives a member another role.
#[component]
pub(super) fn ChangeRole(
    /// Open or closed.
    open: RwSignal<bool>,
    /// Whose role it is.
    #[prop(into)]
    member: Signal<Option<MemberRow>>,
    /// Runs when the role was changed.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let busy = Proof::here().running();
    view! {
        <Dialog
            id="member-role-change"
            open
            title=text::members::change_role(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {text::common::cancel(l)}
                </button>
                <button
                    type="submit"
                    form="member-role-form"
                    class="button button-primary"
                    class:is-busy=busy
                    disabled=busy
                >
                    {text::members::change_role(l)}
                </button>
            }
        >
            {move || {
                member.get()
                    .filter(|_| open.get())
                    .map(|member| view! { <RoleForm open member on_changed /> })
            }}
        </Dialog>
    }
}

/// The choice itself.
#[component]
fn RoleForm(
    /// Closes the dialog.
    open: RwSignal<bool>,
    /// Whose role it is.
    member: MemberRow,
    /// Runs when the role was changed.
    on_changed: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let proof = Proof::here();
    let teller = Teller::here();
    let role = RwSignal::new(member.role);
    let error = RwSignal::new(None);
    let id = member.id;
    let change = move |role: Role| {
        let (reader, teller) = (reader.clone(), teller.clone());
        proof.run(
            move || set_member_role(id, role),
            move |answer| match answer {
                Ok(()) => {
                    open.set(false);
                    teller.tell(Ok(()), text::members::role_changed(l));
                    on_changed.run(());
                }
                Err(wrong) => error.set(Some(words(&reader, &wrong.0))),
            },
        );
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !proof.running().get_untracked() {
            error.set(None);
            change(role.get_untracked());
        }
    };
    view! {
        <form class="form" id="member-role-form" on:submit=on_submit>
            <p>{text::members::role_text(l, &member.name)}</p>
            <RoleSelect id="member-new-role" role error autofocus=true />
        </form>
    }
}
