//! The writer of one reply: follows its call, renders what comes, shows it to every tab, logs it,
//! and ends it. It runs by itself; no tab has to stay open.

mod room;

use std::time::Duration;

use domain::calls::Outcome;
use domain::chats::{MessageView, ReplyFigures};
use domain::live::LiveEvent;
use domain::messages::{
    MessagePart, MessageState, ProviderState, joined_reasoning, joined_text, reasoning_ms,
};
use domain::{MemberId, MessageId, Notice};
use providers::Event;
use store::chats::Chat;
use store::messages::Message;
use tokio_util::sync::CancellationToken;

use self::room::{Room, weight};
use super::log::append;
use super::view::figures;
use crate::access::{Caller, SignedIn};
use crate::calls::{Piece, Running, Settled};
use crate::markdown::Growing;
use crate::{Error, Result, Services};

/// What has come is shown at most this often: faster than anyone reads, slower than tokens come.
const SHOW_EVERY: Duration = Duration::from_millis(50);
/// A reply that the database did not take is offered again after this.
const END_AGAIN: Duration = Duration::from_secs(1);
/// One reply that is being written.
pub(super) struct Writing {
    services: Services,
    owner: MemberId,
    caller: Caller,
    chat: Chat,
    reply: Message,
    siblings: Vec<MessageId>,
    text: Growing,
    reasoning: Growing,
    notice: Option<Notice>,
    room: Room,
    /// When the last part of it came, on the clock that never jumps.
    since_ms: i64,
}

impl Writing {
    pub(super) fn new(
        services: Services,
        who: &SignedIn,
        chat: Chat,
        reply: Message,
        siblings: Vec<MessageId>,
    ) -> Self {
        let mut text = Growing::default();
        text.push(&joined_text(&reply.parts));
        let mut reasoning = Growing::default();
        reasoning.push(&joined_reasoning(&reply.parts));
        Self {
            since_ms: services.runtime().clock.monotonic_ms(),
            services,
            owner: who.member_id,
            caller: who.caller(),
            chat,
            room: Room::beside(&reply.parts),
            reply,
            siblings,
            text,
            reasoning,
            notice: None,
        }
    }

    /// Starts writing, or ends the reply at once with why it was not admitted.
    pub(super) async fn start(
        mut self,
        admitted: Result<Running>,
        stop: CancellationToken,
        question: Option<Message>,
    ) -> MessageView {
        match admitted {
            Ok(running) => {
                if running.output_lowered {
                    self.notice = running
                        .injected_output
                        .map(|tokens| Notice::OutputLowered { tokens });
                }
                let view = self.view(None);
                if let Err(error) = self.link(&running).await {
                    tracing::error!(%error, reply = %self.reply.id, "a reply is not linked to its call");
                }
                let services = self.services.clone();
                services
                    .runtime()
                    .tasks
                    .start(self.run(running, stop, question));
                view
            }
            Err(error) => {
                let notice = match error {
                    Error::Known(domain::AppError::Refused { refusal }) => {
                        Some(Notice::Refused { refusal })
                    }
                    error => {
                        tracing::error!(%error, reply = %self.reply.id, "a reply could not be started");
                        Some(Notice::SettlementPending)
                    }
                };
                self.refuse(notice).await
            }
        }
    }

    async fn link(&self, running: &Running) -> Result<()> {
        let tx = self.services.store().write().await?;
        tx.message_call_create(self.reply.id, running.call_id, self.chat.id)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn run(
        mut self,
        mut running: Running,
        stop: CancellationToken,
        question: Option<Message>,
    ) {
        self.services.inner.reply_log.begin(self.reply.id);
        let mut show = tokio::time::interval(SHOW_EVERY);
        show.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut dirty = false;
        let mut settled = None;
        loop {
            tokio::select! {
                piece = running.pieces.recv() => match piece {
                    Some(Piece::Frame(frame)) => dirty |= self.take(&frame.events),
                    Some(Piece::Whole(whole)) => dirty |= self.take(&whole.events),
                    Some(Piece::Settled(told)) => settled = Some(*told),
                    None => break,
                },
                () = stop.cancelled(), if !running.stop.is_cancelled() => running.stop.cancel(),
                _ = show.tick(), if dirty => {
                    self.show();
                    dirty = false;
                }
            }
            if self.room.outgrown && !running.stop.is_cancelled() {
                // Booked up to here, like a reply that its reader stops.
                running.stop.cancel();
            }
        }
        self.finish(settled, question).await;
    }

    /// Takes in what the provider said; true when there is something new to show.
    fn take(&mut self, events: &[Event]) -> bool {
        let mut visible = false;
        let now_ms = self.services.runtime().clock.monotonic_ms();
        for event in events {
            let Some(part) = self
                .part(event, now_ms)
                .and_then(|part| self.room.fit(part))
            else {
                continue;
            };
            self.since_ms = now_ms;
            match &part {
                MessagePart::Text { text, .. } if !text.is_empty() => {
                    self.text.push(text);
                    visible = true;
                }
                MessagePart::Reasoning { text, .. } if !text.is_empty() => {
                    self.reasoning.push(text);
                    visible = true;
                }
                _ => {}
            }
            self.services
                .inner
                .reply_log
                .add(self.reply.id, part.clone(), weight(&part));
            let parts = self.reply.parts.len();
            append(&mut self.reply.parts, std::iter::once(part));
            if self.reply.parts.len() > parts {
                self.room.begin_part();
            }
        }
        visible
    }

    /// What an event adds to the message; `None` for what is not part of it.
    fn part(&self, event: &Event, now_ms: i64) -> Option<MessagePart> {
        Some(match event {
            Event::Text(text) if !text.is_empty() => MessagePart::text(text.clone()),
            // An empty one begins a part that only carries a state.
            Event::Reasoning(text) => MessagePart::Reasoning {
                text: text.clone(),
                duration_ms: Some(now_ms.saturating_sub(self.since_ms)),
                provider_state: None,
            },
            Event::ToolCall {
                index,
                id,
                name,
                arguments,
            } => MessagePart::ToolCall {
                id: id.clone().unwrap_or_else(|| self.tool_call_id(*index)),
                name: name.clone().unwrap_or_default(),
                arguments: arguments.clone(),
                provider_state: None,
            },
            Event::State(state) => self.state_part(state.clone(), now_ms),
            Event::Citation { url, title } => MessagePart::Citation {
                url: url.clone(),
                title: title.clone(),
            },
            Event::Text(_)
            | Event::Usage(_)
            | Event::Cost(_)
            | Event::Other { .. }
            | Event::Finish(_)
            | Event::Done => return None,
        })
    }

    /// A provider's state as an addition to the part it belongs to: the one written last.
    fn state_part(&self, state: ProviderState, now_ms: i64) -> MessagePart {
        let provider_state = Some(state);
        let thinks = matches!(self.reply.parts.last(), Some(MessagePart::Reasoning { .. }));
        match self.reply.parts.last() {
            Some(MessagePart::Text {
                provider_state: None,
                ..
            }) => MessagePart::Text {
                text: String::new(),
                provider_state,
            },
            Some(MessagePart::ToolCall {
                id,
                provider_state: None,
                ..
            }) => MessagePart::ToolCall {
                id: id.clone(),
                name: String::new(),
                arguments: String::new(),
                provider_state,
            },
            _ => MessagePart::Reasoning {
                text: String::new(),
                duration_ms: thinks.then(|| now_ms.saturating_sub(self.since_ms)),
                provider_state,
            },
        }
    }

    /// Later pieces of a tool call come without its id.
    fn tool_call_id(&self, index: u32) -> String {
        let known = self.reply.parts.iter().rev().find_map(|part| match part {
            MessagePart::ToolCall { id, .. } => Some(id.clone()),
            _ => None,
        });
        known.unwrap_or_else(|| format!("call_{index}"))
    }

    /// Shows what has come since the last time.
    fn show(&mut self) {
        let message_id = self.reply.id;
        if let Some((from, blocks)) = self.reasoning.update() {
            let event = LiveEvent::Reasoning {
                message_id,
                from,
                blocks,
                duration_ms: reasoning_ms(&self.reply.parts),
            };
            self.services.hub().publish(self.owner, event);
        }
        if let Some((from, blocks)) = self.text.update() {
            let event = LiveEvent::Text {
                message_id,
                from,
                blocks,
            };
            self.services.hub().publish(self.owner, event);
        }
    }

    async fn finish(self, settled: Option<Settled>, question: Option<Message>) {
        let (state, notice) = match &settled {
            None => (MessageState::Interrupted, Some(Notice::Interrupted)),
            Some(settled) if !settled.durable => {
                (MessageState::Failed, Some(Notice::SettlementPending))
            }
            // The call was only stopped; that we stopped it is what has to be told.
            Some(_) if self.room.outgrown => (MessageState::Failed, Some(Notice::ReplyTooLong)),
            Some(settled) => match (&settled.failure, settled.outcome) {
                (Some(failure), _) => (
                    MessageState::Failed,
                    Some(Notice::ProviderFailed {
                        failure: failure.clone(),
                    }),
                ),
                (None, Outcome::Stopped) => (MessageState::Stopped, None),
                (None, Outcome::Interrupted) => {
                    (MessageState::Interrupted, Some(Notice::Interrupted))
                }
                (None, _) => (MessageState::Complete, self.notice.clone()),
            },
        };
        let services = self.services.clone();
        let _errand = services.inner.calls.errand();
        let caller = self.caller.clone();
        let chat = self.chat.clone();
        let answer = joined_text(&self.reply.parts);
        let call_id = settled.as_ref().map(|settled| settled.call_id);
        self.end(state, notice, settled.as_ref()).await;
        if let (true, Some(question), Some(call_id)) = (chat.title.is_none(), question, call_id) {
            services
                .write_title(
                    caller,
                    chat,
                    call_id,
                    &joined_text(&question.parts),
                    &answer,
                )
                .await;
        }
    }

    /// Makes the reply final, durably, and only then tells the tabs. A database that does not take it
    /// now is asked again until it does: a reply that was shown whole must not be less after a reload.
    async fn end(
        mut self,
        state: MessageState,
        notice: Option<Notice>,
        settled: Option<&Settled>,
    ) -> MessageView {
        self.close(state, notice);
        let cutting = self.services.runtime().tasks.cutting().clone();
        while let Err(error) = self.write_end().await {
            // Left as it is when the server goes down: ended from its log at the next start.
            tracing::error!(%error, reply = %self.reply.id, "a reply waits for the database to be made final");
            tokio::select! {
                () = cutting.cancelled() => break,
                () = tokio::time::sleep(END_AGAIN) => {}
            }
        }
        self.tell_end(settled).await
    }

    /// Ends a reply that never began, and answers at once, whether or not the database takes it now.
    async fn refuse(mut self, notice: Option<Notice>) -> MessageView {
        self.close(MessageState::Failed, notice.clone());
        match self.write_end().await {
            Ok(()) => self.tell_end(None).await,
            Err(error) => {
                tracing::error!(%error, reply = %self.reply.id, "a reply waits for the database to be made final");
                let view = self.view(None);
                let tasks = self.services.runtime().tasks.clone();
                tasks.start(async move {
                    self.end(MessageState::Failed, notice, None).await;
                });
                view
            }
        }
    }

    fn close(&mut self, state: MessageState, notice: Option<Notice>) {
        self.reply.state = state;
        self.notice = notice;
        self.text.finish();
        self.reasoning.finish();
    }

    async fn write_end(&self) -> Result<()> {
        let now = self.services.runtime().now();
        let tx = self.services.store().write().await?;
        tx.message_finish(
            self.reply.id,
            self.reply.state,
            &self.reply.parts,
            self.notice.as_ref(),
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell_end(self, settled: Option<&Settled>) -> MessageView {
        self.services.inner.reply_log.end(self.reply.id);
        let figures = match settled {
            Some(_) => self.figures().await,
            None => None,
        };
        let view = self.view(figures);
        self.services
            .hub()
            .finish(self.owner, self.chat.id, view.clone());
        view
    }

    async fn figures(&self) -> Option<ReplyFigures> {
        let calls = self.services.calls_of(&[self.reply.id]).await;
        calls
            .ok()?
            .get(&self.reply.id)
            .and_then(|calls| figures(calls))
    }

    fn view(&self, figures: Option<ReplyFigures>) -> MessageView {
        MessageView {
            id: self.reply.id,
            author: self.reply.author,
            state: self.reply.state,
            blocks: self.text.blocks(),
            reasoning: self.reasoning.blocks(),
            reasoning_ms: reasoning_ms(&self.reply.parts),
            siblings: self.siblings.clone(),
            figures,
            notice: self.notice.clone(),
            created_at: self.reply.created_at,
        }
    }
}
