//! Where one writes.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use locales::text;

use super::given::given_draft;
use super::open::{Doing, OpenChat};
use super::picker::ModelPicker;
use super::price::PriceBefore;
use super::tools::Deed;
use super::writing::WritingMenu;
use crate::error::words;
use crate::later::{self, Turn};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Notice, Tone, after, in_turn};

/// A field that grows, the model, the price before, and the button that sends or stops.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let open = OpenChat::here();
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                open.please(Deed::Send);
            }
        >
            {in_turn(|| view! { <ComposerContent /> })}
        </form>
    }
}

/// What stands in the form.
#[component]
fn ComposerContent() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let field = NodeRef::<html::Textarea>::new();
    keep_in_step(field);
    open.keep_drafts();
    // Here, where what they change is drawn.
    open.writing.remember();
    #[cfg(feature = "hydrate")]
    open.follow_other_tabs();
    let trouble = move || {
        let error = open.error.get()?;
        let again = open.can_resend.get().then(|| {
            view! {
                <button
                    type="button"
                    class="button button-small"
                    on:click=move |_| open.please(Deed::Send)
                >
                    {text::composer::send_again(l)}
                </button>
            }
        });
        Some(view! {
            <Notice tone=Tone::Bad title=words(&reader, &error)>{again}</Notice>
        })
    };
    let hint = move || {
        if open.writing.enter_sends.get() {
            text::composer::hint_enter_sends(l)
        } else {
            text::composer::hint_enter_begins_line(l)
        }
    };
    view! {
        {trouble}
        <div class="composer-box">
            {later::drawn(Turn::Chat, |tools| (tools.chats.pastes)())}
            <textarea
                class="composer-input"
                rows="1"
                dir="auto"
                aria-label=text::chat::message_label(l)
                aria-describedby="composer-hint"
                placeholder=text::chat::placeholder(l)
                node_ref=field
                on:input:target=move |event| open.draft.set(event.target().value())
                on:paste=move |event| open.take_long_paste(&event)
                on:keydown=move |event| {
                    if open.writing.is_send_key(&event) {
                        event.prevent_default();
                        open.please(Deed::Send);
                    }
                }
            ></textarea>
            <div class="composer-bar">
                <ModelPicker />
                <WritingMenu />
                <PriceBefore />
                <SendButton />
            </div>
        </div>
        <p class="composer-hint" id="composer-hint">{hint}</p>
    }
}

/// Sends; while a reply is being written it stops that.
#[component]
fn SendButton() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let running = Memo::new(move |_| open.running.read().is_some());
    let is_empty =
        Memo::new(move |_| open.draft.read().trim().is_empty() && open.pastes.read().is_empty());
    let busy = move || open.doing.read().is_some();
    move || {
        if running.get() {
            view! {
                <button
                    type="button"
                    class="button button-primary send-button"
                    aria-label=text::chat::stop(l)
                    title=text::chat::stop(l)
                    disabled=busy
                    on:click=move |_| open.please(Deed::Stop)
                >
                    <Icon name=IconName::Stop />
                </button>
            }
            .into_any()
        } else {
            view! {
                <button
                    type="submit"
                    class="button button-primary send-button"
                    class:is-busy=move || open.doing.get() == Some(Doing::Sending)
                    aria-label=text::chat::send(l)
                    title=text::chat::send(l)
                    disabled=move || is_empty.get() || busy()
                >
                    <Icon name=IconName::Send />
                </button>
            }
            .into_any()
        }
    }
}

/// Keeps field and draft the same. The field is written to only where they differ, because a write
/// would disturb an input method; what was typed before the page came to life is taken over.
fn keep_in_step(field: NodeRef<html::Textarea>) {
    let open = OpenChat::here();
    Effect::new(move || {
        let Some(field) = field.get() else { return };
        let draft = open.draft.get();
        let typed = field.value();
        let first = open.is_first_composer() && draft.is_empty();
        if let Some(ready) = first.then(given_draft).flatten() {
            open.draft.set(ready);
        } else if first && !typed.is_empty() {
            open.draft.set(typed);
        } else if typed != draft {
            field.set_value(&draft);
            if !draft.is_empty() {
                // An example was taken, or a text has come back: one goes on from there.
                let _ = field.focus();
            }
        }
    });
    Effect::new(move || {
        if let Some(field) = field.get()
            && open.arrive()
        {
            // The page changed under the writer's hands.
            let _ = field.focus();
            bring_keyboard_back();
        }
    });
    // A button that goes away when it is pressed takes the keyboard with it.
    Effect::new(move |before: Option<bool>| {
        let running = open.running.read().is_some();
        if before.is_some_and(|before| before != running) {
            bring_keyboard_back();
        }
        running
    });
}

/// Gives the keyboard to where one writes if nothing else has it. Looked at a few times, because parts
/// of the page are still being put in their places. Not on touch, where it would call up the keys.
pub(crate) fn bring_keyboard_back() {
    for wait in [0, 60, 200, 600] {
        after(Duration::from_millis(wait), look_for_keyboard);
    }
}

#[cfg(feature = "hydrate")]
fn look_for_keyboard() {
    use wasm_bindgen::JsCast;

    let has_mouse = window()
        .match_media("(hover: hover)")
        .ok()
        .flatten()
        .is_some_and(|answer| answer.matches());
    let is_lost = document()
        .active_element()
        .is_none_or(|element| element.tag_name() == "BODY");
    let field = document().query_selector("textarea.composer-input");
    if has_mouse
        && is_lost
        && let Ok(Some(field)) = field
        && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = field.focus();
    }
}

#[cfg(not(feature = "hydrate"))]
fn look_for_keyboard() {}
