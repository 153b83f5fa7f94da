//! Conversations as their pages see them, and what their commands take.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::calls::{UsageSource, words};
use crate::messages::{Author, MessageState};
use crate::notice::Notice;
use crate::prices::PriceState;
use crate::time::Timestamp;
use crate::usage::Usage;
use crate::{CallId, ChatId, MemberId, MessageId, NanoUsd};

words! {
    /// Where a number comes from. Shown beside every figure of money.
    Provenance {
        /// The provider's own bill.
        Official = "official",
        /// Counted by the provider, priced by us.
        Metered = "metered",
        /// Counted by us, because the provider did not.
        Estimated = "estimated",
        /// Entered by a person.
        Manual = "manual",
    }
}

/// Most characters of one message a person may send.
pub const MESSAGE_MOST_CHARS: usize = 200_000;
/// Most characters of a chat's title.
pub const TITLE_MOST_CHARS: usize = 200;
/// Most chats that are deleted by one request.
pub const DELETED_MOST: usize = 200;

/// A chat in the history list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatRow {
    /// Id.
    pub id: ChatId,
    /// Title; `None` until it has one.
    pub title: Option<String>,
    /// Last change, by which the list is ordered.
    pub updated_at: Timestamp,
}

/// A chat in the table of all chats, with what it holds and what it has cost, all branches included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatEntry {
    /// As the history has it.
    pub row: ChatRow,
    /// When it began.
    pub created_at: Timestamp,
    /// Messages of both sides.
    pub messages: i64,
    /// What its calls have cost so far.
    pub cost: NanoUsd,
    /// Calls that could not be priced.
    pub unpriced_calls: i64,
}

/// One page of a keyset list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Pass back to get the next page; `None` at the end.
    pub next: Option<String>,
}

/// One finished or open block of a rendered message: safe HTML made on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Sanitised HTML.
    pub html: String,
}

/// The figures under a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyFigures {
    /// The call that made it.
    pub call_id: CallId,
    /// Model id.
    pub model: String,
    /// Tokens.
    pub usage: Usage,
    /// Who counted them.
    pub usage_source: UsageSource,
    /// Whether a price was known.
    pub price_state: PriceState,
    /// Cost; `None` when unpriced.
    pub cost: Option<NanoUsd>,
    /// Milliseconds from sending to the first token.
    pub first_token_ms: Option<i64>,
    /// Milliseconds from sending to the end.
    pub duration_ms: i64,
}

impl ReplyFigures {
    /// Where the cost comes from.
    pub fn provenance(&self) -> Provenance {
        match self.usage_source {
            UsageSource::Reported => Provenance::Metered,
            UsageSource::Estimated => Provenance::Estimated,
        }
    }
}

/// A message on the active branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Id.
    pub id: MessageId,
    /// Who speaks.
    pub author: Author,
    /// Where it stands.
    pub state: MessageState,
    /// Rendered text.
    pub blocks: Vec<Block>,
    /// Rendered reasoning, empty when there is none.
    pub reasoning: Vec<Block>,
    /// How long the reasoning took so far, where that is known.
    pub reasoning_ms: Option<i64>,
    /// Its brothers and sisters under the same parent, itself included, oldest first.
    pub siblings: Vec<MessageId>,
    /// Figures, once a reply is settled.
    pub figures: Option<ReplyFigures>,
    /// Why it failed, or what was changed to make it fit.
    pub notice: Option<Notice>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A chat as its page opens it: the end of the active branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatView {
    /// Id.
    pub id: ChatId,
    /// Title; `None` until it has one.
    pub title: Option<String>,
    /// The model that its last reply came from.
    pub model: Option<String>,
    /// Messages, oldest first.
    pub messages: Vec<MessageView>,
    /// Pass back to load earlier messages; `None` when the first is here.
    pub earlier: Option<MessageId>,
    /// What the whole chat has cost so far, all branches included.
    pub cost: NanoUsd,
    /// Calls of this chat that could not be priced.
    pub unpriced_calls: i64,
    /// Most input tokens that sending the shown branch again can cost, for the price before.
    pub input_bound: i64,
}

/// A message sent by a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// The chat; `None` starts a new one.
    pub chat_id: Option<ChatId>,
    /// The message it answers or follows; `None` for the first.
    pub parent_id: Option<MessageId>,
    /// Markdown text.
    pub text: String,
    /// Model id, or `connection/model`.
    pub model: String,
    /// Names this sending, so that it can be repeated when its answer was lost.
    pub attempt: Option<Attempt>,
}

impl SendMessage {
    /// Whether it made a message.
    pub fn made(&self, member: MemberId, id: MessageId) -> bool {
        self.attempt.is_some_and(|attempt| {
            let attempt = attempt.of_message(member, self.parent_id);
            attempt.made(id.0)
        })
    }
}

/// The name of one sending, made up by who sends: under the same name it is the same message,
/// however often it is sent. Its first bytes are the random part of the ids it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attempt(pub Uuid);

impl Attempt {
    /// The same name, used by somebody, or below something.
    #[must_use]
    pub fn within(self, whose: Uuid) -> Self {
        let mut bytes = self.0.into_bytes();
        for (byte, other) in bytes.iter_mut().zip(whose.into_bytes().into_iter().skip(6)) {
            *byte ^= other;
        }
        Self(Uuid::from_bytes(bytes))
    }

    /// The name under which a member's message below another one is made.
    #[must_use]
    pub fn of_message(self, member: MemberId, parent: Option<MessageId>) -> Self {
        let own = self.within(member.0);
        parent.map_or(own, |parent| own.within(parent.0))
    }

    /// An id for what this sending makes.
    pub fn id<I: From<Uuid>>(self, now: Timestamp) -> I {
        let [random @ .., _, _, _, _, _, _] = self.0.into_bytes();
        MessageId::new(now, random).0.into()
    }

    /// Whether it made an id, at any time.
    pub fn made(self, id: Uuid) -> bool {
        let own: Uuid = self.id(Timestamp(0));
        id.as_bytes()[6..] == own.as_bytes()[6..]
    }
}

/// What a command on a chat started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The chat.
    pub chat_id: ChatId,
    /// The member's message, when the command made one.
    pub message: Option<MessageView>,
    /// The reply that is being written.
    pub reply: MessageView,
}
