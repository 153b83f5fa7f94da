//! Keys that work everywhere beside those that open the palette. They come with it: nothing of them is
//! in what is loaded first.

use leptos::ev::{self, KeyboardEvent};
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use crate::chats::{ChatAct, OpenChat, bring_keyboard_back};
use crate::reader::Reader;
use crate::ui::Toasts;

/// Where one writes to a model.
const COMPOSER: &str = "textarea.composer-input";
/// Where Esc has a meaning of its own.
const OTHER_FIELDS: &str = "input, select, [contenteditable], textarea:not(.composer-input)";
/// What browsers report for a key that belongs to an input method, also where they do not say so.
const KEY_OF_INPUT_METHOD: u32 = 229;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// A new chat.
    NewChat,
    /// To write.
    Write,
    /// That the reply ends.
    Stop,
}

impl Wish {
    /// Of a key, with Ctrl or ⌘, and with Shift.
    fn of(key: &str, commanded: bool, shifted: bool) -> Option<Self> {
        match (key, commanded, shifted) {
            ("o" | "O", true, true) => Some(Self::NewChat),
            ("Escape", false, true) => Some(Self::Write),
            ("Escape", false, false) => Some(Self::Stop),
            _ => None,
        }
    }
}

/// Listens for them as long as the palette is there.
pub(super) fn listen() {
    let (reader, toasts) = (Reader::here(), expect_context::<Toasts>());
    let chat = OpenChat::here();
    let path = use_location().pathname;
    let navigate = use_navigate();
    Effect::new(move || {
        let (reader, navigate) = (reader.clone(), navigate.clone());
        let listener = window_event_listener(ev::keydown, move |event| {
            let Some(wish) = wish(&event) else { return };
            match wish {
                Wish::NewChat => {
                    navigate("/", NavigateOptions::default());
                    begin_to_write();
                }
                Wish::Write if found(COMPOSER) => begin_to_write(),
                Wish::Stop if can_stop(&chat, &path.read_untracked(), &event) => {
                    chat.act(ChatAct::Stop, reader.clone(), toasts);
                }
                Wish::Write | Wish::Stop => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });
}

/// What a key asks for, unless it is for something that lies above the page, or for an input method.
fn wish(event: &KeyboardEvent) -> Option<Wish> {
    let wish = Wish::of(
        &event.key(),
        event.ctrl_key() || event.meta_key(),
        event.shift_key(),
    )?;
    let is_taken = event.default_prevented()
        || event.alt_key()
        || event.is_composing()
        || event.key_code() == KEY_OF_INPUT_METHOD
        // Both close only after all who listen have heard the key.
        || found("dialog[open]")
        || found("[popover=auto]:popover-open");
    (!is_taken).then_some(wish)
}

/// Whether a reply runs on the page, and Esc means nothing else where it was pressed.
fn can_stop(chat: &OpenChat, path: &str, event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_elsewhere = target.is_some_and(|target| target.matches(OTHER_FIELDS).unwrap_or(false));
    !is_elsewhere && untrack(|| chat.acts(path)).contains(&ChatAct::Stop)
}

/// Gives the keyboard to where one writes, whoever has it.
fn begin_to_write() {
    let holder = document().active_element();
    let holder = holder.and_then(|holder| holder.dyn_into::<HtmlElement>().ok());
    if let Some(holder) = holder.filter(|holder| !holder.matches(COMPOSER).unwrap_or(false)) {
        // Refuses only what is no longer in the page.
        let _ = holder.blur();
    }
    bring_keyboard_back();
}

/// Whether the page has something of this kind. A browser that does not know what is asked for has none.
fn found(selector: &str) -> bool {
    document()
        .query_selector(selector)
        .is_ok_and(|found| found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_alone_stops_and_with_shift_leads_to_where_one_writes() {
        assert_eq!(Wish::of("Escape", false, false), Some(Wish::Stop));
        assert_eq!(Wish::of("Escape", false, true), Some(Wish::Write));
        assert_eq!(Wish::of("Escape", true, false), None);
        assert_eq!(Wish::of("O", true, true), Some(Wish::NewChat));
        // Without Shift it opens a file.
        assert_eq!(Wish::of("o", true, false), None);
        assert_eq!(Wish::of("O", false, true), None);
    }
}
