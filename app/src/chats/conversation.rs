//! The conversation that is open: its messages, its commands, and what arrives live.

use std::sync::Arc;

use domain::chats::{ChatView, MessageView, SendMessage, Started};
use domain::live::{LiveEvent, apply};
use domain::messages::MessageState;
use domain::{ChatId, MessageId, NanoUsd};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use locales::text;

use super::functions::{
    continue_reply, edit_message, load_text, open_chat, post_message, regenerate_reply,
    show_branch, stop_reply,
};
use super::history::History;
use super::live::Live;
use crate::error::{Answer, ServerError, words};
use crate::reader::Reader;
use crate::ui::{Toasts, Tone};

/// A message whose content may still change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) id: MessageId,
    pub(super) view: RwSignal<MessageView>,
}

/// The open conversation. Copies share everything.
#[derive(Clone, Copy)]
pub(super) struct Conversation {
    pub(super) chat_id: RwSignal<Option<ChatId>>,
    pub(super) cells: RwSignal<Vec<Cell>>,
    pub(super) earlier: RwSignal<Option<MessageId>>,
    pub(super) cost: RwSignal<(NanoUsd, i64)>,
    pub(super) input_bound: RwSignal<i64>,
    /// The model that the next reply comes from.
    pub(super) model: RwSignal<Option<String>>,
    /// Read aloud.
    pub(super) announced: RwSignal<&'static str>,
    reader: StoredValue<Reader>,
    toasts: Toasts,
    history: History,
    go: StoredValue<Go>,
}

impl Conversation {
    /// From what the server drew; `None` is a new chat.
    pub(super) fn provide(loaded: Option<ChatView>) -> Self {
        let navigate = use_navigate();
        let this = Self {
            chat_id: RwSignal::new(None),
            cells: RwSignal::new(Vec::new()),
            earlier: RwSignal::new(None),
            cost: RwSignal::new((NanoUsd::ZERO, 0)),
            input_bound: RwSignal::new(0),
            model: RwSignal::new(None),
            announced: RwSignal::new(""),
            reader: StoredValue::new(Reader::here()),
            toasts: expect_context::<Toasts>(),
            history: expect_context::<History>(),
            go: StoredValue::new(Arc::new(move |path: &str, options| navigate(path, options))),
        };
        if let Some(loaded) = loaded {
            this.model.set(loaded.model.clone());
            this.show(loaded);
        }
        Live::here().listen(move |event| this.take(event));
        provide_context(this);
        this
    }

    /// The conversation of this page.
    pub(super) fn here() -> Self {
        expect_context::<Self>()
    }

    /// The reply that is being written, if one is.
    pub(super) fn running(self) -> Option<MessageId> {
        self.cells.with(|cells| {
            let last = cells.last()?;
            (last.view.with(|view| view.state) == MessageState::Streaming).then_some(last.id)
        })
    }

    /// Shows what the server says. A message that is there already keeps its place in the page.
    fn show(self, chat: ChatView) {
        self.chat_id.set(Some(chat.id));
        self.cost.set((chat.cost, chat.unpriced_calls));
        self.input_bound.set(chat.input_bound);
        let known = self.cells.get_untracked();
        // Older pages that were loaded stay, as long as they belong to the same branch.
        let first = chat.messages.first().map(|message| message.id);
        let joint = known.iter().position(|cell| Some(cell.id) == first);
        let older = joint.map_or(Vec::new(), |at| known[..at].to_vec());
        if older.is_empty() {
            self.earlier.set(chat.earlier);
        }
        let shown = chat
            .messages
            .into_iter()
            .map(|message| cell(&known, message));
        self.cells.set(older.into_iter().chain(shown).collect());
    }

    /// Takes in what arrives live.
    fn take(self, event: &LiveEvent) {
        if matches!(event, LiveEvent::Reset) {
            if self.running().is_some() {
                self.reload();
            }
            return;
        }
        let Some(id) = event.message_id() else { return };
        let known = self
            .cells
            .with_untracked(|cells| cells.iter().find(|cell| cell.id == id).copied());
        match (known, event) {
            (Some(cell), _) => {
                cell.view.update(|view| {
                    // Brothers and sisters are known to the page that asked last.
                    let siblings = std::mem::take(&mut view.siblings);
                    apply(view, event);
                    if view.siblings.len() < siblings.len() {
                        view.siblings = siblings;
                    }
                });
                if let LiveEvent::Finished { .. } = event {
                    self.announced.set(
                        self.reader
                            .with_value(|reader| text::chat::reply_finished(reader.locale)),
                    );
                    self.reload();
                }
            }
            // Another tab has asked something in this chat.
            (None, LiveEvent::Snapshot { chat_id, .. } | LiveEvent::Finished { chat_id, .. })
                if Some(*chat_id) == self.chat_id.get_untracked() =>
            {
                self.reload();
            }
            _ => {}
        }
    }

    /// Asks the server for the chat as it is now.
    pub(super) fn reload(self) {
        let Some(id) = self.chat_id.get_untracked() else {
            return;
        };
        leptos::task::spawn_local(async move {
            if let Ok(chat) = open_chat(id, None).await {
                if self.chat_id.try_get_untracked().flatten() == Some(chat.id) {
                    self.show(chat);
                }
            }
        });
    }

    /// Loads the messages before those that are shown.
    pub(super) async fn load_earlier(self) {
        let (Some(id), Some(before)) = (self.chat_id.get_untracked(), self.earlier.get_untracked())
        else {
            return;
        };
        match open_chat(id, Some(before)).await {
            Ok(page) => {
                let known = self.cells.get_untracked();
                let older = page.messages.into_iter().map(|message| cell(&[], message));
                self.cells.set(older.chain(known).collect());
                self.earlier.set(page.earlier);
            }
            Err(error) => self.complain(&error),
        }
    }

    /// Sends a message; true when the server has it.
    pub(super) async fn send(self, text: String) -> bool {
        let Some(model) = self.model.get_untracked() else {
            return false;
        };
        let parent_id = self
            .cells
            .with_untracked(|cells| cells.last().map(|cell| cell.id));
        let chat_id = self.chat_id.get_untracked();
        let sent = post_message(SendMessage {
            chat_id,
            parent_id,
            text,
            model,
        })
        .await;
        self.started(sent, chat_id.is_none())
    }

    /// Sends a changed text as a branch; true when the server has it.
    pub(super) async fn edit(self, message: MessageId, text: String) -> bool {
        let (Some(chat), Some(model)) = (self.chat_id.get_untracked(), self.model.get_untracked())
        else {
            return false;
        };
        let sent = edit_message(chat, message, text, model).await;
        self.started(sent, false)
    }

    /// Writes another reply.
    pub(super) async fn regenerate(self, message: MessageId) {
        if let (Some(chat), Some(model)) =
            (self.chat_id.get_untracked(), self.model.get_untracked())
        {
            let sent = regenerate_reply(chat, message, model).await;
            self.started(sent, false);
        }
    }

    /// Goes on with a reply that ended early.
    pub(super) async fn go_on(self, message: MessageId) {
        if let (Some(chat), Some(model)) =
            (self.chat_id.get_untracked(), self.model.get_untracked())
        {
            let sent = continue_reply(chat, message, model).await;
            self.started(sent, false);
        }
    }

    /// Stops the running reply.
    pub(super) async fn stop(self, message: MessageId) {
        if let Err(error) = stop_reply(message).await {
            // It may have ended by itself meanwhile: then the page is behind.
            self.complain(&error);
            self.reload();
        }
    }

    /// Shows another branch.
    pub(super) async fn branch(self, message: MessageId) {
        let Some(chat) = self.chat_id.get_untracked() else {
            return;
        };
        match show_branch(chat, message).await {
            Ok(chat) => self.show(chat),
            Err(error) => self.complain(&error),
        }
    }

    /// The Markdown of a message.
    pub(super) async fn text(self, message: MessageId) -> Option<String> {
        match load_text(self.chat_id.get_untracked()?, message).await {
            Ok(text) => Some(text),
            Err(error) => {
                self.complain(&error);
                None
            }
        }
    }

    fn started(self, sent: Answer<Started>, is_new: bool) -> bool {
        match sent {
            Ok(started) => {
                if is_new {
                    let id = started.chat_id;
                    self.history.hand_over(ChatView {
                        id,
                        title: None,
                        model: self.model.get_untracked(),
                        messages: started.message.into_iter().chain([started.reply]).collect(),
                        earlier: None,
                        cost: NanoUsd::ZERO,
                        unpriced_calls: 0,
                        input_bound: 0,
                    });
                    let go = NavigateOptions {
                        replace: true,
                        scroll: false,
                        ..NavigateOptions::default()
                    };
                    self.go
                        .with_value(|navigate| navigate(&format!("/chats/{id}"), go));
                } else {
                    self.reload();
                }
                true
            }
            Err(error) => {
                self.complain(&error);
                false
            }
        }
    }

    fn complain(self, error: &ServerError) {
        let told = self.reader.with_value(|reader| words(reader, &error.0));
        self.toasts.push(Tone::Bad, told);
    }
}

/// Going to another page of the app, from tasks as well.
type Go = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The cell of a message: the one it has already, brought up to date, or a new one.
fn cell(known: &[Cell], message: MessageView) -> Cell {
    match known.iter().find(|cell| cell.id == message.id) {
        Some(cell) => {
            if cell.view.with_untracked(|view| *view != message) {
                cell.view.set(message);
            }
            *cell
        }
        None => Cell {
            id: message.id,
            view: RwSignal::new(message),
        },
    }
}
