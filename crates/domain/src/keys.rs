//! Gateway keys as their owner sees and sets them.

use serde::{Deserialize, Serialize};

use crate::limits::{Unit, WindowKind};
use crate::time::Timestamp;
use crate::{KeyId, NanoUsd};

/// What every key starts with.
pub const KEY_PREFIX: &str = "sk-purser-";

/// A ceiling of a key with its use in the running window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCeiling {
    /// What is counted.
    pub unit: Unit,
    /// Over which time.
    pub window: WindowKind,
    /// The ceiling, in the unit.
    pub ceiling: i64,
    /// Used in the running window, in the unit.
    pub used: i64,
}

/// A key in the list. The secret is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Id.
    pub id: KeyId,
    /// What its owner calls it.
    pub name: String,
    /// Last four characters of the secret.
    pub tail: String,
    /// Models it may use; empty means all that its owner may use.
    pub models: Vec<String>,
    /// Its own limits.
    pub ceilings: Vec<KeyCeiling>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it dies by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What a member enters for a new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: String,
    /// Models it may use; empty means all that its owner may use.
    pub models: Vec<String>,
    /// Budget in nano-USD.
    pub budget: Option<NanoUsd>,
    /// Window of the budget: day, month or total.
    pub budget_window: WindowKind,
    /// Most requests a minute.
    pub requests_per_minute: Option<i64>,
    /// Most tokens a minute.
    pub tokens_per_minute: Option<i64>,
    /// Days until it dies by itself.
    pub expires_in_days: Option<i32>,
}

/// A key that was just made: the only time its secret is seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeKey {
    /// Its row.
    pub row: KeyRow,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeKey")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}
