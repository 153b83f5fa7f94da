//! What can be done to the open chat from wherever one is: the palette offers it, keys do it.

use domain::chats::ChatRow;
use domain::messages::Author;
use domain::{MessageId, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::text;

use super::open::OpenChat;
use super::tools::Deed;
use crate::error::{ServerError, words};
use crate::later::load_text;
use crate::reader::Reader;
use crate::ui::{Toasts, Tone, copy_text};

/// Something that can be done to the open chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChatAct {
    /// Stops the running reply.
    Stop,
    /// Has another reply written in place of the last one.
    Regenerate,
    /// Copies the Markdown of the last reply.
    CopyReply,
    /// Asks for another title.
    Rename,
    /// Asks whether it shall be deleted.
    Delete,
}

impl OpenChat {
    /// What can be done now, if the page at this path shows the chat: it stays open while others are
    /// shown. An effect that asks hears of changes.
    pub(crate) fn acts(self, path: &str) -> Vec<ChatAct> {
        let id = self.id.get();
        if id.is_none_or(|id| path != format!("/chats/{id}")) {
            return Vec::new();
        }
        let mut acts = Vec::new();
        if self.running.read().is_some() {
            acts.push(ChatAct::Stop);
        } else if self.doing.read().is_none()
            && let Some((_, has_text)) = self.last_reply()
        {
            acts.push(ChatAct::Regenerate);
            if has_text {
                acts.push(ChatAct::CopyReply);
            }
        }
        acts.extend([ChatAct::Rename, ChatAct::Delete]);
        acts
    }

    /// Does it, or does nothing where it cannot be done any more.
    pub(crate) fn act(self, act: ChatAct, reader: Reader, toasts: Toasts) {
        let reply = untrack(|| self.last_reply());
        match (act, reply) {
            (ChatAct::Stop, _) => self.please(Deed::Stop),
            (ChatAct::Regenerate, Some((id, _))) => self.please(Deed::Regenerate(id)),
            (ChatAct::CopyReply, Some((id, _))) => {
                let done = text::common::copied(reader.locale);
                self.copy_message(id, reader, toasts, move || toasts.push(Tone::Good, done));
            }
            (ChatAct::Rename, _) => self.history.renaming.set(self.row()),
            (ChatAct::Delete, _) => self.history.deleting.set(self.row()),
            (ChatAct::Regenerate | ChatAct::CopyReply, None) => {}
        }
    }

    /// Copies the Markdown of a message; `then` runs when that is done, else the reader is told why not.
    pub(super) fn copy_message(
        self,
        id: MessageId,
        reader: Reader,
        toasts: Toasts,
        then: impl FnOnce() + 'static,
    ) {
        let Some(chat) = self.id.get_untracked() else {
            return;
        };
        spawn_local(async move {
            match load_text(chat, id).await {
                Ok(text) => copy_text(&text, move |done| {
                    if done {
                        then();
                    } else {
                        toasts.push(Tone::Bad, text::common::copy_failed(reader.locale));
                    }
                }),
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        });
    }

    /// Whether Enter sends; else it begins a line, and sends together with Ctrl or ⌘. An effect that
    /// asks hears of changes, also of what this browser keeps where no composer has asked for it yet.
    pub(crate) fn enter_sends(self) -> bool {
        self.writing.remember();
        self.writing.enter_sends.get()
    }

    /// The reply at the end, and whether it says something.
    fn last_reply(self) -> Option<(MessageId, bool)> {
        let lines = self.lines.read();
        let last = lines.last()?;
        // Not tracked: text comes many times a second.
        let has_text = !last.text.read_untracked().is_empty();
        (last.author == Author::Assistant).then_some((last.id, has_text))
    }

    /// As a list has it; nobody asks when it was changed.
    fn row(self) -> Option<ChatRow> {
        Some(ChatRow {
            id: self.id.get_untracked()?,
            title: self.title.get_untracked(),
            updated_at: Timestamp(0),
        })
    }
}
