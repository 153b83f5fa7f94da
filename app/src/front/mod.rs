//! The front page: what whoever is not signed in reads of a house that opens its door. Drawn on the
//! server, without WASM.

mod page;

pub use page::front_page;
