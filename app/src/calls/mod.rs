//! The list of calls.

mod page;

pub use page::CallsPage;
