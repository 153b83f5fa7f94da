//! The model this browser chose last.

use leptos::prelude::*;

use super::open::OpenChat;

/// Where the browser keeps it.
#[cfg(feature = "hydrate")]
const PLACE: &str = "purser.model";

impl OpenChat {
    /// Chooses a model for this chat and for new ones.
    pub(crate) fn choose(self, id: String) {
        #[cfg(feature = "hydrate")]
        if let Ok(Some(storage)) = window().local_storage() {
            // A full or closed storage only means that the next visit starts with the first model.
            let _ = storage.set_item(PLACE, &id);
        }
        self.preferred.set(Some(id.clone()));
        self.chosen.set(Some(id));
    }

    /// A server does not know it.
    #[cfg(not(feature = "hydrate"))]
    pub(super) fn remember_preferred(self) {
        let _ = self;
    }

    /// Remembers the choice of the last visit, after the first picture.
    #[cfg(feature = "hydrate")]
    pub(super) fn remember_preferred(self) {
        Effect::new(move || {
            if self.preferred.read_untracked().is_none()
                && let Ok(Some(storage)) = window().local_storage()
                && let Ok(Some(id)) = storage.get_item(PLACE)
            {
                self.preferred.set(Some(id));
            }
        });
    }
}
