//! The models a member may use, with what they cost.

mod functions;
mod listing;
mod page;
mod price_cells;
mod pricing;
mod search;
mod search_box;
mod table;

pub use functions::list_models;
pub use page::ModelsPage;
pub(crate) use price_cells::PriceCells;
pub(crate) use search::found;
