//! Stories told through the real door, on SQLite and on PostgreSQL. One binary, so that the house
//! is linked once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod backup;
mod binary;
mod calls;
mod chats;
mod connections;
mod front;
mod gateway;
mod guide;
mod installed;
mod keys;
mod listen;
mod master_keys;
mod members;
mod openapi;
mod rules;
mod secrets;
mod sessions;
mod setup;
mod system;
mod upgrade;
mod usage;
