//! The members page.

use domain::people::MemberRow;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::add::AddMember;
use super::confirmations::{ConfirmDisable, ConfirmReset};
use super::link::LinkDialog;
use super::role::ChangeRole;
use super::table::{Act, MemberTable};
use super::{OneTimeLink, load_members, reset_member, set_member_enabled};
use crate::error::words;
use crate::reader::Reader;
use crate::sessions::{Proof, StepUp};
use crate::ui::{
    Icon, IconName, Listed, PageHead, Skeleton, SkeletonShape, Teller, Toasts, Tone, Trouble,
    open_when_asked,
};

/// The people of the house: added, re-roled, shut out, and given new one-time links.
#[component]
pub fn MembersPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let proof = Proof::provide();
    let members = Listed::new_blocking(|| (), |()| load_members());
    let adding = RwSignal::new(false);
    if administers {
        open_when_asked(adding);
    }
    let link = RwSignal::new(None::<(String, OneTimeLink)>);
    // Whom a dialog is about; kept while it closes, so that its words stay.
    let subject = RwSignal::new(None::<MemberRow>);
    let (changing, disabling, resetting) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(false),
    );

    let teller = Teller::here();
    let enable = move |member: &MemberRow, enabled: bool| {
        let (id, teller) = (member.id, teller.clone());
        let done = if enabled {
            text::members::enable_done(l)
        } else {
            text::members::disable_done(l)
        };
        proof.run(
            move || set_member_enabled(id, enabled),
            move |answer| {
                teller.tell(answer, done);
                members.renew();
            },
        );
    };
    let toasts = expect_context::<Toasts>();
    let reset = move |member: MemberRow| {
        let (id, name, reader) = (member.id, member.name, reader.clone());
        proof.run(
            move || reset_member(id),
            move |answer| {
                match answer {
                    Ok(made) => link.set(Some((name.clone(), made))),
                    Err(error) => toasts.push(Tone::Bad, words(&reader, &error.0)),
                }
                members.renew();
            },
        );
    };
    let enable =
        Callback::new(move |(member, enabled): (MemberRow, bool)| enable(&member, enabled));
    let on_act = move |(act, member): (Act, MemberRow)| {
        if act == Act::Enable {
            enable.run((member, true));
            return;
        }
        subject.set(Some(member));
        match act {
            Act::ChangeRole => changing.set(true),
            Act::Disable => disabling.set(true),
            Act::Reset => resetting.set(true),
            Act::Enable => {}
        }
    };

    view! {
        <Title text=text::members::title(l) />
        <div class="page">
            <PageHead title=text::members::title(l) lead=text::members::intro(l)>
                {administers
                    .then(|| view! {
                        <button
                            type="button"
                            class="button button-primary"
                            on:click=move |_| adding.set(true)
                        >
                            <Icon name=IconName::Plus />
                            {text::members::add(l)}
                        </button>
                    })}
            </PageHead>
            <Transition fallback=|| view! { <Skeleton shape=SkeletonShape::Rows count=4 /> }>
                {move || Suspend::new(async move {
                    match members.await {
                        Ok(members) => view! { <MemberTable members adding on_act /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
            <AddMember
                open=adding
                on_added=move |added| {
                    link.set(Some(added));
                    members.renew();
                }
            />
            <ChangeRole
                open=changing
                member=subject
                on_changed=move |()| { members.renew(); }
            />
            <ConfirmDisable
                open=disabling
                member=subject
                on_confirm=move |()| {
                    if let Some(member) = subject.get_untracked() {
                        enable.run((member, false));
                    }
                }
            />
            <ConfirmReset
                open=resetting
                member=subject
                on_confirm=move |()| {
                    if let Some(member) = subject.get_untracked() {
                        reset(member);
                    }
                }
            />
            <LinkDialog link />
            <StepUp />
        </div>
    }
}
