//! What was written and not sent yet, chat by chat, in this browser.

use domain::{ChatId, MemberId};
#[cfg(feature = "hydrate")]
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::server::codee::Decoder;

use super::open::OpenChat;
use super::pastes::whole;
#[cfg(feature = "hydrate")]
use crate::page_data::PageData;

/// Where the browser keeps them, before the member and the chat.
#[cfg(feature = "hydrate")]
const PLACE: &str = "purser.draft.";

/// What grows beyond is kept as it was before: a browser keeps five megabytes for the whole house. The
/// longest message there can be has room, in every script.
#[cfg(feature = "hydrate")]
const LARGEST: usize = 800_000;

impl OpenChat {
    /// Keeps what stands in the composer, and brings it back when its chat is shown again.
    pub(super) fn keep_drafts(self) {
        let (open, member) = (self, self.member);
        Effect::new(move |shown: Option<Option<ChatId>>| {
            let id = open.id.get();
            let (text, pastes) = (open.draft.get(), open.pastes.get());
            let sent = open.sent.get();
            let came = open.came.get_value();
            open.came.set_value(false);
            if shown == Some(id) && came {
                // It stands where it came from.
            } else if shown == Some(id) {
                // What is on its way may still come back.
                let text = sent.map_or(text.clone(), |sent| whole(&sent, &[text]));
                write(member, id, &text, &pastes);
            } else if pastes.is_empty() && sent.is_none() {
                let (kept, pastes) = read(member, id);
                if !pastes.is_empty() {
                    open.pastes.set(pastes);
                }
                if kept.is_empty() {
                    // Words that were written while the chat got its address, for example.
                    if !text.is_empty() {
                        write(member, id, &text, &[]);
                    }
                } else if kept != text {
                    // Words that were shared, or typed before the page came to life, go after them.
                    open.draft.set(whole(&kept, &[text]));
                }
            }
            id
        });
    }

    /// Brings in what another tab writes in the same chat, if both showed the same before: what was
    /// written here meanwhile stays.
    #[cfg(feature = "hydrate")]
    pub(super) fn follow_other_tabs(self) {
        use wasm_bindgen::JsCast;

        let listener = window_event_listener_untyped("storage", move |event| {
            let id = self.id.get_untracked();
            let Some(event) = event.dyn_ref::<web_sys::StorageEvent>() else {
                return;
            };
            let is_ours = event.key().is_some_and(|key| key == place(self.member, id));
            let here = (self.draft.get_untracked(), self.pastes.get_untracked());
            if is_ours && parse(event.old_value()) == here && self.sent.read_untracked().is_none() {
                let (text, pastes) = parse(event.new_value());
                // Written back it could be older than what stands there by then.
                self.came.set_value(true);
                self.draft.set(text);
                self.pastes.set(pastes);
            }
        });
        on_cleanup(move || listener.remove());
    }

    /// Keeps what stands in the composer before another chat is shown there.
    pub(super) fn keep_draft(self) {
        let (text, pastes) = (self.draft.get_untracked(), self.pastes.get_untracked());
        let sent = self.sent.get_untracked();
        let text = sent.map_or(text.clone(), |sent| whole(&sent, &[text]));
        if !text.is_empty() || !pastes.is_empty() {
            write(self.member, self.id.get_untracked(), &text, &pastes);
        }
    }

    /// The server has a text of a chat: what is kept of it goes, what was written after it stays.
    pub(super) fn forget_draft(self, id: Option<ChatId>, sent: &str, visit: u32) {
        let (kept, pastes) = read(self.member, id);
        if let Some(rest) = kept.strip_prefix(sent) {
            write(self.member, id, rest.trim_start(), &pastes);
        }
        let came_back = self.visit() != visit && self.id.get_untracked() == id;
        if came_back && *self.draft.read_untracked() == sent {
            self.draft.set(String::new());
        }
    }

    /// What the server was sent without an answer is here: there is nothing to send again.
    pub(super) fn recognise_sent(self) {
        let Some(message) = self.unanswered.get_value() else {
            return;
        };
        let (member, lines) = (self.member, self.lines.get_untracked());
        if !lines.iter().any(|line| message.made(member, line.id)) {
            return;
        }
        self.unanswered.set_value(None);
        self.error.set(None);
        self.can_resend.set(false);
        if *self.draft.read_untracked() == message.text {
            self.draft.set(String::new());
        }
    }
}

/// Forgets the draft of a chat that is no more.
#[cfg(feature = "hydrate")]
pub(super) fn forget_draft_of(member: MemberId, id: ChatId) {
    write(member, Some(id), "", &[]);
}

/// Forgets the drafts of everybody: whoever signs out leaves nothing behind.
pub(crate) fn forget_drafts() {
    #[cfg(feature = "hydrate")]
    if let Ok(Some(storage)) = window().local_storage() {
        let count = storage.length().unwrap_or(0);
        let names: Vec<String> = (0..count)
            .filter_map(|place| storage.key(place).ok().flatten())
            .filter(|name| name.starts_with(PLACE))
            .collect();
        for name in names {
            let _ = storage.remove_item(&name);
        }
    }
}

#[cfg(feature = "hydrate")]
fn place(member: MemberId, id: Option<ChatId>) -> String {
    let chat = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    format!("{PLACE}{member}.{chat}")
}

/// A list of texts: first what stands in the field, then what was pasted beside it.
#[cfg(feature = "hydrate")]
fn write(member: MemberId, id: Option<ChatId>, text: &str, pastes: &[String]) {
    let Ok(Some(storage)) = window().local_storage() else {
        return;
    };
    let place = place(member, id);
    let bytes = text.len() + pastes.iter().map(String::len).sum::<usize>();
    if bytes > LARGEST {
        return;
    }
    if text.is_empty() && pastes.is_empty() {
        let _ = storage.remove_item(&place);
        return;
    }
    let texts: Vec<&str> = std::iter::once(text)
        .chain(pastes.iter().map(String::as_str))
        .collect();
    if let Ok(texts) = serde_json::to_string(&texts) {
        // A full storage only means that the draft does not outlive the tab.
        let _ = storage.set_item(&place, &texts);
    }
}

#[cfg(feature = "hydrate")]
fn read(member: MemberId, id: Option<ChatId>) -> (String, Vec<String>) {
    let storage = window().local_storage().ok().flatten();
    parse(storage.and_then(|storage| storage.get_item(&place(member, id)).ok().flatten()))
}

#[cfg(feature = "hydrate")]
fn parse(kept: Option<String>) -> (String, Vec<String>) {
    let texts = kept.and_then(|kept| -> Option<Vec<String>> { PageData::decode(&kept).ok() });
    let mut texts = texts.unwrap_or_default().into_iter();
    (texts.next().unwrap_or_default(), texts.collect())
}

/// A server keeps none.
#[cfg(not(feature = "hydrate"))]
fn write(_member: MemberId, _id: Option<ChatId>, _text: &str, _pastes: &[String]) {}

#[cfg(not(feature = "hydrate"))]
fn read(_member: MemberId, _id: Option<ChatId>) -> (String, Vec<String>) {
    (String::new(), Vec::new())
}
