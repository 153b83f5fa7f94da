//! The audit trail.

mod page;

pub use page::AuditPage;
