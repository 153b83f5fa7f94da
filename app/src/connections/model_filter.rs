//! Which models of a connection are shown.

use leptos::prelude::*;
use locales::text;

use super::model_line::ModelLine;
use crate::models::found;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Toolbar};

/// What the reader looks for.
#[derive(Clone, Copy)]
pub(super) struct ModelFilter {
    query: RwSignal<String>,
    only_chat: RwSignal<bool>,
    only_enabled: RwSignal<bool>,
}

impl ModelFilter {
    /// Models that can chat; the others are rarely wanted.
    pub(super) fn new() -> Self {
        Self {
            query: RwSignal::new(String::new()),
            only_chat: RwSignal::new(true),
            only_enabled: RwSignal::new(false),
        }
    }

    /// Whether a model is shown.
    pub(super) fn admits(self, line: &ModelLine) -> bool {
        let row = &line.row;
        (row.chat || !self.only_chat.get())
            && (!self.only_enabled.get() || line.enabled.get())
            && found(
                &[&row.model, row.label.as_deref().unwrap_or_default()],
                &self.query.read(),
            )
    }
}

/// Search and the two switches above the list.
#[component]
pub(super) fn ModelTools(
    /// What the reader looks for.
    filter: ModelFilter,
) -> impl IntoView {
    let l = Reader::here().locale;
    let choice = move |label: &'static str, signal: RwSignal<bool>| {
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    checked=signal.get_untracked()
                    prop:checked=signal
                    on:change:target=move |event| signal.set(event.target().checked())
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <Toolbar label=text::models::filters(l)>
            <div class="input-box toolbar-search">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=text::models::search(l)
                    placeholder=text::models::search(l)
                    prop:value=filter.query
                    on:input:target=move |event| filter.query.set(event.target().value())
                />
            </div>
            {choice(text::models::chat_only(l), filter.only_chat)}
            {choice(text::models::only_enabled(l), filter.only_enabled)}
        </Toolbar>
    }
}
