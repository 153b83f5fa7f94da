//! The browsers that are signed in as the member.

use domain::SessionId;
use domain::people::SessionRow;
use leptos::prelude::*;
use locales::text;

use super::device::device_name;
use super::end_session;
use crate::reader::Reader;
use crate::ui::{Badge, Confirm, Listed, Skeleton, SkeletonShape, Teller, Tone, Trouble};

/// Every login of the member, to be ended one by one or all but this.
#[component]
pub(super) fn Sessions(
    /// The logins, newest first.
    sessions: Listed<Vec<SessionRow>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let asks = RwSignal::new(false);
    let teller = Teller::here();
    let end = Action::new(move |id: &Option<SessionId>| {
        let (id, teller) = (*id, teller.clone());
        async move {
            let done = if id.is_some() {
                text::account::session_ended(l)
            } else {
                text::account::others_ended(l)
            };
            teller.tell(end_session(id).await, done);
            sessions.renew();
        }
    });
    view! {
        <section class="card">
            <div class="card-head">
                <div>
                    <h2 class="card-title">{text::account::sessions(l)}</h2>
                    <p class="faint small">{text::account::sessions_intro(l)}</p>
                </div>
            </div>
            <div class="card-body">
                <Transition fallback=|| view! { <Skeleton shape=SkeletonShape::Rows count=2 /> }>
                    {move || Suspend::new(async move {
                        match sessions.await {
                            Ok(rows) => {
                                view! {
                                    <SessionList
                                        rows
                                        on_end=move |id| { end.dispatch(Some(id)); }
                                        on_end_others=move |()| asks.set(true)
                                    />
                                }
                                    .into_any()
                            }
                            Err(error) => view! { <Trouble error /> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
            <Confirm
                id="sessions-end"
                open=asks
                title=text::account::end_all_others(l)
                confirm_label=text::account::end_all_others(l)
                cancel_label=text::common::cancel(l)
                danger=true
                on_confirm=move |()| { end.dispatch(None); }
            >
                <p>{text::account::end_all_others_text(l)}</p>
            </Confirm>
        </section>
    }
}

/// The logins, this one marked.
#[component]
fn SessionList(
    /// The logins.
    rows: Vec<SessionRow>,
    /// Ends one of them.
    #[prop(into)]
    on_end: Callback<SessionId>,
    /// Asks whether all others shall end.
    #[prop(into)]
    on_end_others: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let others = rows.iter().any(|row| !row.current);
    let lines = rows
        .into_iter()
        .map(|row| view! { <SessionLine row on_end /> })
        .collect_view();
    let foot = if others {
        view! {
            <div class="form-actions">
                <button type="button" class="button" on:click=move |_| on_end_others.run(())>
                    {text::account::end_all_others(l)}
                </button>
            </div>
        }
        .into_any()
    } else {
        view! { <p class="faint small">{text::account::no_other_sessions(l)}</p> }.into_any()
    };
    view! {
        <ul class="ruled">{lines}</ul>
        {foot}
    }
}

/// One login.
#[component]
fn SessionLine(
    /// The login.
    row: SessionRow,
    /// Ends it.
    on_end: Callback<SessionId>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let id = row.id;
    let name = device_name(l, &row.agent);
    let label = format!("{}: {name}", text::account::end_session(l));
    let end = if row.current {
        view! { <Badge text=text::account::this_device(l) tone=Tone::Good /> }.into_any()
    } else {
        view! {
            <button
                type="button"
                class="button button-small"
                aria-label=label
                on:click=move |_| on_end.run(id)
            >
                {text::account::end_session(l)}
            </button>
        }
        .into_any()
    };
    view! {
        <li class="row row-apart">
            <div>
                <strong title=row.agent>{name}</strong>
                <p class="faint small">
                    {text::account::signed_in_at(l, &reader.date_time(row.created_at))} " · "
                    {text::account::last_seen(l, &reader.date_time(row.seen_at))}
                </p>
            </div>
            {end}
        </li>
    }
}
