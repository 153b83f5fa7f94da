//! Failures that no provider told us: ours to name.

use domain::calls::{Outcome, ProviderFailure};

/// The provider never comes to an end.
pub(super) fn endless(message: &str) -> ProviderFailure {
    ProviderFailure {
        outcome: Outcome::Server,
        status: None,
        message: message.to_owned(),
        retry_after_ms: None,
    }
}

/// The connection was removed, or its key does not open.
pub(super) fn unreachable_connection() -> ProviderFailure {
    ProviderFailure {
        outcome: Outcome::Auth,
        status: None,
        message: "the connection's key cannot be used".to_owned(),
        retry_after_ms: None,
    }
}
