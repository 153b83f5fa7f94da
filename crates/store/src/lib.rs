//! Rows and queries: with `migration` the only crate that names `SeaORM`.
//!
//! One code for SQLite and PostgreSQL. Reads are methods of [`Store`], writes of [`WriteTx`], so
//! that nothing can be written outside a transaction that its service opened. Time and ids come
//! from the caller and are saved as given.

pub mod audit;
pub mod backup;
pub mod calls;
pub mod chats;
pub mod connections;
mod convert;
mod durable;
mod entities;
mod error;
pub mod instances;
mod integrity;
pub mod keys;
mod ledger;
pub mod limits;
pub mod members;
pub mod messages;
mod open;
pub mod prices;
pub mod problems;
pub mod revisions;
pub mod rollups;
pub mod sealed;
pub mod sessions;
pub mod settings;
pub mod system;
pub mod usage;
mod write;

pub use error::{StoreError, Taken};
pub use ledger::{Books, Found, Wanted};
pub use open::{Engine, OpenOptions, Store};
pub use write::{Durability, WriteTx};

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, StoreError>;
