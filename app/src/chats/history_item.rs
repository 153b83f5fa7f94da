//! One chat in the sidebar.

use domain::chats::ChatRow;
use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use super::history::History;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Menu};

/// A chat by its title, with a menu to rename and delete it.
#[component]
pub(super) fn HistoryItem(
    /// The chat.
    row: ChatRow,
) -> impl IntoView {
    let l = Reader::here().locale;
    let History {
        renaming, deleting, ..
    } = History::here();
    let title = row
        .title
        .clone()
        .unwrap_or_else(|| text::chat::untitled(l).to_owned());
    let menu_label = format!("{}: {title}", text::common::more_actions(l));
    let row = StoredValue::new(row);
    view! {
        <div class="history-item">
            <A href=format!("/chats/{}", row.with_value(|row| row.id)) exact=true attr:class="nav-link">
                <span dir="auto">{title}</span>
            </A>
            <Menu
                id=format!("chat-menu-{}", row.with_value(|row| row.id))
                label=menu_label
                button_class="button button-quiet button-small button-icon"
                face=|| view! { <Icon name=IconName::More /> }
            >
                <button
                    type="button"
                    class="menu-item"
                    on:click=move |_| renaming.set(Some(row.get_value()))
                >
                    <Icon name=IconName::Edit />
                    <span>{text::common::rename(l)}</span>
                </button>
                <button
                    type="button"
                    class="menu-item tone-bad"
                    on:click=move |_| deleting.set(Some(row.get_value()))
                >
                    <Icon name=IconName::Trash />
                    <span>{text::common::delete(l)}</span>
                </button>
            </Menu>
        </div>
    }
}
