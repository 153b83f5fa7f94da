//! The one place that asks the browser for a later moment.

use std::time::Duration;

/// Runs `then` after `wait`; on the server it never runs.
#[cfg(feature = "hydrate")]
pub fn after(wait: Duration, then: impl FnOnce() + 'static) {
    leptos::prelude::set_timeout(then, wait);
}

/// Runs `then` after `wait`; on the server it never runs.
#[cfg(not(feature = "hydrate"))]
pub fn after(_wait: Duration, _then: impl FnOnce() + 'static) {}
