//! Earlier messages, batch by batch as they were loaded.
//!
//! Whenever the end of a chat grows, a browser asks every box beside it what becomes of it. A batch is
//! one box for all its messages, so that long chats ask few; and what changes the end of the chat does
//! not go through what came before it.

use std::sync::Arc;

use domain::MessageId;
use domain::chats::ChatView;
use leptos::prelude::*;

use super::line::Line;
use super::message::Message;
use super::open::OpenChat;

/// Messages that were loaded together, oldest first; never none.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    lines: Arc<[Line]>,
}

impl Batch {
    fn id(&self) -> Option<MessageId> {
        self.lines.first().map(|line| line.id)
    }

    pub(super) fn has(&self, id: MessageId) -> bool {
        self.lines.iter().any(|line| line.id == id)
    }
}

impl OpenChat {
    /// Every message that is here, oldest first.
    pub(super) fn all(self) -> Vec<Line> {
        let batches = self.batches.read_untracked();
        let lines = self.lines.read_untracked();
        let earlier = batches.iter().flat_map(|batch| batch.lines.iter());
        earlier.chain(lines.iter()).cloned().collect()
    }

    /// Puts earlier messages before those that are here.
    pub(super) fn prepend(self, view: ChatView) {
        self.earlier.set(view.earlier);
        let lines: Arc<[Line]> = {
            let here = self.lines.read_untracked();
            let batches = self.batches.read_untracked();
            let is_new = |id| {
                here.iter().all(|line| line.id != id) && !batches.iter().any(|batch| batch.has(id))
            };
            let older = view.messages.into_iter();
            let older = older.filter(|message| is_new(message.id));
            older.map(Line::new).collect()
        };
        if !lines.is_empty() {
            self.batches
                .update(|batches| batches.insert(0, Batch { lines }));
        }
    }

    /// The chat is about to change after this message: what comes from there on is its end. Where it
    /// is unknown, or none, no earlier message stays.
    pub(super) fn end_from(self, id: Option<MessageId>) {
        let is_here = |line: &Line| Some(line.id) == id;
        if self.batches.read_untracked().is_empty()
            || self.lines.read_untracked().iter().any(is_here)
        {
            return;
        }
        let mut batches = self.batches.get_untracked();
        let place = id.and_then(|id| batches.iter().position(|batch| batch.has(id)));
        let rest = batches.split_off(place.unwrap_or(0));
        self.batches.set(batches);
        if place.is_some() {
            let earlier = rest.iter().flat_map(|batch| batch.lines.iter().cloned());
            let earlier: Vec<Line> = earlier.collect();
            self.lines.update(|lines| {
                lines.splice(0..0, earlier);
            });
        }
    }
}

/// The batches.
#[component]
pub(super) fn Batches() -> impl IntoView {
    let open = OpenChat::here();
    view! {
        <For
            each=move || open.batches.get()
            key=Batch::id
            children=|batch| {
                let lines = batch.lines.iter().cloned();
                view! {
                    <div class="message-batch">
                        {lines.map(|line| view! { <Message line /> }).collect_view()}
                    </div>
                }
            }
        />
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::chats::MessageView;

    use super::super::hear::tests::{chat, in_a_tab, reply};
    use super::*;

    fn id(number: u8) -> MessageId {
        MessageId::new(Timestamp(1), [number; 10])
    }

    fn view(numbers: &[u8]) -> ChatView {
        let message = |number: &u8| MessageView {
            id: id(*number),
            ..reply("")
        };
        ChatView {
            messages: numbers.iter().map(message).collect(),
            ..chat(reply(""))
        }
    }

    fn shown(open: &OpenChat) -> Vec<MessageId> {
        open.all().iter().map(|line| line.id).collect()
    }

    fn ids(numbers: &[u8]) -> Vec<MessageId> {
        numbers.iter().map(|number| id(*number)).collect()
    }

    fn with_two_batches(test: impl FnOnce(OpenChat)) {
        in_a_tab(|open| {
            open.put(view(&[5, 6]));
            open.prepend(view(&[3, 4]));
            // What comes twice is there once.
            open.prepend(view(&[1, 2, 3]));
            assert_eq!(shown(&open), ids(&[1, 2, 3, 4, 5, 6]));
            test(open);
        });
    }

    #[test]
    fn what_grows_at_the_end_leaves_the_batches_alone() {
        with_two_batches(|open| {
            open.merge(view(&[5, 6, 7]));
            assert_eq!(shown(&open), ids(&[1, 2, 3, 4, 5, 6, 7]));
            assert_eq!(open.batches.read_untracked().len(), 2);
        });
    }

    #[test]
    fn another_branch_begins_in_the_middle_of_a_batch() {
        with_two_batches(|open| {
            open.merge(view(&[4, 8]));
            assert_eq!(shown(&open), ids(&[1, 2, 3, 4, 8]));
            assert_eq!(open.batches.read_untracked().len(), 1);
        });
    }

    #[test]
    fn of_a_branch_that_shares_nothing_only_itself_is_shown() {
        with_two_batches(|open| {
            open.merge(view(&[8, 9]));
            assert_eq!(shown(&open), ids(&[8, 9]));
        });
    }

    #[test]
    fn another_chat_has_no_batches() {
        with_two_batches(|open| {
            open.put(view(&[8]));
            assert_eq!(shown(&open), ids(&[8]));
            open.clear();
            assert_eq!(shown(&open), ids(&[]));
        });
    }
}
