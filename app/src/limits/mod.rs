//! The limits page.

mod page;

pub use page::LimitsPage;
