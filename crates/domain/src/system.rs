//! The state of the house as its operator sees it.

use serde::{Deserialize, Serialize};

use crate::connections::ConnectionRow;
use crate::time::Timestamp;
use crate::{InstanceId, NanoUsd};

/// Everything of the system page but the problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemView {
    /// Version of the program that answers.
    pub version: String,
    /// The database.
    pub database: DatabaseView,
    /// Processes of the house, oldest first.
    pub instances: Vec<InstanceView>,
    /// Calls that are open, on every instance.
    pub open_calls: i64,
    /// Money held for them.
    pub held: NanoUsd,
    /// What the instance that answers has to do just now.
    pub work: WorkView,
    /// Connections with how they are doing, as the instance that answers knows it.
    pub connections: Vec<ConnectionRow>,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseView {
    /// `SQLite` or `PostgreSQL`.
    pub engine: String,
    /// Its version, in its own words.
    pub version: String,
    /// Bytes it takes.
    pub size_bytes: i64,
    /// The last migration that was applied.
    pub migration: String,
}

/// A process of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceView {
    /// Id.
    pub id: InstanceId,
    /// Whether it is the one that answers.
    pub is_this: bool,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// When it last showed that it lives; `None` before its first lease.
    pub seen_at: Option<Timestamp>,
}

/// What one instance has to do just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkView {
    /// Calls that run.
    pub running_calls: i64,
    /// Money held for them.
    pub held: NanoUsd,
    /// Calls that wait to be opened.
    pub waiting_to_open: i64,
    /// Calls that wait to be settled.
    pub waiting_to_settle: i64,
    /// Settlements that the database did not take yet.
    pub unwritten_settlements: i64,
    /// Open live connections.
    pub live_readers: i64,
    /// Milliseconds since the revisions were last read.
    pub snapshot_age_ms: i64,
    /// Memory of the process; 0 when unknown.
    pub memory_bytes: i64,
}
