//! The member's own password and logins.

mod page;

pub use page::AccountPage;
