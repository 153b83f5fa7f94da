//! A chat on its page.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::composer::Composer;
use super::head::ChatHead;
use super::open::OpenChat;
use super::thread::Thread;
use crate::reader::Reader;
use crate::ui::{Notice, Tone, in_turn};

/// The chat, with its title as the page's.
#[component]
pub(super) fn Conversation() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let title = move || {
        if open.id.read().is_none() {
            return text::nav::new_chat(l).to_owned();
        }
        let title = open.title.get();
        title.unwrap_or_else(|| text::chat::untitled(l).to_owned())
    };
    view! {
        <Title text=title />
        <div class="chat">{in_turn(|| view! { <ChatContent /> })}</div>
    }
}

/// Head, messages, composer.
#[component]
fn ChatContent() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let open = OpenChat::here();
    let has_models = Memo::new(move |_| !open.models.read().is_empty());
    let is_begun = Memo::new(move |_| open.last.read().is_some());
    // A reader of the screen hears once that a reply is there, not each of its words.
    let said = move || {
        let ended = open.finished.get() && open.running.read().is_none();
        ended.then(|| text::chat::reply_finished(l))
    };
    let no_models = move || {
        let words = if administers {
            text::chat::no_models_admin(l)
        } else {
            text::chat::no_models_member(l)
        };
        view! {
            <div class="composer">
                <Notice tone=Tone::Warn title=text::chat::no_models_title(l)>
                    <p>{words}</p>
                </Notice>
            </div>
        }
    };
    view! {
        <ChatHead />
        <Thread />
        {move || match (has_models.get(), is_begun.get()) {
            (true, _) => view! { <Composer /> }.into_any(),
            (false, true) => no_models().into_any(),
            // The empty page says it.
            (false, false) => view! { <div class="composer"></div> }.into_any(),
        }}
        <p class="only-read" role="status">{said}</p>
    }
}
