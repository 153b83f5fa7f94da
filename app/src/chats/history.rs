//! The chats this tab knows.

use domain::chats::ChatRow;
use domain::{ChatId, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::shelf::Shelf;
use super::{ChatList, list_chats};
use crate::reader::Reader;

/// The chats this tab knows, last changed first; while something is looked for, those that were
/// found are shown in their place.
#[derive(Clone, Copy)]
pub struct History {
    all: Shelf,
    found: Shelf,
    /// What `found` was found for.
    query: RwSignal<Option<String>>,
    /// The latest moment the server has told.
    now: RwSignal<Timestamp>,
    /// The chat that is being renamed; setting it opens the dialog.
    pub(super) renaming: RwSignal<Option<ChatRow>>,
    /// The chat that may be deleted; setting it opens the dialog.
    pub(super) deleting: RwSignal<Option<ChatRow>>,
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
            all: Shelf::new(),
            found: Shelf::new(),
            query: RwSignal::new(None),
            now: RwSignal::new(Timestamp(0)),
            renaming: RwSignal::new(None),
            deleting: RwSignal::new(None),
        };
        provide_context(history);
        history
    }

    /// The one of this tab.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The shown chats under the heading of their age.
    pub(super) fn entries(self, reader: &Reader) -> Vec<Entry> {
        let today = reader.day_number(self.now.get());
        let mut entries = Vec::new();
        let mut above = None;
        for row in self.shown().rows.read().iter() {
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

    /// The chats that were changed last, at most so many.
    pub(crate) fn latest(self, most: usize) -> Vec<ChatRow> {
        let rows = self.all.rows.read();
        rows.iter().take(most).cloned().collect()
    }

    /// Whether no chat is shown.
    pub(super) fn is_empty(self) -> bool {
        self.shown().rows.read().is_empty()
    }

    /// Whether older chats can be loaded.
    pub(super) fn has_more(self) -> bool {
        self.shown().next.read().is_some()
    }

    /// Where the older chats begin, and what they are looked for by.
    pub(super) fn next(self) -> Option<(String, Option<String>)> {
        untrack(|| Some((self.shown().next.get()?, self.query.get())))
    }

    /// What is shown was found for this; `None` while everything is shown.
    pub(super) fn query(self) -> Option<String> {
        self.query.get()
    }

    fn shown(self) -> Shelf {
        if self.query.read().is_some() {
            self.found
        } else {
            self.all
        }
    }

    /// Takes the first page in place of everything.
    pub(super) fn set(self, list: ChatList) {
        self.tell_time(list.now);
        self.all.set(list);
    }

    /// Takes a further page of what was looked for; `None` of everything. A page of something that
    /// is no longer looked for is left out.
    pub(super) fn extend(self, query: Option<&str>, list: ChatList) {
        self.tell_time(list.now);
        if query.is_none() {
            self.all.extend(list);
        } else if self.query.read_untracked().as_deref() == query {
            self.found.extend(list);
        }
    }

    /// Shows what was found.
    pub(super) fn show_found(self, query: String, list: ChatList) {
        self.tell_time(list.now);
        self.found.set(list);
        self.query.set(Some(query));
    }

    /// Shows everything again.
    pub(super) fn show_all(self) {
        if self.query.read_untracked().is_some() {
            self.query.set(None);
        }
    }

    /// Takes a chat as it is now, to its place.
    pub(super) fn put(self, row: ChatRow) {
        self.tell_time(row.updated_at);
        if self.found.holds(row.id) {
            self.found.put(row.clone());
        }
        self.all.put(row);
    }

    /// Takes a chat that has just begun, unless it is known already.
    pub(super) fn begin(self, row: ChatRow) {
        if !self.all.holds(row.id) {
            self.put(row);
        }
    }

    /// Shows another title at once.
    pub(super) fn rename(self, id: ChatId, title: &str) {
        for shelf in [self.all, self.found] {
            shelf.rows.update(|rows| {
                for row in rows.iter_mut().filter(|row| row.id == id) {
                    row.title = Some(title.to_owned());
                }
            });
        }
    }

    /// Forgets a chat.
    pub(super) fn remove(self, id: ChatId) {
        for shelf in [self.all, self.found] {
            shelf.rows.update(|rows| rows.retain(|row| row.id != id));
        }
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
            let mut older = self.all.rows.get_untracked();
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
                self.all.rows.set(rows);
            }
        });
    }

    fn tell_time(self, now: Timestamp) {
        if self.now.get_untracked() < now {
            self.now.set(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::chats::Page;

    use super::*;

    fn row(number: u8, title: &str) -> ChatRow {
        ChatRow {
            id: ChatId::new(Timestamp(1), [number; 10]),
            title: Some(title.to_owned()),
            updated_at: Timestamp(i64::from(number)),
        }
    }

    fn list(rows: &[ChatRow], next: Option<&str>) -> ChatList {
        ChatList {
            page: Page {
                rows: rows.to_vec(),
                next: next.map(str::to_owned),
            },
            now: Timestamp(9),
        }
    }

    fn titles(history: History) -> Vec<String> {
        let rows = untrack(|| history.shown().rows.get());
        rows.into_iter().filter_map(|row| row.title).collect()
    }

    #[test]
    fn what_was_found_is_shown_until_it_is_no_longer_looked_for() {
        Owner::new().with(|| {
            let history = History::provide();
            history.set(list(&[row(3, "c"), row(2, "b"), row(1, "a")], None));
            history.show_found("b".to_owned(), list(&[row(2, "b")], Some("2.x")));
            assert_eq!(titles(history), ["b"]);
            assert_eq!(
                history.next(),
                Some(("2.x".to_owned(), Some("b".to_owned())))
            );
            history.extend(Some("another"), list(&[row(1, "a")], None));
            assert_eq!(titles(history), ["b"], "an answer that came too late");
            history.extend(Some("b"), list(&[row(1, "ab")], None));
            assert_eq!(titles(history), ["b", "ab"]);
            history.show_all();
            assert_eq!(titles(history), ["c", "b", "a"]);
        });
    }

    #[test]
    fn what_happens_to_a_chat_shows_in_both_lists() {
        Owner::new().with(|| {
            let history = History::provide();
            history.set(list(&[row(3, "c"), row(2, "b"), row(1, "a")], None));
            history.show_found("q".to_owned(), list(&[row(2, "b"), row(1, "a")], None));
            history.rename(row(1, "").id, "z");
            history.remove(row(2, "").id);
            history.put(row(4, "new"));
            assert_eq!(titles(history), ["z"]);
            history.show_all();
            assert_eq!(titles(history), ["new", "c", "z"]);
        });
    }
}
