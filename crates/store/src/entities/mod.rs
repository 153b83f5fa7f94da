//! One module a table: the shapes of rows, generated-looking and free of rules.

#![expect(
    unreachable_pub,
    reason = "DeriveEntityModel names its items in public signatures"
)]

pub(crate) mod audit;
pub(crate) mod call_attempts;
pub(crate) mod calls;
pub(crate) mod chats;
pub(crate) mod connection_models;
pub(crate) mod connections;
pub(crate) mod instances;
pub(crate) mod keys;
pub(crate) mod limit_windows;
pub(crate) mod limits;
pub(crate) mod member_identities;
pub(crate) mod members;
pub(crate) mod message_calls;
pub(crate) mod messages;
pub(crate) mod one_time_secrets;
pub(crate) mod open_calls;
pub(crate) mod prices;
pub(crate) mod problems;
pub(crate) mod reply_events;
pub(crate) mod revisions;
pub(crate) mod rollups;
pub(crate) mod sessions;
pub(crate) mod settings;
