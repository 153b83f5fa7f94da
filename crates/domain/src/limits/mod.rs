//! Ceilings over windows, decided in one place for every scope, unit and door.
//!
//! The rules are those of the quota model: half-open windows `[start, end)`, civil rules in an IANA
//! zone, buckets as GCRA. A budget is a limit in money.

mod decide;
#[cfg(feature = "zones")]
pub mod window;

use serde::{Deserialize, Serialize};

pub use decide::{Draw, Room, WindowState, largest_fitting};

use crate::LimitId;
use crate::calls::{Door, words};

words! {
    /// Whose spending a limit bounds.
    ScopeKind {
        /// The whole house.
        House = "house",
        /// A cost group.
        Group = "group",
        /// One member.
        Member = "member",
        /// One gateway key.
        Key = "key",
        /// One connection to a provider.
        Connection = "connection",
    }
}

words! {
    /// What a limit counts.
    Unit {
        /// Nano-USD.
        Money = "money",
        /// Calls.
        Requests = "requests",
        /// Input and output tokens.
        Tokens = "tokens",
    }
}

words! {
    /// Over which time a limit counts.
    WindowKind {
        /// The last minute, as a leaky bucket with a burst of the whole ceiling.
        Minute = "minute",
        /// A civil day in the limit's zone.
        Day = "day",
        /// A civil month in the limit's zone.
        Month = "month",
        /// For ever.
        Total = "total",
    }
}

/// A ceiling over a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Its id.
    pub id: LimitId,
    /// Whose spending it bounds.
    pub scope_kind: ScopeKind,
    /// The member, key, group or connection; nil for the house.
    pub scope_id: uuid::Uuid,
    /// Only calls through this door.
    pub door: Option<Door>,
    /// Only calls of this model.
    pub model: Option<String>,
    /// What is counted.
    pub unit: Unit,
    /// Over which time.
    pub window: WindowKind,
    /// IANA zone of civil windows.
    pub zone: String,
    /// Most that may be used in one window, in the unit.
    pub ceiling: i64,
    /// A soft limit counts and warns, and never refuses.
    pub hard: bool,
}

/// A limit in the list, with the state of its running window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRow {
    /// The limit.
    pub limit: Limit,
    /// The name of what it bounds; empty for the house.
    pub subject: String,
    /// Settled, in the unit.
    pub spent: i64,
    /// Held by open calls, in the unit.
    pub held: i64,
    /// What is left now, in the unit, never below zero; of a bucket what has refilled.
    pub left: i64,
}

/// What an admin enters for a new limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLimit {
    /// Whose spending it bounds.
    pub scope_kind: ScopeKind,
    /// Which of those; nil for the house.
    pub scope_id: uuid::Uuid,
    /// Only calls through this door.
    pub door: Option<Door>,
    /// Only calls of this model.
    pub model: Option<String>,
    /// What is counted.
    pub unit: Unit,
    /// Over which time.
    pub window: WindowKind,
    /// IANA zone; `None` takes the house's.
    pub zone: Option<String>,
    /// Most that may be used in one window, in the unit.
    pub ceiling: i64,
    /// Whether it refuses.
    pub hard: bool,
}

impl Limit {
    /// Money is never a bucket: a budget that refills by the second is no budget.
    pub fn is_sound(&self) -> bool {
        self.ceiling >= 0 && !(self.unit == Unit::Money && self.window == WindowKind::Minute)
    }

    /// Whether the limit counts a call through this door with this model.
    pub fn covers(&self, door: Door, model: &str) -> bool {
        self.door.is_none_or(|only| only == door)
            && self.model.as_deref().is_none_or(|only| only == model)
    }

    /// Whether it bounds money hard, so that an unpriced call must be refused.
    pub fn guards_money(&self) -> bool {
        self.hard && self.unit == Unit::Money
    }
}
