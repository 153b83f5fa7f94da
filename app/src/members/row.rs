//! One line of the list of members.

use domain::people::{MemberRow, MemberStatus};
use leptos::prelude::*;
use locales::text;

use super::role_words;
use super::table::Act;
use crate::reader::Reader;
use crate::ui::{Badge, Icon, IconName, Menu, Tone};

/// A member, with a menu of what the reader may do to them.
#[component]
pub(super) fn MemberLine(
    /// The member.
    member: MemberRow,
    /// Begins an act.
    on_act: Callback<(Act, MemberRow)>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let is_me = member.id == reader.facts.me.id;
    let (word, tone) = match member.status {
        MemberStatus::Active => (text::members::active(l), Tone::Good),
        MemberStatus::Invited => (text::members::invited(l), Tone::Brass),
        MemberStatus::Disabled => (text::members::disabled(l), Tone::Neutral),
    };
    let menu = member.may_act.then({
        let member = member.clone();
        move || view! { <MemberMenu member on_act /> }
    });
    view! {
        <tr>
            <th scope="row">
                <span class="row">
                    {member.name}
                    {is_me.then(|| view! { <Badge text=text::members::you(l) tone=Tone::Brass /> })}
                </span>
            </th>
            <td data-label=text::members::email(l)>{member.email}</td>
            <td data-label=text::members::role(l)>{role_words(l, member.role)}</td>
            <td data-label=text::common::status(l)>
                <Badge text=word tone />
            </td>
            <td data-label=text::common::created(l)>{reader.date(member.created_at)}</td>
            <td class="table-actions">{menu}</td>
        </tr>
    }
}

/// What the reader may do to a member.
#[component]
fn MemberMenu(
    /// The member.
    member: MemberRow,
    /// Begins an act.
    on_act: Callback<(Act, MemberRow)>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let change_role = (
        Act::ChangeRole,
        IconName::Sliders,
        text::members::change_role(l),
    );
    let acts = match member.status {
        MemberStatus::Active => vec![
            change_role,
            (Act::Reset, IconName::Key, text::members::reset_password(l)),
            (Act::Disable, IconName::Stop, text::members::disable(l)),
        ],
        MemberStatus::Invited => vec![
            change_role,
            (Act::Reset, IconName::Link, text::members::new_link(l)),
            (Act::Disable, IconName::Stop, text::members::disable(l)),
        ],
        MemberStatus::Disabled => vec![
            change_role,
            (Act::Enable, IconName::Play, text::members::enable(l)),
        ],
    };
    let id = format!("member-{}", member.id);
    let label = text::members::actions_for(l, &member.name);
    let items = acts
        .into_iter()
        .map(|(act, icon, words)| {
            let member = member.clone();
            let class = if act == Act::Disable {
                "menu-item tone-bad"
            } else {
                "menu-item"
            };
            view! {
                <button
                    type="button"
                    class=class
                    on:click=move |_| on_act.run((act, member.clone()))
                >
                    <Icon name=icon />
                    <span>{words}</span>
                </button>
            }
        })
        .collect_view();
    view! {
        <Menu id label face=|| view! { <Icon name=IconName::More /> }>
            {items}
        </Menu>
    }
}
