//! What a member can have done to the open chat. Each asks the server and takes in its answer.

use domain::chats::{Attempt, ChatRow, SendMessage, Started};
use domain::{ChatId, MessageId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::line::Line;
use super::open::{Doing, OpenChat};
use super::pastes::whole;
use super::{
    continue_reply, edit_message, load_chat, regenerate_reply, send_message, show_branch,
    stop_reply,
};
use crate::error::{Answer, ServerError};
use crate::ui::moving;

impl OpenChat {
    /// Sends what stands in the composer. It is shown as said at once, and comes back to the composer
    /// if the server does not take it.
    pub(super) fn send(self) {
        let text = whole(&self.draft.read_untracked(), &self.pastes.read_untracked());
        let Some(model) = self.model_id() else { return };
        let busy = self.running.get_untracked().is_some() || self.doing.get_untracked().is_some();
        if text.trim().is_empty() || busy {
            return;
        }
        let (chat_id, parent_id) = (self.id.get_untracked(), self.last.get_untracked());
        // The same again is the same message, as it was, should the server have it already.
        let again = self.unanswered.get_value();
        let again = again.filter(|before| before.chat_id == chat_id && before.text == text);
        let message = again.unwrap_or_else(|| SendMessage {
            chat_id,
            parent_id,
            text: text.clone(),
            model,
            attempt: Some(new_attempt()),
        });
        self.unanswered.set_value(Some(message.clone()));
        let parent_id = message.parent_id;
        let asked = send_message(message);
        self.sent.set(Some(text.clone()));
        self.following.set(true);
        self.draft.set(String::new());
        self.pastes.set(Vec::new());
        let visit = self.visit();
        // Also where something else is shown by the time the answer is there.
        let asked = async move {
            let answer = asked.await;
            if answer.is_ok() {
                self.unanswered.set_value(None);
                self.forget_draft(chat_id, &text, visit);
            }
            answer
        };
        self.ask(Doing::Sending, asked, move |started| {
            self.sent.set(None);
            self.start(started, parent_id);
        });
    }

    /// What was not taken stands in the composer again, before what was written meanwhile.
    fn take_back(self) {
        if let Some(text) = self.sent.get_untracked() {
            self.sent.set(None);
            let newer = Some(self.draft.get_untracked()).filter(|newer| !newer.is_empty());
            self.draft.set(whole(&text, newer.as_slice()));
        }
    }

    /// Asks again with a changed text; `accepted` runs once the server has it.
    pub(super) fn edit(self, id: MessageId, text: String, accepted: impl FnOnce() + 'static) {
        let Some((chat_id, model)) = self.target() else {
            return;
        };
        let after = self.before(id);
        let asked = edit_message(chat_id, id, text, model);
        self.ask(Doing::Other, asked, move |started| {
            accepted();
            self.start(started, after);
        });
    }

    /// Has another reply written to the same message.
    pub(super) fn regenerate(self, id: MessageId) {
        let Some((chat_id, model)) = self.target() else {
            return;
        };
        let after = self.before(id);
        let asked = regenerate_reply(chat_id, id, model);
        self.ask(Doing::Other, asked, move |started| {
            self.start(started, after);
        });
    }

    /// Has a reply that ended early go on.
    pub(super) fn go_on(self, id: MessageId) {
        let Some((chat_id, model)) = self.target() else {
            return;
        };
        let after = self.before(id);
        self.forget_heard_of(id);
        let asked = continue_reply(chat_id, id, model);
        self.ask(Doing::Other, asked, move |started| {
            self.start(started, after);
        });
    }

    /// Stops the running reply.
    pub(super) fn stop(self) {
        let Some(id) = self.running.get_untracked() else {
            return;
        };
        self.ask(Doing::Stopping, stop_reply(id), |()| {});
    }

    /// Shows the branch through another version of a message.
    pub(super) fn show(self, id: MessageId) {
        let Some(chat_id) = self.id.get_untracked() else {
            return;
        };
        let visit = self.visit();
        self.ask(Doing::Other, show_branch(chat_id, id), move |view| {
            moving(move || {
                if self.visit() == visit {
                    self.merge(view);
                }
            });
        });
    }

    /// Loads earlier messages; `around` puts them in and keeps the reader's place.
    pub(super) fn load_earlier(self, around: impl FnOnce(Box<dyn FnOnce()>) + 'static) {
        let (Some(chat_id), Some(before)) = (self.id.get_untracked(), self.earlier.get_untracked())
        else {
            return;
        };
        self.ask(
            Doing::Other,
            load_chat(chat_id, Some(before)),
            move |view| {
                around(Box::new(move || self.prepend(view)));
            },
        );
    }

    /// Looks at the server's state of the chat again, quietly: when that fails, what is shown stays.
    pub(super) fn refresh(self) {
        let Some(id) = self.id.get_untracked() else {
            return;
        };
        let visit = self.visit();
        spawn_local(async move {
            if let Ok(view) = load_chat(id, None).await
                && self.visit() == visit
            {
                self.merge(view);
            }
        });
    }

    /// Takes what a command started: words of the member, a reply, both after what they answer.
    ///
    /// `after` is the last message that stays before them; `None` keeps none.
    fn start(self, started: Started, after: Option<MessageId>) {
        let Started {
            chat_id,
            message,
            reply,
        } = started;
        if self.id.get_untracked().is_none() {
            self.history.begin(ChatRow {
                id: chat_id,
                title: None,
                updated_at: reply.created_at,
            });
            self.moving.set_value(Some(chat_id));
            self.id.set(Some(chat_id));
            self.born.set(Some(chat_id));
        }
        self.finished.set(false);
        self.following.set(true);
        self.end_from(after);
        let kept = {
            let lines = self.lines.read_untracked();
            let after = lines.iter().position(|line| Some(line.id) == after);
            after.map_or(0, |place| place + 1)
        };
        self.lines.update(|lines| {
            let known = lines.get(kept).filter(|line| line.id == reply.id);
            let known = known.cloned();
            lines.truncate(kept);
            lines.extend(message.map(Line::new));
            // A reply that goes on keeps its line: what is drawn of it hears of it through that one.
            lines.push(match known {
                Some(line) => {
                    line.replace(reply);
                    line
                }
                None => Line::new(reply),
            });
        });
        self.catch_up();
        let is_refused = self.running.get_untracked().is_none();
        if is_refused {
            self.finished.set(true);
        }
        // Of a refused reply nothing more is told; and where everything shown was left, what comes
        // before it is unknown.
        if is_refused || (kept == 0 && self.earlier.read_untracked().is_some()) {
            self.refresh();
        }
    }

    /// The message before another one.
    fn before(self, id: MessageId) -> Option<MessageId> {
        let all = self.all();
        let place = all.iter().position(|line| line.id == id)?;
        all.get(place.checked_sub(1)?).map(|line| line.id)
    }

    fn model_id(self) -> Option<String> {
        let model = self.model.read_untracked();
        model.as_ref().map(|model| model.id.clone())
    }

    fn target(self) -> Option<(ChatId, String)> {
        Some((self.id.get_untracked()?, self.model_id()?))
    }

    /// Asks for one thing at a time, and takes the answer in if the same chat is still shown.
    fn ask<T: 'static>(
        self,
        doing: Doing,
        asked: impl Future<Output = Answer<T>> + 'static,
        take: impl FnOnce(T) + 'static,
    ) {
        if self.doing.get_untracked().is_some() {
            return;
        }
        self.doing.set(Some(doing));
        self.error.set(None);
        self.can_resend.set(false);
        let visit = self.visit();
        spawn_local(async move {
            let answer = asked.await;
            if self.visit() != visit {
                return;
            }
            match answer {
                Ok(value) => take(value),
                Err(ServerError(why)) => {
                    self.take_back();
                    self.can_resend
                        .set(doing == Doing::Sending && why.may_pass());
                    self.error.set(Some(why));
                    // It may fail because something happened meanwhile, such as the reply's end.
                    self.refresh();
                }
            }
            self.doing.set(None);
        });
    }
}

/// A name for a sending, by the browser's own dice; a server sends nothing.
fn new_attempt() -> Attempt {
    let mut random = [0; 16];
    #[cfg(feature = "hydrate")]
    for part in random.chunks_mut(4) {
        // The lowest bits of a fraction are its most random ones.
        let bits = js_sys::Math::random().to_bits().to_le_bytes();
        part.copy_from_slice(&bits[..4]);
    }
    #[cfg(not(feature = "hydrate"))]
    random.fill(0);
    Attempt(uuid::Uuid::from_bytes(random))
}
