//! The audit trail.

mod functions;
mod list;
mod page;
mod words;

pub use functions::list_acts;
pub use page::AuditPage;
