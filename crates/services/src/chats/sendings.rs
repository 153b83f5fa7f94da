//! Sendings that are being written down.

use std::sync::Arc;

use domain::chats::Attempt;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// So many places keep names apart that have nothing to do with each other.
const PLACES: usize = 64;

/// One place for each name of a sending, so that the second of two at the same moment waits until the first
/// stands in the database and is found there. Of one server: two of them on one database know of each
/// other's sendings once they are written.
pub(crate) struct Sendings([Arc<Mutex<()>>; PLACES]);

impl Default for Sendings {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Arc::default()))
    }
}

impl Sendings {
    /// Takes the name's place for as long as what is returned lives.
    pub(super) async fn take(&self, name: Attempt) -> OwnedMutexGuard<()> {
        let [.., last] = name.0.into_bytes();
        let place = &self.0[usize::from(last) % PLACES];
        place.clone().lock_owned().await
    }
}
