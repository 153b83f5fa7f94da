//! What a person sees: one folder a capability, each with its pages, components and server functions.
//!
//! The same code draws a page on the server and brings it to life in the browser. Sign-in, set-up
//! and one-time links are drawn on the server alone and work without any of it.

#![expect(
    unreachable_pub,
    reason = "#[component] makes public what its module keeps to itself"
)]

mod address;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
mod later;
mod look;
mod page_data;
pub mod plain;
pub mod reader;
mod root;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod ui;

pub mod account;
pub mod audit;
pub mod calls;
pub mod chats;
pub mod connections;
pub mod design;
#[cfg(feature = "ssr")]
pub mod front;
pub mod guide;
pub mod home;
pub mod installed;
pub mod keys;
pub mod limits;
pub mod members;
pub mod models;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod system;
pub mod usage;

#[cfg(feature = "hydrate")]
pub use later::fetch_tools;
pub use root::{App, bring_piece};
