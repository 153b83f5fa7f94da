//! The members page.

mod page;

pub use page::MembersPage;
