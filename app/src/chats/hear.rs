//! What the open chat makes of the live connection.

#[cfg(any(feature = "hydrate", test))]
use std::collections::VecDeque;

use domain::MessageId;
#[cfg(any(feature = "hydrate", test))]
use domain::chats::ChatRow;
#[cfg(any(feature = "hydrate", test))]
use domain::live::LiveEvent;
use domain::messages::MessageState;
use leptos::prelude::*;

#[cfg(any(feature = "hydrate", test))]
use super::line::Line;
use super::open::OpenChat;

/// How many live events are remembered: those that come while a chat is on its way are applied
/// once it is here.
#[cfg(any(feature = "hydrate", test))]
const REMEMBERED: usize = 512;

impl OpenChat {
    /// Hears what happens to a reply.
    #[cfg(any(feature = "hydrate", test))]
    pub(super) fn hear(self, event: LiveEvent) {
        let Some(id) = event.message_id() else { return };
        let line = self.line(id);
        let here = match &event {
            LiveEvent::Snapshot { chat_id, .. } | LiveEvent::Finished { chat_id, .. } => {
                self.id.get_untracked() == Some(*chat_id)
            }
            _ => false,
        };
        let is_end = matches!(event, LiveEvent::Finished { .. });
        if let Some(line) = &line {
            line.hear(&event);
        }
        self.recent.update_value(|recent| {
            if recent.len() == REMEMBERED {
                recent.pop_front();
            }
            recent.push_back(event);
        });
        if line.is_some() && is_end {
            self.finished.set(true);
            self.refresh();
        } else if line.is_none() && here && self.doing.get_untracked().is_none() {
            // Asked for in another tab.
            self.refresh();
        }
    }

    /// Hears that a chat is new, got a title or moved to the top.
    #[cfg(any(feature = "hydrate", test))]
    pub(super) fn hear_of(self, row: &ChatRow) {
        if self.id.get_untracked() != Some(row.id) {
            return;
        }
        if *self.title.read_untracked() != row.title {
            self.title.set(row.title.clone());
        } else if self.doing.get_untracked().is_none() && self.running.get_untracked().is_none() {
            // Something was said in another tab.
            self.refresh();
        }
    }

    /// Forgets what was heard: everything that runs is told anew.
    #[cfg(any(feature = "hydrate", test))]
    pub(super) fn forget_heard(self) {
        self.recent.update_value(VecDeque::clear);
    }

    /// Forgets what was heard of a reply that is about to go on: its first end is not its last.
    pub(super) fn forget_heard_of(self, id: MessageId) {
        self.recent
            .update_value(|recent| recent.retain(|event| event.message_id() != Some(id)));
    }

    #[cfg(any(feature = "hydrate", test))]
    fn line(self, id: MessageId) -> Option<Line> {
        let lines = self.lines.read_untracked();
        lines.iter().rev().find(|line| line.id == id).cloned()
    }

    /// Applies what was heard of running replies while they were on their way. Pieces replace
    /// everything from their place on, so that hearing one twice does no harm in the end.
    pub(super) fn catch_up(self) {
        let lines = self.lines.get_untracked();
        for line in lines
            .iter()
            .filter(|line| *line.state.read_untracked() == MessageState::Streaming)
        {
            self.recent.with_value(|recent| {
                for event in recent
                    .iter()
                    .filter(|event| event.message_id() == Some(line.id))
                {
                    line.hear(event);
                }
            });
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use domain::chats::{Block, ChatView, MessageView};
    use domain::messages::{Author, MessageState};
    use domain::{ChatId, MessageId, NanoUsd, Timestamp};

    use super::super::history::History;
    use super::*;

    fn block(text: &str) -> Block {
        Block {
            html: format!("<p>{text}</p>\n"),
        }
    }

    pub(in crate::chats) fn reply(text: &str) -> MessageView {
        MessageView {
            id: MessageId::new(Timestamp(2), [2; 10]),
            author: Author::Assistant,
            state: MessageState::Streaming,
            blocks: vec![block(text)],
            reasoning: Vec::new(),
            reasoning_ms: None,
            siblings: Vec::new(),
            figures: None,
            notice: None,
            created_at: Timestamp(2),
        }
    }

    pub(in crate::chats) fn chat(message: MessageView) -> ChatView {
        ChatView {
            id: ChatId::new(Timestamp(1), [1; 10]),
            title: None,
            model: None,
            messages: vec![message],
            earlier: None,
            cost: NanoUsd::ZERO,
            unpriced_calls: 0,
            input_bound: 0,
        }
    }

    fn piece(from: u32, text: &str) -> LiveEvent {
        LiveEvent::Text {
            message_id: reply("").id,
            from,
            blocks: vec![block(text)],
        }
    }

    fn shown(open: &OpenChat) -> String {
        let lines = open.lines.read_untracked();
        let pieces = lines.iter().flat_map(|line| line.text.get_untracked());
        pieces.map(|piece| piece.html.to_string()).collect()
    }

    /// Runs a test with an open chat in a tab of its own.
    pub(in crate::chats) fn in_a_tab(test: impl FnOnce(OpenChat)) {
        let owner = Owner::new();
        owner.with(|| {
            History::provide();
            OpenChat::provide(domain::MemberId::NIL, &domain::look::Look::default(), None);
            test(OpenChat::here());
        });
    }

    #[test]
    fn what_comes_while_a_chat_is_on_its_way_is_there_when_it_opens() {
        in_a_tab(|open| {
            open.hear(piece(0, "one"));
            open.hear(piece(1, "two"));
            open.put(chat(reply("on")));
            assert_eq!(shown(&open), "<p>one</p><p>two</p>");
            open.hear(piece(1, "two three"));
            assert_eq!(shown(&open), "<p>one</p><p>two three</p>");
        });
    }

    #[test]
    fn a_reply_that_goes_on_does_not_hear_its_first_end_again() {
        in_a_tab(|open| {
            let stopped = MessageView {
                state: MessageState::Stopped,
                ..reply("half")
            };
            open.hear(LiveEvent::Finished {
                chat_id: chat(reply("")).id,
                message: Box::new(stopped),
            });
            open.forget_heard_of(reply("").id);
            open.put(chat(reply("half")));
            assert!(open.running.get_untracked().is_some());
            open.forget_heard();
            open.put(chat(reply("half, whole")));
            assert_eq!(shown(&open), "<p>half, whole</p>");
        });
    }

    #[test]
    fn a_title_is_taken_for_the_shown_chat_only() {
        in_a_tab(|open| {
            open.put(chat(reply("")));
            let row = |id, title: &str| ChatRow {
                id,
                title: Some(title.to_owned()),
                updated_at: Timestamp(3),
            };
            open.hear_of(&row(ChatId::NIL, "another"));
            assert_eq!(open.title.get_untracked(), None);
            open.hear_of(&row(chat(reply("")).id, "this one"));
            assert_eq!(open.title.get_untracked().as_deref(), Some("this one"));
        });
    }
}
