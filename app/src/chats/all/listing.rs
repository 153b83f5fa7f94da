//! The listed chats, as the reader and other devices change them.

use domain::ChatId;
use domain::chats::{ChatEntry, ChatRow, Page};
use leptos::prelude::*;

use crate::chats::History;

/// What is listed, and which of it is chosen.
#[derive(Clone, Copy)]
pub(super) struct Listing {
    pub(super) rows: RwSignal<Vec<ChatEntry>>,
    /// Where further ones begin.
    pub(super) next: RwSignal<Option<String>>,
    /// Chosen to be deleted together.
    pub(super) chosen: RwSignal<Vec<ChatId>>,
}

impl Listing {
    /// The first page.
    pub(super) fn new(first: Page<ChatEntry>) -> Self {
        Self {
            rows: RwSignal::new(first.rows),
            next: RwSignal::new(first.next),
            chosen: RwSignal::new(Vec::new()),
        }
    }

    /// Adds a further page. A chat that has moved down meanwhile is in it once more.
    pub(super) fn extend(self, page: Page<ChatEntry>) {
        self.rows.update(|rows| {
            for entry in page.rows {
                if rows.iter().all(|known| known.row.id != entry.row.id) {
                    rows.push(entry);
                }
            }
        });
        self.next.set(page.next);
    }

    /// Leaves some chats out.
    pub(super) fn forget(self, gone: &[ChatId]) {
        let is_gone = |entry: &ChatEntry| gone.contains(&entry.row.id);
        // The page may be left by then; and whoever draws the list need not hear of what is not in it.
        let holds = self
            .rows
            .try_with_untracked(|rows| rows.iter().any(is_gone));
        if holds == Some(true) {
            self.rows
                .update(|rows| rows.retain(|entry| !is_gone(entry)));
            self.chosen
                .update(|chosen| chosen.retain(|id| !gone.contains(id)));
        }
    }

    /// Takes over what the history has heard: chats that have left it, and titles.
    pub(super) fn follow(self, history: History) {
        Effect::new(move |before: Option<Vec<ChatId>>| {
            let known = history.latest(usize::MAX);
            let gone: Vec<ChatId> = before
                .unwrap_or_default()
                .into_iter()
                .filter(|id| known.iter().all(|row| row.id != *id))
                .collect();
            self.forget(&gone);
            if self
                .rows
                .read_untracked()
                .iter()
                .any(|entry| newer(entry, &known).is_some())
            {
                self.rows.update(|rows| {
                    for entry in rows {
                        if let Some(row) = newer(entry, &known) {
                            entry.row = row.clone();
                        }
                    }
                });
            }
            known.into_iter().map(|row| row.id).collect()
        });
    }

    /// Chooses a chat, or no longer.
    pub(super) fn choose(self, id: ChatId, chosen: bool) {
        self.chosen.update(|all| {
            all.retain(|other| *other != id);
            if chosen {
                all.push(id);
            }
        });
    }

    /// Chooses all that are listed, or none.
    pub(super) fn choose_all(self, chosen: bool) {
        let all = if chosen {
            self.rows
                .read_untracked()
                .iter()
                .map(|entry| entry.row.id)
                .collect()
        } else {
            Vec::new()
        };
        self.chosen.set(all);
    }

    /// A chat as it is listed now.
    pub(super) fn row(self, id: ChatId) -> Option<ChatRow> {
        let rows = self.rows.read();
        let entry = rows.iter().find(|entry| entry.row.id == id)?;
        Some(entry.row.clone())
    }
}

/// What is known of a chat, where the list has it otherwise and has not heard later of it.
fn newer<'a>(entry: &ChatEntry, known: &'a [ChatRow]) -> Option<&'a ChatRow> {
    let row = known.iter().find(|row| row.id == entry.row.id)?;
    (row.updated_at >= entry.row.updated_at && *row != entry.row).then_some(row)
}

#[cfg(test)]
mod tests {
    use domain::{NanoUsd, Timestamp};

    use super::*;

    fn entry(number: u8, title: &str) -> ChatEntry {
        ChatEntry {
            row: ChatRow {
                id: ChatId::new(Timestamp(1), [number; 10]),
                title: Some(title.to_owned()),
                updated_at: Timestamp(i64::from(number)),
            },
            created_at: Timestamp(1),
            messages: 2,
            cost: NanoUsd::ZERO,
            unpriced_calls: 0,
        }
    }

    fn page(rows: Vec<ChatEntry>) -> Page<ChatEntry> {
        Page { rows, next: None }
    }

    fn titles(listing: Listing) -> Vec<String> {
        let rows = listing.rows.get_untracked();
        rows.into_iter()
            .filter_map(|entry| entry.row.title)
            .collect()
    }

    #[test]
    fn what_is_gone_is_chosen_no_longer() {
        Owner::new().with(|| {
            let listing = Listing::new(page(vec![entry(3, "c"), entry(2, "b"), entry(1, "a")]));
            listing.choose_all(true);
            listing.choose(entry(1, "").row.id, false);
            listing.forget(&[entry(2, "").row.id]);
            assert_eq!(titles(listing), ["c", "a"]);
            assert_eq!(listing.chosen.get_untracked(), [entry(3, "").row.id]);
        });
    }

    #[test]
    fn a_further_page_brings_nothing_twice() {
        Owner::new().with(|| {
            let listing = Listing::new(page(vec![entry(3, "c"), entry(2, "b")]));
            listing.extend(page(vec![entry(2, "b"), entry(1, "a")]));
            assert_eq!(titles(listing), ["c", "b", "a"]);
        });
    }

    #[test]
    fn a_title_is_taken_unless_the_list_knows_later() {
        let listed = entry(2, "listed");
        assert_eq!(newer(&listed, &[]), None);
        assert_eq!(newer(&listed, std::slice::from_ref(&listed.row)), None);
        let renamed = entry(2, "renamed").row;
        assert_eq!(
            newer(&listed, std::slice::from_ref(&renamed)),
            Some(&renamed)
        );
        let earlier = ChatRow {
            updated_at: Timestamp(1),
            ..renamed
        };
        assert_eq!(newer(&listed, &[earlier]), None);
    }
}
