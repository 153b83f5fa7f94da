//! The audit trail as its page lists it.

use serde::{Deserialize, Serialize};

use crate::AuditId;
use crate::time::Timestamp;

/// An act in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// Id, also the cursor.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the command line and the house itself.
    pub actor: Option<String>,
    /// What, by its stable name.
    pub action: String,
    /// To whom or what, by its name at the time.
    pub subject: String,
    /// More words.
    pub detail: String,
    /// Where the request came from.
    pub address: String,
}
