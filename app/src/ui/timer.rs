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

/// Lets the browser draw, and hear what was tapped, before it goes on.
#[cfg(feature = "hydrate")]
pub async fn next_task() {
    let (go, gone) = futures_channel::oneshot::channel::<()>();
    after(Duration::ZERO, move || drop(go));
    // It is only ever dropped.
    let _ = gone.await;
}
