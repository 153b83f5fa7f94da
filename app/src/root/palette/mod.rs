//! One field for everything: pages, chats, models and actions, by Ctrl-K or ⌘-K from everywhere.

mod keys;
mod list;
mod offers;
mod shortcuts;

use std::time::Duration;

use domain::chats::ChatRow;
use domain::models::ModelChoice;
use leptos::ev::{self, KeyboardEvent};
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_navigate};
use locales::text;

use self::list::OfferList;
use self::offers::{Deed, Offer, Stock, groups};
use self::shortcuts::{KEYS_OF_PALETTE, Shortcuts};
use crate::chats::{History, OpenChat, search_chats};
use crate::models::list_models;
use crate::reader::Reader;
use crate::ui::{ComboField, Dialog, Icon, IconName, Toasts, after, moved};

use super::frame::{leave, speak};

/// Id of the list, for the field that steers it.
const LIST: &str = "palette-list";
/// Chats among what is offered.
const MOST_CHATS: usize = 5;
/// How long a writer must pause before the server is asked.
const PAUSE: Duration = Duration::from_millis(150);

/// The button in the sidebar.
#[component]
pub(super) fn PaletteButton(
    /// The palette, open or closed.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <button
            type="button"
            class="nav-link palette-button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| shown.set(true)
        >
            <Icon name=IconName::Search />
            <span class="cut">{text::palette::label(l)}</span>
            <kbd class="keys" aria-hidden="true">{KEYS_OF_PALETTE}</kbd>
        </button>
    }
}

/// What is typed, and what is known to choose from.
#[derive(Clone, Copy)]
struct Lookup {
    query: RwSignal<String>,
    /// Chats that the server found for the query.
    chats: RwSignal<Vec<ChatRow>>,
    models: RwSignal<Vec<ModelChoice>>,
    /// Counts what was typed: only the answer to the last of it is shown.
    turn: StoredValue<u32>,
}

impl Lookup {
    fn open(self) {
        self.query.set(String::new());
        self.chats.set(Vec::new());
        if self.models.read_untracked().is_empty() {
            spawn_local(async move {
                // Without them everything else is still offered.
                if let Ok(models) = list_models().await {
                    self.models.try_set(models);
                }
            });
        }
    }

    fn take_query(self, typed: String) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        let is_blank = typed.trim().is_empty();
        self.query.set(typed);
        if is_blank {
            self.chats.set(Vec::new());
            return;
        }
        after(PAUSE, move || {
            let is_last = move || self.turn.try_get_value() == Some(turn);
            if !is_last() {
                return;
            }
            let query = self.query.get_untracked().trim().to_owned();
            spawn_local(async move {
                // The list in the sidebar tells of a server that cannot be reached.
                if let Ok(found) = search_chats(query, None).await
                    && is_last()
                {
                    self.chats
                        .set(found.page.rows.into_iter().take(MOST_CHATS).collect());
                }
            });
        });
    }
}

/// The dialog; arrows move, Enter takes, Esc closes.
#[component]
pub(super) fn Palette(
    /// Open or closed.
    shown: RwSignal<bool>,
    /// The list of keys, open or closed.
    shortcuts: RwSignal<bool>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let history = History::here();
    let chat = OpenChat::here();
    let path = use_location().pathname;
    let toasts = expect_context::<Toasts>();
    keys::listen();
    let lookup = Lookup {
        query: RwSignal::new(String::new()),
        chats: RwSignal::new(Vec::new()),
        models: RwSignal::new(Vec::new()),
        turn: StoredValue::new(0),
    };
    let active = RwSignal::new(0_usize);
    let offered = Memo::new(move |_| {
        let query = lookup.query.read();
        let chats = if query.trim().is_empty() {
            history.latest(MOST_CHATS)
        } else {
            lookup.chats.get()
        };
        let models = lookup.models.read();
        let acts = chat.acts(&path.read());
        let stock = Stock {
            administers,
            chats: &chats,
            models: &models,
            acts: &acts,
        };
        groups(l, &stock, &query)
    });
    let at = move |place: usize| -> Option<Offer> {
        let groups = offered.read_untracked();
        groups
            .iter()
            .flat_map(|group| &group.offers)
            .nth(place)
            .cloned()
    };
    let navigate = use_navigate();
    let take = Callback::new(move |place: usize| {
        let Some(offer) = at(place) else { return };
        shown.set(false);
        match offer.deed {
            Deed::Go(path) => navigate(&path, leptos_router::NavigateOptions::default()),
            Deed::Begin(model) => {
                chat.choose(model);
                navigate("/", leptos_router::NavigateOptions::default());
            }
            Deed::Chat(act) => chat.act(act, reader.clone(), toasts),
            Deed::Speak(locale) => spawn_local(speak(locale)),
            Deed::ShowShortcuts => shortcuts.set(true),
            Deed::SignOut => spawn_local(leave()),
        }
    });
    Effect::new(move || {
        if shown.get() {
            lookup.open();
            active.set(0);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                take.run(active.get_untracked());
            }
            "Escape" => {
                // A search field would only empty itself.
                event.prevent_default();
                shown.set(false);
            }
            key => {
                let count = offered
                    .read_untracked()
                    .iter()
                    .map(|group| group.offers.len())
                    .sum();
                if let Some(to) = moved(key, Some(active.get_untracked()), count) {
                    event.prevent_default();
                    active.set(to);
                }
            }
        }
    };
    let on_input = move |typed: String| {
        active.set(0);
        lookup.take_query(typed);
    };
    view! {
        <Dialog
            id="palette"
            open=shown
            title=text::palette::title(l)
            close_label=text::common::close(l)
        >
            <div class="picker">
                <ComboField
                    label=text::palette::search(l)
                    list=LIST
                    active_option=Signal::derive(move || Some(list::option_id(active.get())))
                    query=lookup.query
                    on_input=Callback::new(on_input)
                    on_key=Callback::new(on_key)
                />
                {move || shown.get().then(|| view! { <OfferList offered active on_take=take /> })}
            </div>
        </Dialog>
        <Shortcuts shown=shortcuts />
    }
}

/// Listens for the keys that open the palette and the list of keys; for the others see [`keys`].
pub(super) fn listen(shown: RwSignal<bool>, shortcuts: RwSignal<bool>) {
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.is_composing() || event.alt_key() {
                return;
            }
            let commanded = event.ctrl_key() || event.meta_key();
            match event.key().as_str() {
                "k" | "K" if commanded && !event.shift_key() => {
                    event.prevent_default();
                    shortcuts.set(false);
                    shown.update(|shown| *shown = !*shown);
                }
                "?" if !commanded && !shortcuts::is_writing() => {
                    event.prevent_default();
                    shortcuts.set(true);
                }
                _ => {}
            }
        });
        on_cleanup(move || listener.remove());
    });
}
