//! The list of calls.

mod address;
mod cost;
mod functions;
mod lines;
mod list;
mod merge;
mod news;
mod page;
mod row;
mod sign;
mod tools;
mod watch;
mod words;

pub(crate) use address::address as calls_address;
pub use functions::{list_calls, read_calls};
pub use page::CallsPage;
pub(crate) use words::{door_name, outcome_name};
