//! One chat in the table.

use domain::chats::ChatEntry;
use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use super::listing::Listing;
use crate::chats::History;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Menu};

/// A chat: its title, which leads to it, when it was changed and begun, how many messages it has, what it
/// has cost; and a menu.
#[component]
pub(super) fn ChatLine(
    /// The chat.
    entry: ChatEntry,
    /// What is listed.
    listing: Listing,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let id = entry.row.id;
    let (as_listed, changed_at) = (entry.row.title.clone(), entry.row.updated_at);
    // Both follow what other devices do. A row that is being taken away is in no list any more.
    let title = Memo::new(move |_| {
        let now = listing.row(id);
        let title = now.map_or_else(|| as_listed.clone(), |row| row.title);
        title.unwrap_or_else(|| text::chat::untitled(l).to_owned())
    });
    let changed = Memo::new(move |_| listing.row(id).map_or(changed_at, |row| row.updated_at));
    let is_chosen = Memo::new(move |_| listing.chosen.read().contains(&id));
    let changed_words = {
        let reader = reader.clone();
        move || reader.date_time(changed.get())
    };
    view! {
        <tr aria-selected=move || is_chosen.get().then_some("true")>
            <td class="history-choice">
                <label>
                    <input
                        type="checkbox"
                        aria-label=move || text::history::choose_chat(l, &title.read())
                        prop:checked=is_chosen
                        on:change:target=move |event| listing.choose(id, event.target().checked())
                    />
                </label>
            </td>
            <th scope="row">
                <A href=format!("/chats/{id}") attr:class="history-title">
                    <span dir="auto">{title}</span>
                </A>
            </th>
            <td data-label=text::history::changed(l)>{changed_words}</td>
            <td data-label=text::history::started(l)>{reader.date(entry.created_at)}</td>
            <td class="number" data-label=text::chat::messages_label(l)>
                {reader.integer(entry.messages)}
            </td>
            <td class="number" data-label=text::calls::cost(l)>
                <ChatCost entry />
            </td>
            <td class="table-actions">
                <ChatMenu listing id title />
            </td>
        </tr>
    }
}

/// What a chat has cost, as far as it is known.
#[component]
fn ChatCost(
    /// The chat.
    entry: ChatEntry,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let unpriced = entry.unpriced_calls;
    if unpriced > 0 && entry.cost.0 == 0 {
        return view! {
            <span title=text::provenance::unpriced_help(l)>{text::chat::cost_unknown(l)}</span>
        }
        .into_any();
    }
    let unpriced = (unpriced > 0).then(|| {
        view! { <div class="small faint">{text::calls::total_unpriced(l, unpriced)}</div> }
    });
    view! {
        <div>
            <div title=reader.money_exact(entry.cost)>{reader.money(entry.cost)}</div>
            {unpriced}
        </div>
    }
    .into_any()
}

/// What can be done to a chat. The dialogs are those of the sidebar.
#[component]
fn ChatMenu(
    /// What is listed.
    listing: Listing,
    /// The chat.
    id: domain::ChatId,
    /// Its title.
    title: Memo<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let history = History::here();
    let row = move || untrack(|| listing.row(id));
    view! {
        <Menu
            id=format!("history-menu-{id}")
            label=move || format!("{}: {}", text::common::more_actions(l), title.read())
            face=|| view! { <Icon name=IconName::More /> }
        >
            <A href=format!("/chats/{id}") attr:class="menu-item">
                <Icon name=IconName::Chat />
                <span>{text::history::open(l)}</span>
            </A>
            <button type="button" class="menu-item" on:click=move |_| history.renaming.set(row())>
                <Icon name=IconName::Edit />
                <span>{text::common::rename(l)}</span>
            </button>
            <button
                type="button"
                class="menu-item tone-bad"
                on:click=move |_| history.deleting.set(row())
            >
                <Icon name=IconName::Trash />
                <span>{text::common::delete(l)}</span>
            </button>
        </Menu>
    }
}
