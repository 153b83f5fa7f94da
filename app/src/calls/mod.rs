//! The list of calls.

mod address;
mod cost;
mod functions;
mod list;
mod page;
mod row;
mod tools;
mod words;

pub(crate) use address::address as calls_address;
pub use functions::list_calls;
pub use page::CallsPage;
pub(crate) use words::{door_name, outcome_name};
