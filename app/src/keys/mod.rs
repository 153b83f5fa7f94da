//! The member's gateway keys.

mod page;

pub use page::KeysPage;
