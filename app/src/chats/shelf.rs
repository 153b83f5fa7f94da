//! Chats in the order of a list.

use domain::ChatId;
use domain::chats::ChatRow;
use leptos::prelude::*;

use super::ChatList;

/// Chats, last changed first, as far as they were loaded.
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    /// The chats.
    pub(super) rows: RwSignal<Vec<ChatRow>>,
    /// Where further ones begin.
    pub(super) next: RwSignal<Option<String>>,
}

impl Shelf {
    /// Without any.
    pub(super) fn new() -> Self {
        Self {
            rows: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
        }
    }

    /// Puts a page in place of everything.
    pub(super) fn set(self, list: ChatList) {
        self.rows.set(list.page.rows);
        self.next.set(list.page.next);
    }

    /// Adds a further page.
    pub(super) fn extend(self, list: ChatList) {
        self.rows.update(|rows| {
            for row in list.page.rows {
                if rows.iter().all(|known| known.id != row.id) {
                    rows.push(row);
                }
            }
        });
        self.next.set(list.page.next);
    }

    /// Puts a chat to its place.
    pub(super) fn put(self, row: ChatRow) {
        self.rows.update(|rows| {
            rows.retain(|known| known.id != row.id);
            let place = rows.partition_point(|known| known.updated_at > row.updated_at);
            rows.insert(place, row);
        });
    }

    /// Whether a chat is among them.
    pub(super) fn holds(self, id: ChatId) -> bool {
        self.rows.read_untracked().iter().any(|row| row.id == id)
    }
}
