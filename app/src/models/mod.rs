//! The models a member may use, with what they cost.

mod page;

pub use page::ModelsPage;
