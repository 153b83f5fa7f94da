//! The tab's one live connection.

/// The tab's one live connection.
#[derive(Clone, Copy)]
pub struct Live;

impl Live {
    /// Puts it into the context and, in the browser, opens it while the tab is visible.
    pub fn provide() {
        leptos::prelude::provide_context(Self);
    }
}
