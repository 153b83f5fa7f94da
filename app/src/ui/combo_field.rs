//! The search field above a list that it steers.

use domain::chats::TITLE_MOST_CHARS;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{Icon, IconName};

/// A field that keeps the keyboard while arrows move through the list below; it is first to have it when
/// its dialog opens.
#[component]
pub fn ComboField(
    /// Name and placeholder.
    label: &'static str,
    /// Id of the list.
    list: &'static str,
    /// Id of the option the keyboard is at.
    active_option: Signal<Option<String>>,
    /// What is typed.
    query: RwSignal<String>,
    /// Takes what is typed now.
    on_input: Callback<String>,
    /// Moves, takes or closes.
    on_key: Callback<KeyboardEvent>,
) -> impl IntoView {
    view! {
        <div class="picker-search">
            <div class="input-box">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    type="search"
                    role="combobox"
                    autofocus
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    maxlength=TITLE_MOST_CHARS.to_string()
                    aria-label=label
                    aria-expanded="true"
                    aria-controls=list
                    aria-autocomplete="list"
                    aria-activedescendant=active_option
                    placeholder=label
                    prop:value=query
                    on:input:target=move |event| on_input.run(event.target().value())
                    on:keydown=move |event| on_key.run(event)
                />
            </div>
        </div>
    }
}
