//! Looking for models: the list follows each letter, the address each pause.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use locales::text;

use super::listing::Listing;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, after};

/// How long a writer must pause before the address says what is typed: browsers allow it only so often.
const PAUSE: Duration = Duration::from_millis(300);

/// What is typed, and what the address says of it.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// What is typed now.
    pub(super) query: RwSignal<String>,
    /// What was last written to the address, or read from it.
    said: StoredValue<String>,
    /// Counts what was typed: only the last of it is written.
    turn: StoredValue<u32>,
}

impl Search {
    /// What the address says. It follows the address wherever that leads, such as back.
    pub(super) fn at(listing: Memo<Listing>) -> Self {
        let asked = listing.read_untracked().query.clone();
        let search = Self {
            query: RwSignal::new(asked.clone()),
            said: StoredValue::new(asked),
            turn: StoredValue::new(0),
        };
        Effect::new(move || {
            let asked = listing.read().query.clone();
            if search.said.get_value() != asked {
                search.said.set_value(asked.clone());
                search.query.set(asked);
            }
        });
        search
    }

    fn take(self, typed: String, then: impl FnOnce() + 'static) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        self.query.set(typed);
        after(PAUSE, move || {
            // The page may be gone by then.
            if self.turn.try_get_value() == Some(turn) {
                then();
            }
        });
    }

    /// The address with what is typed; from now on that is what it says.
    fn say(self, listing: &Listing) -> String {
        let query = self.query.get_untracked().trim().to_owned();
        self.said.set_value(query.clone());
        Listing {
            query,
            ..listing.clone()
        }
        .address()
    }
}

/// The field.
#[component]
pub(super) fn SearchBox(
    /// What is typed.
    search: Search,
    /// What the address says.
    listing: Memo<Listing>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let navigate = use_navigate();
    let write = move || {
        // In place of the entry before: nobody wants to go back letter by letter.
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&search.say(&listing.read_untracked()), options);
    };
    view! {
        <div class="input-box toolbar-search">
            <Icon name=IconName::Search />
            <input
                class="input"
                type="search"
                aria-label=text::models::search(l)
                placeholder=text::models::search(l)
                value=search.query.get_untracked()
                prop:value=search.query
                on:input:target=move |event| search.take(event.target().value(), write.clone())
            />
        </div>
    }
}
