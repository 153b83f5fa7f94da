//! Models as people choose them.

use serde::{Deserialize, Serialize};

use crate::connections::ProviderKind;
use crate::prices::{PriceState, Rates};

/// A price as shown: nano-USD per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceView {
    /// Whether there is one.
    pub state: PriceState,
    /// The figures of a priced model.
    pub rates: Option<Rates>,
}

impl PriceView {
    /// For a model nobody has priced.
    pub const UNPRICED: Self = Self {
        state: PriceState::Unpriced,
        rates: None,
    };
}

/// A model that the member may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelChoice {
    /// What a request names: the provider's id, or `connection/model`.
    pub id: String,
    /// Name to show.
    pub label: String,
    /// Whose dialect it is reached by.
    pub kind: ProviderKind,
    /// Names of the connections that serve it.
    pub connections: Vec<String>,
    /// Most tokens it reads.
    pub context_tokens: Option<i64>,
    /// Most tokens it writes.
    pub max_output_tokens: Option<i64>,
    /// Most tokens of a reply to a request that names no maximum, as the house counts it.
    pub default_output_tokens: i64,
    /// Whether it sees images.
    pub vision: bool,
    /// Whether it reasons.
    pub reasoning: bool,
    /// The dearest price over its connections.
    pub price: PriceView,
}
