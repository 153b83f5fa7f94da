//! Connections to providers.

mod detail;
mod page;

pub use detail::ConnectionPage;
pub use page::ConnectionsPage;
