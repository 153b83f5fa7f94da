//! The chats this tab knows.

use domain::chats::ChatRow;
use domain::{ChatId, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{ChatList, list_chats};
use crate::reader::Reader;

/// The chats this tab knows, last changed first.
#[derive(Clone, Copy)]
pub struct History {
    rows: RwSignal<Vec<ChatRow>>,
    next: RwSignal<Option<String>>,
    /// The latest moment the server has told.
    now: RwSignal<Timestamp>,
}

/// How long ago a chat was changed, on the reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Today,
    Yesterday,
    Earlier,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// Above the chats of an age.
    Heading(Age),
    /// A chat.
    Chat(ChatRow),
}

impl History {
    /// Puts it into the context.
    pub fn provide() -> Self {
        let history = Self {
            rows: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            now: RwSignal::new(Timestamp(0)),
        };
        provide_context(history);
        history
    }

    /// The one of this tab.
    pub(super) fn here() -> Self {
        expect_context()
    }

    /// The chats under the heading of their age.
    pub(super) fn entries(self, reader: &Reader) -> Vec<Entry> {
        let today = reader.day_number(self.now.get());
        let mut entries = Vec::new();
        let mut above = None;
        for row in self.rows.read().iter() {
            let age = match today - reader.day_number(row.updated_at) {
                ..=0 => Age::Today,
                1 => Age::Yesterday,
                _ => Age::Earlier,
            };
            if above != Some(age) {
                above = Some(age);
                entries.push(Entry::Heading(age));
            }
            entries.push(Entry::Chat(row.clone()));
        }
        entries
    }

    /// Whether there are no chats.
    pub(super) fn is_empty(self) -> bool {
        self.rows.read().is_empty()
    }

    /// Whether older chats can be loaded.
    pub(super) fn has_more(self) -> bool {
        self.next.read().is_some()
    }

    /// Where the older chats begin.
    pub(super) fn next(self) -> Option<String> {
        self.next.get_untracked()
    }

    /// Takes the first page in place of everything.
    pub(super) fn set(self, list: ChatList) {
        self.tell_time(list.now);
        self.rows.set(list.page.rows);
        self.next.set(list.page.next);
    }

    /// Takes a further page.
    pub(super) fn extend(self, list: ChatList) {
        self.tell_time(list.now);
        self.rows.update(|rows| {
            for row in list.page.rows {
                if rows.iter().all(|known| known.id != row.id) {
                    rows.push(row);
                }
            }
        });
        self.next.set(list.page.next);
    }

    /// Takes a chat as it is now, to its place.
    pub(super) fn put(self, row: ChatRow) {
        self.tell_time(row.updated_at);
        self.rows.update(|rows| {
            rows.retain(|known| known.id != row.id);
            let place = rows.partition_point(|known| known.updated_at > row.updated_at);
            rows.insert(place, row);
        });
    }

    /// Takes a chat that has just begun, unless it is known already.
    pub(super) fn begin(self, row: ChatRow) {
        let known = self
            .rows
            .read_untracked()
            .iter()
            .any(|known| known.id == row.id);
        if !known {
            self.put(row);
        }
    }

    /// Shows another title at once.
    pub(super) fn rename(self, id: ChatId, title: &str) {
        self.rows.update(|rows| {
            for row in rows.iter_mut().filter(|row| row.id == id) {
                row.title = Some(title.to_owned());
            }
        });
    }

    /// Forgets a chat.
    pub(super) fn remove(self, id: ChatId) {
        self.rows.update(|rows| rows.retain(|row| row.id != id));
    }

    /// Asks for the first page again and keeps the older chats that were loaded; quietly.
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "asked for by the live connection alone")
    )]
    pub(super) fn reload(self) {
        spawn_local(async move {
            let Ok(list) = list_chats(None).await else {
                return;
            };
            let oldest = list.page.rows.last().map(|row| row.updated_at);
            let mut older = self.rows.get_untracked();
            older.retain(|row| {
                let newer = list.page.rows.iter().any(|known| known.id == row.id);
                let before = oldest.is_some_and(|oldest| row.updated_at < oldest);
                !newer && before && list.page.next.is_some()
            });
            if older.is_empty() {
                self.set(list);
            } else {
                self.tell_time(list.now);
                let mut rows = list.page.rows;
                rows.extend(older);
                self.rows.set(rows);
            }
        });
    }

    fn tell_time(self, now: Timestamp) {
        if self.now.get_untracked() < now {
            self.now.set(now);
        }
    }
}
