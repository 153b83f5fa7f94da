//! Credentials at providers, as admins see and set them.

use serde::{Deserialize, Serialize};

use crate::ConnectionId;
use crate::calls::{ProviderFailure, words};
use crate::time::Timestamp;

words! {
    /// Which dialect a connection speaks, and whose price list applies.
    ProviderKind {
        /// In process, free, for the first minutes.
        Demo = "demo",
        /// `OpenAI` itself.
        OpenAi = "openai",
        /// Anything else that speaks its chat completions.
        OpenAiCompatible = "openai-compatible",
        /// Anthropic.
        Anthropic = "anthropic",
        /// Google Gemini by API key.
        Gemini = "gemini",
    }
}

impl ProviderKind {
    /// The provider's public address; `None` where an admin must enter one, or none is needed.
    pub fn default_base_url(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("https://api.openai.com/v1"),
            Self::Anthropic => Some("https://api.anthropic.com"),
            Self::Gemini => Some("https://generativelanguage.googleapis.com/v1beta"),
            Self::Demo | Self::OpenAiCompatible => None,
        }
    }

    /// Whether it cannot work without a key. A local model server may have none.
    pub fn needs_key(self) -> bool {
        matches!(self, Self::OpenAi | Self::Anthropic | Self::Gemini)
    }

    /// Whether its answers never cost anything.
    pub fn is_free(self) -> bool {
        self == Self::Demo
    }
}

/// How a connection has been doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "health", rename_all = "snake_case")]
pub enum Health {
    /// Nothing known against it.
    Ok,
    /// Passed over until an instant, after failures.
    CoolingDown {
        /// Until when.
        until: Timestamp,
        /// The last failure.
        failure: ProviderFailure,
    },
}

/// A connection in the list. The key itself never leaves the house again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRow {
    /// Id.
    pub id: ConnectionId,
    /// Dialect.
    pub kind: ProviderKind,
    /// Name, also the prefix in `name/model`.
    pub name: String,
    /// Address; empty for the demo.
    pub base_url: String,
    /// Whether a key is stored.
    pub has_key: bool,
    /// The last four characters of the key; empty where they would give too much of it away.
    pub key_tail: String,
    /// Whether calls may use it.
    pub enabled: bool,
    /// Share of the calls among connections that serve the same model; 0 keeps it as a fallback.
    pub weight: i32,
    /// How it is doing.
    pub health: Health,
    /// Models found at it.
    pub models_found: i64,
    /// Models of those that are switched on.
    pub models_enabled: i64,
}

/// What an admin enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConnection {
    /// Dialect.
    pub kind: ProviderKind,
    /// Name.
    pub name: String,
    /// Address; empty takes the provider's own.
    pub base_url: String,
    /// The key; may be empty where none is needed.
    pub key: String,
    /// See [`ConnectionRow::weight`].
    pub weight: i32,
}

/// A change; the key stays when it is `None`, which a changed address does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditConnection {
    /// Which.
    pub id: ConnectionId,
    /// Name.
    pub name: String,
    /// Address.
    pub base_url: String,
    /// A new key.
    pub key: Option<String>,
    /// Whether calls may use it.
    pub enabled: bool,
    /// See [`ConnectionRow::weight`].
    pub weight: i32,
}

/// What a test of a connection showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTest {
    /// Milliseconds to the answer.
    pub latency_ms: i64,
    /// Models the provider listed.
    pub models_found: i64,
    /// Account facts the provider told, as pairs of its own words.
    pub facts: Vec<(String, String)>,
    /// The provider's refusal.
    pub failure: Option<ProviderFailure>,
}

/// A model at a connection, as the connection's page lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionModelRow {
    /// The provider's own id.
    pub model: String,
    /// Name to show, when the provider tells one.
    pub label: Option<String>,
    /// Whether it can chat.
    pub chat: bool,
    /// Whether members may use it.
    pub enabled: bool,
    /// What it costs.
    pub price: crate::models::PriceView,
    /// Whether the provider still lists it.
    pub listed: bool,
}
