//! The list of calls.

mod cost;
mod functions;
mod list;
mod load_more;
mod page;
mod row;
mod words;

pub use functions::list_calls;
pub(crate) use load_more::LoadMore;
pub use page::CallsPage;
pub(crate) use words::door_name;
