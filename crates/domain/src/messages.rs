//! What a message is made of.

use serde::{Deserialize, Serialize};

use crate::calls::words;
use crate::connections::ProviderKind;

words! {
    /// Who speaks.
    Author {
        /// The member.
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

words! {
    /// Where a message stands.
    MessageState {
        /// A reply that is being written.
        Streaming = "streaming",
        /// Whole.
        Complete = "complete",
        /// The reader pressed stop; the text up to there stays.
        Stopped = "stopped",
        /// The server died; the text up to its last flush stays.
        Interrupted = "interrupted",
        /// The provider or a limit refused; the text so far stays, and a notice says why.
        Failed = "failed",
    }
}

impl MessageState {
    /// True once nothing more will be added.
    pub fn is_final(self) -> bool {
        self != Self::Streaming
    }

    /// True where *continue* makes sense: the reply ended before its end.
    pub fn can_continue(self) -> bool {
        matches!(self, Self::Stopped | Self::Interrupted | Self::Failed)
    }
}

/// Opaque data a provider wants back unchanged with the part it belongs to (thinking signatures
/// and the like). Only ever returned to the provider kind it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderState {
    /// Whose it is.
    pub kind: ProviderKind,
    /// The data, as the provider spelled it.
    pub data: String,
}

/// One part of a message, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MessagePart {
    /// Markdown text.
    Text {
        /// The text.
        text: String,
        /// See [`ProviderState`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_state: Option<ProviderState>,
    },
    /// Reasoning the provider showed.
    Reasoning {
        /// The text; may be empty where only the state matters.
        text: String,
        /// How long the reader waited for it: from the call, or from what was said before it, to its end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_ms: Option<i64>,
        /// See [`ProviderState`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_state: Option<ProviderState>,
    },
    /// A tool the model wants to use.
    ToolCall {
        /// The provider's id, echoed with the result.
        id: String,
        /// Tool name.
        name: String,
        /// JSON text of the arguments.
        arguments: String,
        /// See [`ProviderState`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_state: Option<ProviderState>,
    },
    /// What a tool returned.
    ToolResult {
        /// The id of the tool call.
        call_id: String,
        /// The result as text.
        text: String,
    },
    /// An attachment held in `store::blobs`.
    Blob {
        /// SHA-256 of the content, in hex.
        sha256: String,
        /// Media type chosen by the server.
        media_type: String,
        /// Name to show.
        name: String,
        /// Size.
        size_bytes: i64,
    },
    /// A source the provider cited.
    Citation {
        /// Address.
        url: String,
        /// Title, when there is one.
        title: Option<String>,
    },
}

impl MessagePart {
    /// A text part without provider state.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text {
            text: text.into(),
            provider_state: None,
        }
    }
}

/// The Markdown of all text parts, as a person copies or edits it.
pub fn joined_text(parts: &[MessagePart]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            MessagePart::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    texts.concat()
}

/// The text of all reasoning parts.
pub fn joined_reasoning(parts: &[MessagePart]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            MessagePart::Reasoning { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    texts.concat()
}

/// How long all reasoning took; `None` where that is not known.
pub fn reasoning_ms(parts: &[MessagePart]) -> Option<i64> {
    let durations = parts.iter().filter_map(|part| match part {
        MessagePart::Reasoning { duration_ms, .. } => *duration_ms,
        _ => None,
    });
    durations.reduce(i64::saturating_add)
}
