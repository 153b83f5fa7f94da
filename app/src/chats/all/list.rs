//! The table of chats, growing at its end.

use domain::chats::{ChatEntry, Page};
use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use super::address::PATH;
use super::chosen::Chosen;
use super::listing::Listing;
use super::row::ChatLine;
use super::survey_chats;
use crate::chats::{History, OpenChat};
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{
    DataTable, Empty, Head, Icon, IconName, LoadMore, Skeleton, SkeletonShape, Toasts, Tone,
};

/// One line a chat, last changed first, and older ones on demand; above them what can be done to several.
#[component]
pub(super) fn ChatTable(
    /// The chats that were changed last.
    first: Page<ChatEntry>,
    /// What they were looked for by.
    wanted: Option<String>,
    /// Set to what shall be read aloud.
    told: RwSignal<String>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let (history, chat) = (History::here(), OpenChat::here());
    let listing = Listing::new(first);
    let Listing { rows, next, .. } = listing;
    let is_found = wanted.is_some();
    let is_empty = Memo::new(move |_| rows.read().is_empty());
    let has_more = Memo::new(move |_| next.read().is_some());
    let wanted = StoredValue::new(wanted);
    let load = Action::new(move |cursor: &String| {
        let (cursor, wanted, reader) = (cursor.clone(), wanted.get_value(), reader.clone());
        async move {
            match survey_chats(wanted, Some(cursor)).await {
                Ok(page) => listing.extend(page),
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        }
    });
    let on_more = move || {
        if let Some(cursor) = next.get_untracked() {
            load.dispatch(cursor);
        }
    };
    listing.follow(history);
    Effect::new(move || {
        // The history tells of those it knows.
        if let Some(id) = chat.gone.get()
            && !untrack(|| history.latest(usize::MAX))
                .iter()
                .any(|row| row.id == id)
        {
            listing.forget(&[id]);
        }
    });
    Effect::new(move || {
        if is_empty.get() {
            // Everything that was here is deleted, and there is more.
            on_more();
        }
    });
    Effect::new(move || {
        let count = i64::try_from(rows.read().len()).unwrap_or(i64::MAX);
        told.set(match (is_found, count) {
            (false, _) => String::new(),
            (true, 0) => text::history::no_match(l).to_owned(),
            (true, _) => text::history::shown(l, count),
        });
    });
    let head = vec![
        Head::actions(text::history::choose(l)),
        Head::text(text::chat::title(l)),
        Head::text(text::history::changed(l)),
        Head::text(text::history::started(l)),
        Head::number(text::chat::messages_label(l)),
        Head::number(text::calls::cost(l)),
        Head::actions(text::common::actions(l)),
    ];
    view! {
        {move || (!is_empty.get()).then(|| view! { <Chosen listing /> })}
        <DataTable
            id="chats"
            caption=text::history::label(l)
            quiet_caption=true
            head=head
            is_empty=is_empty
            empty=move || if has_more.get() {
                view! { <Skeleton count=8 shape=SkeletonShape::Rows /> }.into_any()
            } else {
                view! { <NoChats is_found /> }.into_any()
            }
        >
            <For
                each=move || rows.get()
                key=|entry| entry.row.id
                children=move |entry| view! { <ChatLine entry listing /> }
            />
        </DataTable>
        <LoadMore more=has_more busy=load.pending() on_more=move |()| on_more() />
    }
}

/// In place of the table: nothing was found, or nothing was said yet.
#[component]
fn NoChats(
    /// Whether something was looked for.
    is_found: bool,
) -> impl IntoView {
    let l = Reader::here().locale;
    if is_found {
        view! {
            <Empty
                icon=IconName::Search
                title=text::history::no_match(l)
                text=text::history::no_match_text(l)
            >
                <A href=PATH attr:class="button">{text::home::show_all(l)}</A>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                icon=IconName::Chat
                title=text::history::empty_title(l)
                text=text::history::empty_text(l)
            >
                <A href="/" attr:class="button button-primary">
                    <Icon name=IconName::Plus />
                    {text::nav::new_chat(l)}
                </A>
            </Empty>
        }
        .into_any()
    }
}
