//! The list of calls.

mod cost;
mod functions;
mod list;
mod page;
mod row;
mod words;

pub use functions::list_calls;
pub use page::CallsPage;
pub(crate) use words::{door_name, outcome_name};
