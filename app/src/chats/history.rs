//! The list of chats in the sidebar.

use leptos::prelude::*;

/// The chats this tab knows.
#[derive(Clone, Copy)]
pub struct History;

impl History {
    /// Puts it into the context.
    pub fn provide() -> Self {
        provide_context(Self);
        Self
    }
}

/// The list of chats in the sidebar.
#[component]
pub fn HistoryList() -> impl IntoView {}
