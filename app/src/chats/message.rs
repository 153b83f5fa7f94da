//! One message of the conversation.

use domain::messages::{Author, MessageState};
use leptos::prelude::*;
use locales::text;

use super::actions::{Branches, EditBox, ReplyActions, UserActions};
use super::blocks::Blocks;
use super::conversation::{Cell, Conversation};
use super::note::{EndNote, Figures};
use crate::reader::Reader;
use crate::ui::Details;

/// A message with what can be done with it.
#[component]
pub(super) fn MessageItem(
    /// The message.
    cell: Cell,
) -> impl IntoView {
    if cell.view.with_untracked(|view| view.author) == Author::User {
        view! { <UserMessage cell /> }.into_any()
    } else {
        view! { <Reply cell /> }.into_any()
    }
}

/// What the member said.
#[component]
fn UserMessage(
    /// The message.
    cell: Cell,
) -> impl IntoView {
    let l = Reader::here().locale;
    let editing = RwSignal::new(None::<String>);
    view! {
        <article class="message from-user" aria-label=text::chat::you(l)>
            <Show
                when=move || editing.with(Option::is_some)
                fallback=move || view! {
                    <div class="message-body" dir="auto">
                        <Blocks blocks=Signal::derive(move || cell.view.with(|view| view.blocks.clone())) />
                    </div>
                }
            >
                <EditBox cell editing />
            </Show>
            <footer class="message-foot">
                <Branches cell />
                <UserActions cell editing />
            </footer>
        </article>
    }
}

/// What the model said.
#[component]
fn Reply(
    /// The message.
    cell: Cell,
) -> impl IntoView {
    let l = Reader::here().locale;
    let talk = Conversation::here();
    let view = cell.view;
    let streaming = Memo::new(move |_| view.with(|view| view.state == MessageState::Streaming));
    let is_last = move || {
        talk.cells
            .with(|cells| cells.last().map(|last| last.id) == Some(cell.id))
    };
    let has_reasoning = Memo::new(move |_| view.with(|view| !view.reasoning.is_empty()));
    let waiting = move || {
        streaming.get() && view.with(|view| view.blocks.is_empty() && view.reasoning.is_empty())
    };
    let figures = Memo::new(move |_| view.with(|view| view.figures.clone()));
    let ended = Memo::new(move |_| view.with(|view| (view.state, view.notice.clone())));
    view! {
        <article
            class="message from-model"
            class:is-last=is_last
            aria-label=text::chat::assistant(l)
            aria-busy=move || streaming.get().then_some("true")
        >
            <Show when=move || has_reasoning.get()>
                <Details summary=text::chat::reasoning(l) class="reasoning">
                    <Blocks blocks=Signal::derive(move || view.with(|view| view.reasoning.clone())) />
                </Details>
            </Show>
            <Show when=waiting>
                <p class="faint">{text::chat::waiting(l)}</p>
            </Show>
            <div class="reply" class:is-streaming=move || streaming.get() dir="auto">
                <Blocks blocks=Signal::derive(move || view.with(|view| view.blocks.clone())) />
            </div>
            {move || {
                ended.track();
                view! { <EndNote message=view.get_untracked() /> }
            }}
            <footer class="message-foot">
                <div class="message-meta">
                    {move || figures.get().map(|figures| view! { <Figures figures /> })}
                </div>
                <Branches cell />
                <Show when=move || !streaming.get()>
                    <ReplyActions cell />
                </Show>
            </footer>
        </article>
    }
}
