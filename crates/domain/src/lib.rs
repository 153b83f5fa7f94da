//! The words and rules of the house as pure types.
//!
//! Used by every other crate, natively and in the browser. Nothing in here reads a clock, draws
//! randomness or does I/O: what a rule needs to know comes in as an argument.

pub mod audit;
pub mod calls;
pub mod chats;
pub mod connections;
pub mod error;
pub mod format;
pub mod front;
pub mod guide;
pub mod ids;
pub mod keys;
pub mod limits;
pub mod live;
pub mod look;
pub mod messages;
pub mod models;
pub mod money;
pub mod notice;
pub mod people;
pub mod prices;
pub mod problems;
pub mod system;
pub mod time;
mod told;
pub mod usage;

pub use error::AppError;
pub use ids::{
    AttemptId, AuditId, CallId, ChatId, ConnectionId, InstanceId, KeyId, LimitId, MemberId,
    MessageId, PriceId, ProblemId, SessionId,
};
pub use money::NanoUsd;
pub use notice::Notice;
pub use time::Timestamp;
pub use usage::Usage;
