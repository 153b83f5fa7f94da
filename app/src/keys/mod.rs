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

pub(crate) use ceilings::ceiling_words;
pub use functions::{KeyState, ListedKey, create_key, load_keys, revoke_key};
pub use page::KeysPage;
