//! The messages of a chat.

use std::time::Duration;

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use locales::text;

use super::follow::Follow;
use super::last::mark_last;
use super::message::Message;
use super::open::OpenChat;
use super::sent::Sent;
use super::start::Start;
use super::tools::Deed;
use crate::later::{self, Turn};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Toasts, Tone, after, copy_clicked_code, in_turn, wrap_on_click};

/// How long it is said that code was copied.
const THANKS: Duration = Duration::from_secs(2);

/// The messages, oldest first, in an area that scrolls; without any, how to begin.
#[component]
pub(super) fn Thread() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let follow = Follow::new(open.following);
    let is_empty = Memo::new(move |_| open.lines.read().is_empty() && open.sent.read().is_none());
    let toasts = expect_context::<Toasts>();
    let copied = RwSignal::new(false);
    // One listener for all: the buttons in rendered text come and go with their blocks.
    let copy_code = move |event: &MouseEvent| {
        copy_clicked_code(event, move |done| {
            if !done {
                toasts.push(Tone::Bad, text::common::copy_failed(l));
                return;
            }
            let _ = copied.try_set(true);
            after(THANKS, move || {
                let _ = copied.try_set(false);
            });
        });
    };
    view! {
        <div
            class="chat-scroll"
            role="region"
            aria-label=text::chat::messages_label(l)
            tabindex="0"
            node_ref=follow.area
            on:scroll=move |_| follow.look()
            on:click=move |event| {
                follow.let_go_on_unfolding(&event);
                copy_code(&event);
                wrap_on_click(&event);
            }
        >
            {move || {
                if is_empty.get() {
                    view! { <Start /> }.into_any()
                } else {
                    view! { <Messages follow /> }.into_any()
                }
            }}
        </div>
        <p class="only-read" role="status">
            {move || copied.get().then(|| text::common::copied(l))}
        </p>
    }
}

/// The messages, with a button for earlier ones above and one that leads to the end.
#[component]
fn Messages(
    /// Keeps the end in view.
    follow: Follow,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    follow.watch(list);
    mark_last(list);
    view! {
        <div class="messages" node_ref=list>
            {in_turn(move || view! { <MessageList follow /> })}
        </div>
    }
}

/// What stands in the list.
#[component]
fn MessageList(
    /// Keeps the end in view.
    follow: Follow,
) -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let has_earlier = Memo::new(move |_| open.earlier.read().is_some());
    let busy = move || open.doing.read().is_some();
    view! {
        {move || has_earlier.get().then(|| view! {
            <button
                type="button"
                class="button button-quiet button-small"
                disabled=busy
                on:click=move |_| {
                    let around = move |put| follow.keep_place(put);
                    open.please(Deed::LoadEarlier(Box::new(around)));
                }
            >
                {text::chat::load_older(l)}
            </button>
        })}
        {later::drawn(Turn::Chat, |tools| (tools.chats.batches)())}
        <For
            each=move || open.lines.get()
            key=|line| line.id
            children=|line| view! { <Message line /> }
        />
        <Sent />
        <button
            type="button"
            class="button button-icon chat-down"
            hidden=open.following
            aria-label=text::chat::scroll_to_end(l)
            title=text::chat::scroll_to_end(l)
            on:click=move |_| follow.to_end()
        >
            <Icon name=IconName::ChevronDown />
        </button>
    }
}
