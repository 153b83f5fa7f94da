//! Connections to providers: the list, one connection with its models, and what they cost.

mod add;
mod detail;
mod draft;
mod edit;
mod facts;
mod form;
mod functions;
mod health;
mod kind;
mod model_filter;
mod model_line;
mod model_list;
mod models;
mod page;
mod price;
mod price_dialog;
mod price_form;
mod table;
mod test_panel;

pub use detail::ConnectionPage;
pub use functions::{
    change_connection, create_connection, delete_connection, enable_models, list_connection_models,
    list_connections, set_price, sync_connection, test_connection,
};
pub(crate) use health::HealthWords;
pub(crate) use kind::kind_name;
pub(crate) use model_line::ModelLine;
pub use page::ConnectionsPage;
pub use price::PriceEntry;
pub(crate) use price_dialog::PriceDialog;
