//! Logins whose use is being written down.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use domain::SessionId;

/// So that many requests of one login write once, also while the database lets them wait.
#[derive(Debug, Default)]
pub(crate) struct SessionsInUse(Mutex<HashSet<SessionId>>);

impl SessionsInUse {
    /// Claims the writing; false when somebody else does it.
    pub(super) fn claim(&self, id: SessionId) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id)
    }

    /// It is done, or has failed and is tried again by the next request.
    pub(super) fn release(&self, id: SessionId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
}
