//! The model this browser chose last. It keeps it as a cookie (`domain::look`), so that a new chat is
//! drawn with it from its first picture on.

use leptos::prelude::*;

use super::open::OpenChat;
use crate::look::keep_model;

impl OpenChat {
    /// Chooses a model for this chat and for new ones.
    pub(crate) fn choose(self, id: String) {
        keep_model(&id);
        self.preferred.set(Some(id.clone()));
        self.chosen.set(Some(id));
    }
}
