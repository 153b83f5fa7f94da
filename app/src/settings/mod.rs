//! What holds for the whole house.

mod front;
mod functions;
mod page;

pub use functions::{load_front_page, set_front_page};
pub use page::SettingsPage;
