//! The system page: how the house is doing, and what went wrong lately.

mod facts;
mod functions;
mod instances;
mod page;
mod problems;
mod providers;
mod words;

pub use functions::{list_problems, set_problem, view_system};
pub use page::SystemPage;
pub(crate) use words::problem_words;
