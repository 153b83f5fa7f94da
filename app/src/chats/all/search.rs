//! Looking for chats: the address follows what is typed, and the list follows the address.

use std::time::Duration;

use domain::chats::TITLE_MOST_CHARS;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use locales::text;

use super::address::{PATH, QUERY, address, wanted as wanted_of};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, after};

/// How long a writer must pause before the address says what is typed.
const PAUSE: Duration = Duration::from_millis(250);

/// A field that narrows the list to chats whose title holds every word in it; Esc empties it. It is a
/// form that asks for the page anew, so it works before hydration too.
#[component]
pub(super) fn ChatSearch(
    /// What the address looks for.
    wanted: Memo<Option<String>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(wanted.get_untracked().unwrap_or_default());
    let is_empty = Memo::new(move |_| typed.read().is_empty());
    // What was last written to the address, or read from it.
    let said = StoredValue::new(wanted.get_untracked());
    // Counts what was typed: only the last of it is looked for.
    let turn = StoredValue::new(0_u32);
    let navigate = use_navigate();
    let say = move || {
        let (now, next) = (said.get_value(), wanted_of(&typed.get_untracked()));
        if now == next {
            return;
        }
        // Back leads from what was found to all chats, not letter by letter.
        let options = NavigateOptions {
            replace: now.is_some() && next.is_some(),
            scroll: false,
            ..NavigateOptions::default()
        };
        let address = address(next.as_deref());
        said.set_value(next);
        navigate(&address, options);
    };
    let take = move |text: String, pause: Duration| {
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        typed.set(text);
        let say = say.clone();
        after(pause, move || {
            // The page may be gone by then.
            if turn.try_get_value() == Some(now) {
                say();
            }
        });
    };
    // The field is written to only where the reader did not: any other write would disturb an input method.
    let write = move |text: &str| {
        if let Some(field) = field.get_untracked() {
            field.set_value(text);
        }
    };
    Effect::new(move || {
        let asked = wanted.get();
        if said.get_value() != asked {
            let text = asked.clone().unwrap_or_default();
            write(&text);
            typed.set(text);
            said.set_value(asked);
        }
    });
    let clear = {
        let take = take.clone();
        move || {
            write("");
            if let Some(field) = field.get_untracked() {
                // Refuses only when it is no longer in the page.
                let _ = field.focus();
            }
            take(String::new(), Duration::ZERO);
        }
    };
    let clear_by_key = clear.clone();
    let take_typed = take.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        // What was typed before the page lived nobody has heard.
        let text = field.get_untracked().map(|field| field.value());
        take(text.unwrap_or_default(), Duration::ZERO);
    };
    view! {
        <form
            class="toolbar"
            role="search"
            aria-label=text::history::search(l)
            method="get"
            action=PATH
            on:submit=on_submit
        >
            <div class="history-search input-box toolbar-search">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    type="search"
                    name=QUERY
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    maxlength=TITLE_MOST_CHARS.to_string()
                    aria-label=text::history::search(l)
                    placeholder=text::history::search(l)
                    value=typed.get_untracked()
                    node_ref=field
                    on:input:target=move |event| take_typed(event.target().value(), PAUSE)
                    on:keydown=move |event| {
                        if event.key() == "Escape" && !event.is_composing() && !is_empty.get_untracked() {
                            event.prevent_default();
                            clear_by_key();
                        }
                    }
                />
                {move || {
                    let clear = clear.clone();
                    (!is_empty.get())
                        .then(|| view! {
                            <button
                                type="button"
                                class="button button-quiet button-small button-icon"
                                aria-label=text::common::clear_search(l)
                                title=text::common::clear_search(l)
                                on:click=move |_| clear()
                            >
                                <Icon name=IconName::Close />
                            </button>
                        })
                }}
            </div>
        </form>
    }
}
