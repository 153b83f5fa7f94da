//! What the house can do: one module a capability. Doors (the web app, the gateway, the command
//! line) come in here, and nothing reaches a provider or the database around it.

pub mod access;
pub mod audit;
pub mod backup;
pub mod calls;
pub mod chats;
pub mod connections;
mod error;
pub mod front;
pub mod gateway;
pub mod guide;
pub mod house;
pub mod keys;
pub mod limits;
pub mod live;
pub mod markdown;
pub mod members;
pub mod metrics;
pub mod models;
pub mod prices;
pub mod problems;
pub mod runtime;
pub mod secrets;
pub mod sessions;
pub mod setup;
pub mod system;
pub mod usage;

mod services;

pub use error::{Error, Result};
pub use services::{Options, Services};
