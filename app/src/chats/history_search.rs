//! Looking for a chat.

use std::time::Duration;

use domain::chats::TITLE_MOST_CHARS;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::text;

use super::history::History;
use crate::error::{ServerError, words};
use crate::later::search_chats;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Toasts, Tone, after};

/// How long a writer must pause before the server is asked.
const PAUSE: Duration = Duration::from_millis(250);

/// What is typed, and the way from there to what is found.
#[derive(Clone, Copy)]
struct Search {
    reader: StoredValue<Reader>,
    toasts: Toasts,
    history: History,
    typed: RwSignal<String>,
    /// Counts what was typed: only the answer to the last of it is shown.
    turn: StoredValue<u32>,
}

impl Search {
    /// Takes what stands in the field now.
    fn take(self, typed: String) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        let is_blank = typed.trim().is_empty();
        self.typed.set(typed);
        if is_blank {
            self.history.show_all();
            return;
        }
        after(PAUSE, move || {
            if self.is_at(turn) {
                self.ask(turn);
            }
        });
    }

    fn ask(self, turn: u32) {
        let query = self.typed.get_untracked().trim().to_owned();
        spawn_local(async move {
            let answer = search_chats(query.clone(), None).await;
            if !self.is_at(turn) {
                return;
            }
            match answer {
                Ok(list) => self.history.show_found(query, list),
                Err(ServerError(why)) => {
                    let words = self.reader.with_value(|reader| words(reader, &why));
                    self.toasts.push(Tone::Bad, words);
                }
            }
        });
    }

    /// Whether nothing was typed since; false as well once the page is gone.
    fn is_at(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
    }
}

/// A field that narrows the list to chats whose title holds every word in it; Esc empties it.
#[component]
pub(super) fn HistorySearch() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let field = NodeRef::<html::Input>::new();
    let search = Search {
        reader: StoredValue::new(reader),
        toasts: expect_context(),
        history: History::here(),
        typed: RwSignal::new(String::new()),
        turn: StoredValue::new(0),
    };
    let is_empty = Memo::new(move |_| search.typed.read().is_empty());
    let clear = move || {
        // Written to only here: any other write would disturb an input method.
        if let Some(field) = field.get_untracked() {
            field.set_value("");
            // Refuses only when it is no longer in the page.
            let _ = field.focus();
        }
        search.take(String::new());
    };
    view! {
        <div class="history-search input-box" role="search">
            <Icon name=IconName::Search />
            <input
                class="input"
                type="search"
                autocomplete="off"
                spellcheck="false"
                dir="auto"
                maxlength=TITLE_MOST_CHARS.to_string()
                aria-label=text::history::search(l)
                placeholder=text::history::search(l)
                node_ref=field
                on:input:target=move |event| search.take(event.target().value())
                on:keydown=move |event| {
                    if event.key() == "Escape" && !event.is_composing() && !is_empty.get_untracked() {
                        // On a phone the sidebar itself would close.
                        event.prevent_default();
                        clear();
                    }
                }
            />
            {move || (!is_empty.get())
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
                })}
        </div>
    }
}
