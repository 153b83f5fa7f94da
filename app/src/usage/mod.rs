//! What was used: the figures of the home page, and a member's own by model and by key.

mod functions;
mod page;
mod sort;
mod table;

pub use functions::{Charts, HomeView, load_home, load_usage};
pub use page::UsagePage;
pub(crate) use table::known_cost;
