//! The axum host: configuration, listener, middleware, machine-facing routes, the command line.
//!
//! Rules live in `services`, pages in `app`. What is here turns HTTP into calls of those.

mod build;
pub mod cli;
pub mod config;
pub mod listen;
pub mod master_key;
mod middleware;
pub mod openapi;
mod router;
mod routes;
mod shares;
mod telemetry;

pub use router::{Host, page_routes, router};
