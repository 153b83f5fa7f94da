//! The list of chats in the sidebar.

use domain::chats::ChatRow;
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::text;

use super::delete_chat;
use super::history::{Age, Entry, History};
use super::history_item::HistoryItem;
use super::history_search::HistorySearch;
use super::open::OpenChat;
use crate::error::{ServerError, words};
use crate::later::{self, Turn, list_chats, search_chats};
use crate::page_data::PageData;
use crate::reader::Reader;
use crate::ui::{Confirm, Skeleton, Toasts, Tone, in_turn, moving};

/// The list of chats in the sidebar, by day, last changed first, with a field to look for some.
#[component]
pub fn HistoryList() -> impl IntoView {
    let l = Reader::here().locale;
    let history = History::here();
    let first = Resource::<_, PageData>::new_with_options(|| (), |()| list_chats(None), false);
    view! {
        <nav class="nav sidebar-fill" aria-label=text::history::label(l)>
            {in_turn(move || view! {
                <HistorySearch />
                <Suspense fallback=|| view! { <Skeleton count=4 /> }>
                    {move || Suspend::new(async move {
                        match first.await {
                            Ok(list) => {
                                history.set(list);
                                view! {
                                    <div class="part">{in_turn(move || view! { <Entries /> })}</div>
                                }
                                .into_any()
                            }
                            Err(error) => view! { <NoHistory error /> }.into_any(),
                        }
                    })}
                </Suspense>
            })}
        </nav>
    }
}

/// The dialogs that rename and delete a chat, for whatever asks for them. Not in the sidebar: where that
/// is a popover nothing in it can be seen while it is closed.
#[component]
pub fn ChatDialogs() -> impl IntoView {
    let History {
        renaming, deleting, ..
    } = History::here();
    view! {
        {later::drawn(Turn::Dialogs, move |tools| (tools.chats.renaming)(renaming))}
        {later::drawn(Turn::Dialogs, move |tools| (tools.chats.deleting)(deleting))}
    }
}

/// The chats under their days, and the button for older ones.
#[component]
fn Entries() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let history = History::here();
    let toasts = expect_context::<Toasts>();
    let entries = {
        let reader = reader.clone();
        Memo::new(move |_| history.entries(&reader))
    };
    let is_empty = Memo::new(move |_| history.is_empty());
    let has_more = Memo::new(move |_| history.has_more());
    let busy = RwSignal::new(false);
    let load = move |(cursor, query): (String, Option<String>)| {
        let reader = reader.clone();
        busy.set(true);
        spawn_local(async move {
            let answer = match query.clone() {
                Some(query) => search_chats(query, Some(cursor)).await,
                None => list_chats(Some(cursor)).await,
            };
            match answer {
                Ok(list) => history.extend(query.as_deref(), list),
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
            // The list may be gone by then.
            let _ = busy.try_set(false);
        });
    };
    let none = move || {
        is_empty.get().then(|| {
            let words = match history.query() {
                Some(_) => text::history::no_match(l),
                None => text::history::empty(l),
            };
            view! { <p class="history-empty">{words}</p> }
        })
    };
    let older = move || {
        let load = load.clone();
        has_more.get().then(|| {
            view! {
                <button
                    type="button"
                    class="button button-quiet button-small"
                    class:is-busy=busy
                    disabled=busy
                    on:click=move |_| {
                        if let Some(next) = history.next() {
                            load(next);
                        }
                    }
                >
                    {text::common::load_more(l)}
                </button>
            }
        })
    };
    view! {
        <div role="status">{none}</div>
        <For
            each=move || entries.get()
            key=|entry| match entry {
                Entry::Heading(age) => format!("{age:?}"),
                // Another title draws the line anew; its place in the list does not.
                Entry::Chat(row) => format!("{} {}", row.id, row.title.as_deref().unwrap_or("")),
            }
            children=move |entry| match entry {
                Entry::Heading(age) => {
                    let word = match age {
                        Age::Today => text::history::today(l),
                        Age::Yesterday => text::history::yesterday(l),
                        Age::Earlier => text::history::earlier(l),
                    };
                    view! { <p class="nav-title">{word}</p> }.into_any()
                }
                Entry::Chat(row) => view! { <HistoryItem row /> }.into_any(),
            }
        />
        {older}
    }
}

/// In place of a list that could not be loaded: why.
#[component]
fn NoHistory(
    /// Why.
    error: ServerError,
) -> impl IntoView {
    let reader = Reader::here();
    view! { <p class="history-empty">{words(&reader, &error.0)}</p> }
}

/// Asks whether a chat shall be deleted.
#[component]
pub(super) fn DeleteDialog(
    /// The chat.
    subject: RwSignal<Option<ChatRow>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let (history, chat) = (History::here(), OpenChat::here());
    let open = RwSignal::new(false);
    Effect::new(move || {
        if subject.read().is_some() {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && subject.read_untracked().is_some() {
            subject.set(None);
        }
    });
    let delete = Action::new(move |row: &ChatRow| {
        let (id, reader) = (row.id, reader.clone());
        async move {
            match delete_chat(id).await {
                Ok(()) => {
                    moving(move || history.remove(id));
                    chat.gone.set(Some(id));
                    toasts.push(Tone::Good, text::history::deleted(l));
                }
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        }
    });
    let name = move || {
        let title = subject.get().and_then(|row| row.title);
        title.unwrap_or_else(|| text::chat::untitled(l).to_owned())
    };
    view! {
        <Confirm
            id="chat-delete"
            open
            title=text::history::delete_title(l)
            confirm_label=text::common::delete(l)
            cancel_label=text::common::cancel(l)
            danger=true
            on_confirm=move |()| {
                if let Some(row) = subject.get_untracked() {
                    delete.dispatch(row);
                }
            }
        >
            <p><strong dir="auto">{name}</strong></p>
            <p>{text::history::delete_text(l)}</p>
        </Confirm>
    }
}
