//! Setting the house up.

mod page;

pub use page::{SetUpEntries, SetUpPage};
