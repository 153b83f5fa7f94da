//! Models as people choose them.

use serde::{Deserialize, Serialize};

use crate::connections::ProviderKind;
use crate::people::Fault;
use crate::prices::{PriceState, Rates};

/// Longest id of a model that may be asked for, in bytes, the name of its connection included.
pub const MODEL_ID_MOST_BYTES: usize = 300;

/// Whether something can be the id of a model, served or not: what is asked for is written down.
///
/// # Errors
/// `Empty`, `TooLong`, or `Malformed` where it holds control characters.
pub fn check_model_id(id: &str) -> Result<(), Fault> {
    if id.is_empty() {
        return Err(Fault::Empty);
    }
    if id.len() > MODEL_ID_MOST_BYTES {
        return Err(Fault::TooLong);
    }
    if id.chars().any(char::is_control) {
        return Err(Fault::Malformed);
    }
    Ok(())
}

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
