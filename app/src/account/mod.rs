//! The member's own password and logins.

mod device;
mod functions;
mod page;
mod password;
mod sessions;

pub use functions::{change_password, end_session, load_sessions};
pub use page::AccountPage;
