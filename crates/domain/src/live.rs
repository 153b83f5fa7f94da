//! What travels over a tab's one live connection.
//!
//! Each event carries the id `run:position`. A reader that comes back with the same run and a
//! position still in the buffer gets what it missed; any other first gets one snapshot of every
//! reply that is being written for the member.

use serde::{Deserialize, Serialize};

use crate::chats::{Block, ChatRow, MessageView};
use crate::messages::MessageState;
use crate::notice::Notice;
use crate::{ChatId, MessageId};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LiveEvent {
    /// Which build of the browser's files the server has; the first event of every connection. It has
    /// no place in the order, so that a reader comes back with the id of what it heard before.
    Build {
        /// Its id.
        id: String,
    },
    /// What the reader has may be old: a reply it still sees running may have ended.
    Reset,
    /// Everything known of one reply: replaces what the reader has of it.
    Snapshot {
        /// Its chat.
        chat_id: ChatId,
        /// The reply.
        message: Box<MessageView>,
    },
    /// Blocks from `from` on replace the reader's blocks from there on.
    Text {
        /// The reply.
        message_id: MessageId,
        /// Index of the first block that changed.
        from: u32,
        /// The changed blocks.
        blocks: Vec<Block>,
    },
    /// Likewise for the reasoning.
    Reasoning {
        /// The reply.
        message_id: MessageId,
        /// Index of the first block that changed.
        from: u32,
        /// The changed blocks.
        blocks: Vec<Block>,
        /// How long it took so far.
        duration_ms: Option<i64>,
    },
    /// The reply is final and its settlement durable.
    Finished {
        /// Its chat.
        chat_id: ChatId,
        /// The whole reply.
        message: Box<MessageView>,
    },
    /// A chat is new, got a title, or moved to the top.
    Chat {
        /// Its row.
        row: ChatRow,
    },
    /// A chat was deleted.
    ChatDeleted {
        /// Which.
        chat_id: ChatId,
    },
    /// Something to tell the person.
    Told {
        /// What.
        notice: Notice,
    },
    /// The session has ended: reload.
    SignedOut,
}

impl LiveEvent {
    /// The reply an event belongs to.
    pub fn message_id(&self) -> Option<MessageId> {
        match self {
            Self::Snapshot { message, .. } | Self::Finished { message, .. } => Some(message.id),
            Self::Text { message_id, .. } | Self::Reasoning { message_id, .. } => Some(*message_id),
            Self::Build { .. }
            | Self::Reset
            | Self::Chat { .. }
            | Self::ChatDeleted { .. }
            | Self::Told { .. }
            | Self::SignedOut => None,
        }
    }
}

/// Applies an event to a message; returns false when it belongs to another one.
pub fn apply(message: &mut MessageView, event: &LiveEvent) -> bool {
    if event.message_id() != Some(message.id) {
        return false;
    }
    match event {
        LiveEvent::Snapshot { message: newer, .. } | LiveEvent::Finished { message: newer, .. } => {
            message.clone_from(newer);
        }
        // A late piece of a reply that is final already changes nothing.
        _ if message.state != MessageState::Streaming => {}
        LiveEvent::Text { from, blocks, .. } => splice(&mut message.blocks, *from, blocks),
        LiveEvent::Reasoning {
            from,
            blocks,
            duration_ms,
            ..
        } => {
            splice(&mut message.reasoning, *from, blocks);
            message.reasoning_ms = *duration_ms;
        }
        LiveEvent::Build { .. }
        | LiveEvent::Reset
        | LiveEvent::Chat { .. }
        | LiveEvent::ChatDeleted { .. }
        | LiveEvent::Told { .. }
        | LiveEvent::SignedOut => {}
    }
    true
}

fn splice(blocks: &mut Vec<Block>, from: u32, newer: &[Block]) {
    blocks.truncate(usize::try_from(from).unwrap_or(usize::MAX));
    blocks.extend_from_slice(newer);
}
