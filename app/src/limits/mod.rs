//! Limits: ceilings over windows, with what is used of them.

mod add;
mod draft;
mod figures;
mod form;
mod functions;
mod page;
mod row;
mod subject_field;
mod table;
mod words;

pub use functions::{
    Subject, Subjects, create_limit, delete_limit, list_limit_subjects, list_limits,
};
pub use page::LimitsPage;
pub(crate) use words::{amount, scope_name, window_name};
