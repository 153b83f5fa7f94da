//! What went wrong in the house lately, equal failures together, and who looks after it.

use serde::{Deserialize, Serialize};

use crate::ProblemId;
use crate::calls::words;
use crate::time::Timestamp;

words! {
    /// What kind of thing went wrong.
    ProblemKind {
        /// A provider failed; the subject is the connection, the cause the outcome.
        ProviderFailed = "provider_failed",
        /// Settlements could not be written and wait in memory.
        SettlementUnwritten = "settlement_unwritten",
        /// Calls could not be opened, or a lease not be renewed.
        DatabaseFailed = "database_failed",
        /// The revisions could not be read: changes made elsewhere wait.
        SnapshotStale = "snapshot_stale",
        /// Calls of an instance that died were settled from their last progress.
        CallsRecovered = "calls_recovered",
        /// A forgetful job failed and is tried again.
        SweepFailed = "sweep_failed",
    }
}

words! {
    /// What became of a problem.
    ProblemState {
        /// Nobody has looked at it yet.
        Open = "open",
        /// Somebody looks after it.
        Acknowledged = "acknowledged",
        /// Somebody says it is over. If it happens again it is open again.
        Resolved = "resolved",
    }
}

/// A problem in the list: equal failures of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemView {
    /// Id.
    pub id: ProblemId,
    /// What kind.
    pub kind: ProblemKind,
    /// Of what, by its name at the last time; empty for the house itself.
    pub subject: String,
    /// Why, as a stable word; empty where the kind says it all.
    pub cause: String,
    /// The failing side's own words, shortened; never a secret.
    pub detail: String,
    /// What became of it.
    pub state: ProblemState,
    /// How often it happened.
    pub count: i64,
    /// When first.
    pub first_seen: Timestamp,
    /// When last.
    pub last_seen: Timestamp,
    /// Who changed its state last; `None` when nobody has, or the house reopened it.
    pub changed_by: Option<String>,
    /// When its state changed last.
    pub changed_at: Option<Timestamp>,
}
