//! The design language on one page: every shell in its states, for those who build with it. Its
//! pictures are compared in the tests.

mod marks;
mod page;
mod reading;
mod shells;

pub use page::DesignPage;
