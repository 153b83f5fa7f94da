//! The member's own password, logins, and what this device keeps.

mod device;
mod functions;
mod kept;
mod look;
mod page;
mod password;
mod sessions;

pub use functions::{change_password, end_session, load_sessions};
pub use page::AccountPage;
