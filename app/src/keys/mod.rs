//! A member's gateway keys.

mod ceilings;
mod create;
mod draft;
mod examples;
mod functions;
mod made;
mod models;
mod page;
mod table;

pub use functions::{KeyState, ListedKey, create_key, load_keys, revoke_key};
pub use page::KeysPage;
