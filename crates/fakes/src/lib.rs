//! Stands in for the outside AI providers: speaks their dialects on a loopback port, faults included.
//!
//! [`Fake::start`] binds a free port of 127.0.0.1; [`Fake::url`] is the base URL to give to a client. Every key that
//! contains `fake` is valid. What a call gets is decided in this order: the scripts queued with [`Fake::enqueue`],
//! the sticky one of [`Fake::set_default`], a model id `fault-<scenario>`, a key `…fake-<scenario>`, the builder's
//! settings. Scenario names are those of [`Scenario`]. Ids, times and texts are fixed, and [`count_tokens`] is the
//! tokeniser, so that a test can compute every number it expects.
//!
//! A dialect is one module with an `answer` function and one variant of [`Dialect`].

mod answer;
mod anthropic;
mod call;
mod connection;
mod conversation;
mod dialect;
mod fault;
mod frames;
mod framing;
mod gemini;
mod json;
mod openai;
mod record;
mod reply;
mod request;
mod scenario;
mod script;
mod server;
mod tally;
mod text;
mod usage;

pub use dialect::Dialect;
pub use fault::{ErrorKind, Fault, RetryAfter};
pub use framing::{Oddity, Split};
pub use record::Recorded;
pub use scenario::Scenario;
pub use script::{DeltaUsage, Ending, Endpoint, Script, Text, ToolCall};
pub use server::{Builder, Fake};
pub use tally::{Counters, Tokens};
pub use text::count_tokens;
pub use usage::{Usage, UsageDetails, UsagePlace};
