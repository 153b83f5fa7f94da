//! What the reader may go on with: their last chats, and how the connections are doing.

use domain::chats::ChatRow;
use domain::connections::{ConnectionRow, Health};
use leptos::prelude::*;
use locales::text;

use crate::chats::list_chats;
use crate::connections::{HealthWords, list_connections};
use crate::reader::Reader;
use crate::ui::{Skeleton, Trouble};

/// Lines in each list.
const MOST: usize = 5;

/// A list beside others: a ruled heading, with a link to all of it.
#[component]
pub(super) fn Ruled(
    /// Unique in the page.
    id: &'static str,
    /// The heading.
    title: &'static str,
    /// Where all of it stands.
    #[prop(optional)]
    href: Option<&'static str>,
    /// The lines.
    children: Children,
) -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <section class="section" aria-labelledby=id>
            <div class="section-head ruled">
                <h2 class="section-title" id=id>{title}</h2>
                {href
                    .map(|href| view! {
                        <a
                            class="small"
                            href=href
                            aria-label=format!("{}: {title}", text::home::show_all(l))
                        >
                            {text::home::show_all(l)}
                        </a>
                    })}
            </div>
            {children()}
        </section>
    }
    .into_any()
}

/// The chats that were changed last.
#[component]
pub(super) fn Chats() -> impl IntoView {
    let l = Reader::here().locale;
    let chats = Resource::new(
        || (),
        |()| async {
            let list = list_chats(None).await?;
            Ok(list.page.rows.into_iter().take(MOST).collect::<Vec<_>>())
        },
    );
    view! {
        <Ruled id="home-chats" title=text::palette::recent(l)>
            <Transition fallback=|| view! { <Skeleton count=4 /> }>
                {move || Suspend::new(async move {
                    match chats.await {
                        Ok(rows) => view! { <ChatLines rows /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </Ruled>
    }
}

#[component]
fn ChatLines(
    /// The chats.
    rows: Vec<ChatRow>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    if rows.is_empty() {
        return view! {
            <p class="faint">{text::home::chats_none(l)}</p>
            <p><a class="button button-small" href="/">{text::nav::new_chat(l)}</a></p>
        }
        .into_any();
    }
    let lines = rows
        .into_iter()
        .map(|row| {
            let title = row.title.unwrap_or_else(|| text::chat::untitled(l).to_owned());
            view! {
                <li class="line">
                    <a class="line-name cut" href=format!("/chats/{}", row.id) dir="auto">{title}</a>
                    <span class="line-note">{reader.date(row.updated_at)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

/// How the connections are doing, those in trouble first.
#[component]
pub(super) fn Connections() -> impl IntoView {
    let l = Reader::here().locale;
    let connections = Resource::new(
        || (),
        |()| async {
            let mut rows = list_connections().await?;
            rows.sort_by_key(|row| row.health == Health::Ok || !row.enabled);
            rows.truncate(MOST);
            Ok(rows)
        },
    );
    view! {
        <Ruled id="home-connections" title=text::nav::connections(l) href="/connections">
            <Transition fallback=|| view! { <Skeleton count=4 /> }>
                {move || Suspend::new(async move {
                    match connections.await {
                        Ok(rows) => view! { <ConnectionLines rows /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </Ruled>
    }
}

#[component]
fn ConnectionLines(
    /// The connections.
    rows: Vec<ConnectionRow>,
) -> impl IntoView {
    let l = Reader::here().locale;
    if rows.is_empty() {
        return view! {
            <p class="faint">{text::home::connections_none(l)}</p>
            <p>
                <a class="button button-small" href="/connections?add">{text::connections::add(l)}</a>
            </p>
        }
        .into_any();
    }
    let lines = rows
        .into_iter()
        .map(|row| {
            view! {
                <li class="line">
                    <a class="line-name cut" href=format!("/connections/{}", row.id)>{row.name}</a>
                    <HealthWords health=row.health enabled=row.enabled />
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}
