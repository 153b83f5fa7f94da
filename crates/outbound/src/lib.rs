//! The one HTTP client of the house: every request to an address that somebody typed goes through it.
//!
//! [`Outbound`] speaks https with public addresses only. A host name is resolved once, each address
//! is vetted ([`is_public`]) and the connection goes to a vetted address, so that a second look at
//! the name cannot lead elsewhere. Redirects are never followed and no proxy is used. What an admin
//! allow-lists as host and port ([`Outbound::set_allowed`]) may be private and may be plain http,
//! but is never where a machine's cloud answers ([`is_metadata`]).

mod address;
mod allowed;
mod client;
mod error;
mod request;
mod resolver;
mod response;
mod secret;

pub use address::{is_metadata, is_public};
pub use allowed::Destination;
pub use client::{Outbound, Policy, install_crypto, leads_to_metadata};
pub use error::{OutboundError, Step};
pub use request::{Request, parse_url};
pub use response::Response;
pub use secret::Secret;
pub use url::Url;
