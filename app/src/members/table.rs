//! The list of members.

use std::sync::Arc;

use domain::people::MemberRow;
use leptos::prelude::*;
use locales::text;

use super::row::MemberLine;
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, Icon, IconName};

/// What can be done to a member from their line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Give another role.
    ChangeRole,
    /// Shut out.
    Disable,
    /// Let in again.
    Enable,
    /// Make a link for a new password.
    Reset,
}

/// Everybody, oldest first; whoever is alone is asked to bring others.
#[component]
pub(super) fn MemberTable(
    /// The members.
    members: Vec<MemberRow>,
    /// Opens the dialog that adds one.
    adding: RwSignal<bool>,
    /// Begins an act on a member.
    #[prop(into)]
    on_act: Callback<(Act, MemberRow)>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let alone = members.len() < 2;
    let head = vec![
        Head::text(text::members::name(l)),
        Head::text(text::members::email(l)),
        Head::text(text::members::role(l)),
        Head::text(text::common::status(l)),
        Head::text(text::common::created(l)),
        Head::actions(text::common::actions(l)),
    ];
    let members: Arc<[MemberRow]> = members.into();
    view! {
        <DataTable id="members" caption=text::members::title(l) quiet_caption=true head=head>
            {members
                .iter()
                .map(|member| view! { <MemberLine member=member.clone() on_act /> })
                .collect_view()}
        </DataTable>
        {alone
            .then(|| view! {
                <Empty
                    icon=IconName::Users
                    title=text::members::empty_title(l)
                    text=text::members::empty_text(l)
                >
                    <button
                        type="button"
                        class="button button-primary"
                        on:click=move |_| adding.set(true)
                    >
                        <Icon name=IconName::Plus />
                        {text::members::add(l)}
                    </button>
                </Empty>
            })}
    }
}
