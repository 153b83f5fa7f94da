//! Talks to AI providers: one module a provider, one request and one answer type for all of them.
//!
//! No database and no policy in here. `services::calls` decides who may call what; this crate turns
//! a [`ChatRequest`] into a provider's dialect and what comes back into [`Event`]s. All of it goes
//! through [`outbound::Outbound`].

mod anthropic;
mod client;
mod demo;
mod exchange;
mod failure;
mod gemini;
mod json;
mod list;
mod openai;
mod reply;
mod request;
mod sse;
mod stream;

pub use client::{Endpoint, Providers};
pub use reply::{Answer, Event, Finish, Frame, ListedModel, Whole};
pub use request::{ChatRequest, Content, Message, Options, RawBody, Role, Tool, ToolChoice};
