//! The chat a tab shows.

use std::collections::VecDeque;

use domain::chats::{ChatView, SendMessage};
use domain::live::LiveEvent;
use domain::look::Look;
use domain::messages::{Author, MessageState};
use domain::models::ModelChoice;
use domain::{AppError, ChatId, MemberId, MessageId, NanoUsd};
use leptos::prelude::*;

use super::batches::Batch;
use super::history::History;
use super::line::Line;
use super::writing::Writing;

/// What the server is being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// To take what stands in the composer.
    Sending,
    /// To stop the running reply.
    Stopping,
    /// Anything else.
    Other,
}

/// Figures of the whole chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Total {
    /// What it has cost.
    pub(super) cost: NanoUsd,
    /// Calls without a price.
    pub(super) unpriced_calls: i64,
    /// Most input tokens that sending its shown branch again can cost.
    pub(super) input_bound: i64,
}

/// The chat a tab shows: an existing one, or a new one that has no address yet.
///
/// It lives as long as the frame, so that nothing is lost when the page changes.
#[derive(Clone, Copy)]
pub(crate) struct OpenChat {
    /// Which chat; none while a new one is begun.
    pub(super) id: RwSignal<Option<ChatId>>,
    /// Its title.
    pub(super) title: RwSignal<Option<String>>,
    /// The messages at its end, oldest first: those it opened with, and what was said since.
    pub(super) lines: RwSignal<Vec<Line>>,
    /// What was loaded of the messages before, oldest first.
    pub(super) batches: RwSignal<Vec<Batch>>,
    /// Where earlier messages begin, while there are some.
    pub(super) earlier: RwSignal<Option<MessageId>>,
    /// What it has cost.
    pub(super) total: RwSignal<Total>,
    /// The models to choose from.
    pub(super) models: RwSignal<Vec<ModelChoice>>,
    /// The model chosen here by hand.
    pub(super) chosen: RwSignal<Option<String>>,
    /// The model this browser chose last.
    pub(super) preferred: RwSignal<Option<String>>,
    /// The model the next message goes to.
    pub(super) model: Memo<Option<ModelChoice>>,
    /// What stands in the composer.
    pub(super) draft: RwSignal<String>,
    /// What stands there has just come from another tab.
    pub(super) came: StoredValue<bool>,
    /// Whose it is.
    pub(super) member: MemberId,
    /// Long texts that were pasted beside it.
    pub(super) pastes: RwSignal<Vec<String>>,
    /// What is on its way to the server; shown as said already.
    pub(super) sent: RwSignal<Option<String>>,
    /// The last sending that got no answer.
    pub(super) unanswered: StoredValue<Option<SendMessage>>,
    /// How one likes to write.
    pub(super) writing: Writing,
    /// Why the last command failed.
    pub(super) error: RwSignal<Option<AppError>>,
    /// What failed was sending: it can be tried again as it stands.
    pub(super) can_resend: RwSignal<bool>,
    /// The command on its way.
    pub(super) doing: RwSignal<Option<Doing>>,
    /// The reply that is being written.
    pub(super) running: Memo<Option<MessageId>>,
    /// Something is being asked for or written.
    pub(super) busy: Memo<bool>,
    /// The last message.
    pub(super) last: Memo<Option<MessageId>>,
    /// A reply has ended since the last one began.
    pub(super) finished: RwSignal<bool>,
    /// The view stays at the end of the messages.
    pub(super) following: RwSignal<bool>,
    /// The new chat has become this one: its page should move to the address.
    pub(super) born: RwSignal<Option<ChatId>>,
    /// This chat was deleted: its page should be left.
    pub(super) gone: RwSignal<Option<ChatId>>,
    model_of_chat: RwSignal<Option<String>>,
    /// The new chat that is on the way to its own page.
    pub(super) moving: StoredValue<Option<ChatId>>,
    untouched: StoredValue<bool>,
    visit: StoredValue<u32>,
    /// What was heard lately of replies.
    pub(super) recent: StoredValue<VecDeque<LiveEvent>>,
    pub(super) history: History,
}

impl OpenChat {
    /// Puts it into the context; [`History`] must be there.
    pub(super) fn provide(member: MemberId, look: &Look, model: Option<String>) {
        let lines = RwSignal::new(Vec::<Line>::new());
        let models = RwSignal::new(Vec::<ModelChoice>::new());
        let chosen = RwSignal::new(None::<String>);
        let preferred = RwSignal::new(model);
        let model_of_chat = RwSignal::new(None::<String>);
        let doing = RwSignal::new(None::<Doing>);
        // A reply that runs is the end of the shown branch.
        let running = Memo::new(move |_| {
            let last = lines.read().last().cloned()?;
            let streams = *last.state.read() == MessageState::Streaming;
            (last.author == Author::Assistant && streams).then_some(last.id)
        });
        let open = Self {
            id: RwSignal::new(None),
            title: RwSignal::new(None),
            lines,
            batches: RwSignal::new(Vec::new()),
            earlier: RwSignal::new(None),
            total: RwSignal::new(Total::default()),
            models,
            chosen,
            preferred,
            model: Memo::new(move |_| {
                let models = models.read();
                let wanted = [chosen.get(), model_of_chat.get(), preferred.get()];
                let mut wanted = wanted.into_iter().flatten();
                wanted
                    .find_map(|id| models.iter().find(|choice| choice.id == id))
                    .or_else(|| models.first())
                    .cloned()
            }),
            draft: RwSignal::new(String::new()),
            came: StoredValue::new(false),
            member,
            pastes: RwSignal::new(Vec::new()),
            sent: RwSignal::new(None),
            unanswered: StoredValue::new(None),
            writing: Writing::new(look),
            error: RwSignal::new(None),
            can_resend: RwSignal::new(false),
            doing,
            running,
            busy: Memo::new(move |_| doing.read().is_some() || running.read().is_some()),
            last: Memo::new(move |_| lines.read().last().map(|line| line.id)),
            finished: RwSignal::new(false),
            following: RwSignal::new(true),
            born: RwSignal::new(None),
            gone: RwSignal::new(None),
            model_of_chat,
            moving: StoredValue::new(None),
            untouched: StoredValue::new(true),
            visit: StoredValue::new(0),
            recent: StoredValue::new(VecDeque::new()),
            history: expect_context(),
        };
        provide_context(open);
    }

    /// The one of this tab.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Which visit this is: what comes back from the server for another one is not shown.
    pub(super) fn visit(self) -> u32 {
        self.visit.get_value()
    }

    /// Whether the chat is here already, because it was begun on the page before.
    pub(super) fn is_moving(self) -> bool {
        self.moving.get_value().is_some()
    }

    /// Likewise, for one chat.
    pub(super) fn is_moving_to(self, id: ChatId) -> bool {
        self.moving.get_value() == Some(id)
    }

    /// The page of the new chat stands; true when there was a move.
    pub(super) fn arrive(self) -> bool {
        let moved = self.is_moving();
        self.moving.set_value(None);
        moved
    }

    /// True once: for the first composer of a tab, which may hold words that were typed before the
    /// page came to life.
    pub(super) fn is_first_composer(self) -> bool {
        let first = self.untouched.get_value();
        self.untouched.set_value(false);
        first
    }

    /// Shows nothing: a new chat. What stands in the composer stays if it was one before.
    pub(super) fn clear(self) {
        self.turn_to(None);
        self.title.set(None);
        self.lines.set(Vec::new());
        self.earlier.set(None);
        self.total.set(Total::default());
        self.model_of_chat.set(None);
    }

    /// Shows a chat as it came from the server.
    pub(super) fn put(self, view: ChatView) {
        self.turn_to(Some(view.id));
        self.take_facts(&view);
        self.earlier.set(view.earlier);
        self.lines
            .set(view.messages.into_iter().map(Line::new).collect());
        self.catch_up();
    }

    fn turn_to(self, id: Option<ChatId>) {
        self.visit
            .update_value(|visit| *visit = visit.wrapping_add(1));
        if self.id.get_untracked() != id {
            self.keep_draft();
            self.title.set(None);
            self.draft.set(String::new());
            self.pastes.set(Vec::new());
            self.chosen.set(None);
        }
        self.sent.set(None);
        self.batches.set(Vec::new());
        self.id.set(id);
        self.error.set(None);
        self.doing.set(None);
        self.finished.set(false);
        self.following.set(true);
        self.moving.set_value(None);
        self.born.set(None);
        self.gone.set(None);
    }

    fn take_facts(self, view: &ChatView) {
        // An answer that was on its way when the title came must not take it back.
        if view.title.is_some() {
            self.title.set(view.title.clone());
        }
        self.model_of_chat.set(view.model.clone());
        self.total.set(Total {
            cost: view.cost,
            unpriced_calls: view.unpriced_calls,
            input_bound: view.input_bound,
        });
    }

    /// Takes a newer state of the same chat; what is drawn already stays where it is the same.
    pub(super) fn merge(self, view: ChatView) {
        if self.id.get_untracked() != Some(view.id) {
            return;
        }
        self.take_facts(&view);
        let first = view.messages.first().map(|message| message.id);
        self.end_from(first);
        let old = self.lines.get_untracked();
        let overlap = old.iter().position(|line| Some(line.id) == first);
        let mut lines: Vec<Line> = old.iter().take(overlap.unwrap_or(0)).cloned().collect();
        if overlap.is_none() {
            self.earlier.set(view.earlier);
        }
        for message in view.messages {
            if let Some(line) = old.iter().find(|line| line.id == message.id) {
                line.replace(message);
                lines.push(line.clone());
            } else {
                lines.push(Line::new(message));
            }
        }
        let same = lines.len() == old.len() && lines.iter().zip(&old).all(|(a, b)| a.id == b.id);
        if !same {
            self.lines.set(lines);
        }
        self.recognise_sent();
        self.catch_up();
    }
}
