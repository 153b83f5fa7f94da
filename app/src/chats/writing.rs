//! How one likes to write, in this browser: what Enter does, and whether the price is shown before.
//! The latter is known before the first picture (`domain::look`), for it takes room.

use domain::look::{Liking, Look};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use crate::look::keep_liking;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Menu};

/// What browsers report for a key that belongs to an input method, also where they do not say so.
const KEY_OF_INPUT_METHOD: u32 = 229;

#[cfg(feature = "hydrate")]
const ENTER_PLACE: &str = "purser.enter";

/// The likings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing {
    /// Enter sends; otherwise it begins a line, and sends together with Ctrl or ⌘.
    pub(super) enter_sends: RwSignal<bool>,
    /// The price is shown before sending.
    pub(super) shows_price: RwSignal<bool>,
    /// What the browser keeps was read.
    known: StoredValue<bool>,
}

impl Writing {
    /// As the first picture has them.
    pub(super) fn new(look: &Look) -> Self {
        Self {
            enter_sends: RwSignal::new(true),
            shows_price: RwSignal::new(!look.has(Liking::NoPrice)),
            known: StoredValue::new(false),
        }
    }

    /// Reads what the browser keeps, once, after the first picture.
    #[cfg(feature = "hydrate")]
    pub(super) fn remember(self) {
        let writing = self;
        Effect::new(move || {
            if writing.known.get_value() {
                return;
            }
            writing.known.set_value(true);
            let kept = |place| {
                let storage = window().local_storage().ok().flatten()?;
                storage.get_item(place).ok().flatten()
            };
            writing.enter_sends.set(match kept(ENTER_PLACE).as_deref() {
                Some("sends") => true,
                Some("line") => false,
                // Keys on glass have no Shift beside Enter.
                _ => has_keyboard(),
            });
        });
    }

    /// A server does not know it.
    #[cfg(not(feature = "hydrate"))]
    pub(super) fn remember(self) {
        let _ = (self, self.known);
    }

    fn choose_enter(self, sends: bool) {
        self.enter_sends.set(sends);
        #[cfg(feature = "hydrate")]
        keep(ENTER_PLACE, if sends { "sends" } else { "line" });
    }

    fn choose_price(self, shows: bool) {
        self.shows_price.set(shows);
        keep_liking(Liking::NoPrice, !shows);
    }

    /// Whether a key sends; never while an input method is at work with it.
    pub(super) fn is_send_key(self, event: &KeyboardEvent) -> bool {
        event.key() == "Enter"
            && !event.shift_key()
            && !event.is_composing()
            && event.key_code() != KEY_OF_INPUT_METHOD
            && (self.enter_sends.get_untracked() || event.ctrl_key() || event.meta_key())
    }
}

#[cfg(feature = "hydrate")]
fn keep(place: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full or closed storage only means that the next visit starts anew.
        let _ = storage.set_item(place, value);
    }
}

#[cfg(feature = "hydrate")]
fn has_keyboard() -> bool {
    window()
        .match_media("(hover: hover)")
        .ok()
        .flatten()
        .is_some_and(|answer| answer.matches())
}

/// The menu beside the model: what Enter does, and the price.
#[component]
pub(super) fn WritingMenu() -> impl IntoView {
    let l = Reader::here().locale;
    let writing = OpenChat::here().writing;
    let item = move |label: &'static str, chosen: Signal<bool>, choose: Callback<()>| {
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || chosen.get().to_string()
                on:click=move |_| choose.run(())
            >
                <Icon name=IconName::Check />
                <span>{label}</span>
            </button>
        }
    };
    let enter_sends = writing.enter_sends;
    let shows_price = writing.shows_price;
    view! {
        <Menu
            id="writing-menu"
            label=text::composer::options(l)
            from_start=true
            face=move || view! { <Icon name=IconName::More /> }
        >
            {item(
                text::composer::enter_sends(l),
                enter_sends.into(),
                Callback::new(move |()| writing.choose_enter(true)),
            )}
            {item(
                text::composer::enter_begins_line(l),
                Signal::derive(move || !enter_sends.get()),
                Callback::new(move |()| writing.choose_enter(false)),
            )}
            <hr class="menu-rule" />
            {item(
                text::composer::show_price(l),
                shows_price.into(),
                Callback::new(move |()| writing.choose_price(!shows_price.get_untracked())),
            )}
        </Menu>
    }
}
