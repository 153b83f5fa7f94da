//! Machine-facing routes and plain forms, one module each.

pub(crate) mod document;
pub(crate) mod forms;
pub(crate) mod front;
pub(crate) mod gateway;
pub(crate) mod health;
pub(crate) mod installed;
pub(crate) mod live;
pub(crate) mod metrics;
pub(crate) mod site;
