//! What is asked before a member is shut out or their password is taken back.

use domain::people::{MemberRow, MemberStatus};
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::Confirm;

/// Asks before a member is shut out.
#[component]
pub(super) fn ConfirmDisable(
    /// Open or closed.
    open: RwSignal<bool>,
    /// Whom it is about.
    #[prop(into)]
    member: Signal<Option<MemberRow>>,
    /// Runs when it is meant.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let title = move || text::members::disable_title(l, &name_of(member));
    view! {
        <Confirm
            id="member-disable"
            open
            title
            confirm_label=text::members::disable(l)
            cancel_label=text::common::cancel(l)
            danger=true
            on_confirm
        >
            <p>{text::members::disable_text(l)}</p>
        </Confirm>
    }
}

/// Asks before a member's password is taken back, or an invitation replaced.
#[component]
pub(super) fn ConfirmReset(
    /// Open or closed.
    open: RwSignal<bool>,
    /// Whom it is about.
    #[prop(into)]
    member: Signal<Option<MemberRow>>,
    /// Runs when it is meant.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let invited = move || {
        let member = member.read();
        member
            .as_ref()
            .is_some_and(|member| member.status == MemberStatus::Invited)
    };
    let title = move || {
        if invited() {
            text::members::new_link(l).to_owned()
        } else {
            text::members::reset_title(l, &name_of(member))
        }
    };
    view! {
        <Confirm
            id="member-reset"
            open
            title
            confirm_label=text::members::new_link(l)
            cancel_label=text::common::cancel(l)
            on_confirm
        >
            <p>{text::members::reset_text(l)}</p>
        </Confirm>
    }
}

fn name_of(member: Signal<Option<MemberRow>>) -> String {
    let member = member.read();
    member
        .as_ref()
        .map_or_else(String::new, |member| member.name.clone())
}
