//! The account page.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::kept::KeptChats;
use super::load_sessions;
use super::look::Appearance;
use super::password::ChangePassword;
use super::sessions::Sessions;
use crate::members::role_words;
use crate::reader::Reader;
use crate::ui::{Listed, PageHead};

/// The member's own facts, password, what this device keeps, and logins.
#[component]
pub fn AccountPage() -> impl IntoView {
    let l = Reader::here().locale;
    let sessions = Listed::new(|| (), |()| load_sessions());
    view! {
        <Title text=text::account::title(l) />
        <div class="page page-narrow">
            <PageHead title=text::account::title(l) />
            <Profile />
            <ChangePassword on_changed=move |()| { sessions.renew(); } />
            <Appearance />
            <KeptChats />
            // Last, because nobody knows how long it is before it is here.
            <Sessions sessions />
        </div>
    }
}

/// Who the member is in this house.
#[component]
fn Profile() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let me = reader.facts.me;
    view! {
        <section class="card">
            <div class="card-head">
                <h2 class="card-title">{text::account::profile(l)}</h2>
            </div>
            <dl class="facts card-body">
                <div>
                    <dt>{text::account::display_name(l)}</dt>
                    <dd>{me.name}</dd>
                </div>
                <div>
                    <dt>{text::account::email(l)}</dt>
                    <dd>{me.email.unwrap_or_else(|| text::common::none(l).to_owned())}</dd>
                </div>
                <div>
                    <dt>{text::account::role(l)}</dt>
                    <dd>{role_words(l, me.role)}</dd>
                </div>
            </dl>
        </section>
    }
}
