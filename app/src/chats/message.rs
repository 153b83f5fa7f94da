//! One message.

use domain::messages::Author;
use leptos::prelude::*;
use locales::text;

use super::blocks::Blocks;
use super::branch::Branch;
use super::line::{Line, Piece};
use super::reply::Reply;
use crate::later::{self, Turn};
use crate::reader::Reader;

/// A message: the member's own words on a slip, or a reply.
#[component]
pub(super) fn Message(
    /// The message.
    line: Line,
) -> impl IntoView {
    match line.author {
        Author::User => view! { <OwnMessage line /> }.into_any(),
        Author::Assistant => view! { <Reply line /> }.into_any(),
    }
}

/// Whether one's own words would fill a window, such as a pasted text.
fn is_long(pieces: &[Piece]) -> bool {
    const MANY_BYTES: usize = 4_000;
    const MANY_BLOCKS: usize = 24;
    let bytes: usize = pieces.iter().map(|piece| piece.html.len()).sum();
    bytes > MANY_BYTES || pieces.len() > MANY_BLOCKS
}

/// Shows all of a long text, or its beginning.
#[component]
fn Unfold(
    /// All of it is shown.
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let label = move || {
        if unfolded.get() {
            text::composer::show_less(l)
        } else {
            text::composer::show_all(l)
        }
    };
    view! {
        <button
            type="button"
            class="button button-quiet button-small"
            aria-expanded=move || unfolded.get().to_string()
            on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
        >
            {label}
        </button>
    }
}

/// The member's own words, which can be changed and sent again.
#[component]
fn OwnMessage(
    /// The message.
    line: Line,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let id = line.id;
    let at = reader.date_time(line.message.read_untracked().created_at);
    let editing = RwSignal::new(None::<String>);
    let is_editing = Memo::new(move |_| editing.read().is_some());
    let (message, pieces) = (line.message.clone(), line.text);
    let siblings = Signal::derive(move || message.read().siblings.clone());
    let is_long = Memo::new({
        let pieces = pieces.clone();
        move |_| is_long(&pieces.read())
    });
    let unfolded = RwSignal::new(false);
    view! {
        <article class="message from-user">
            <p class="only-read">{text::chat::you(l)}</p>
            {move || if is_editing.get() {
                let text = editing.get_untracked().unwrap_or_default();
                later::drawn(Turn::Messages, move |tools| (tools.chats.editing)(id, text.clone(), editing))
            } else {
                let pieces = pieces.clone();
                view! {
                    <div
                        class="message-body"
                        class:is-folded=move || is_long.get() && !unfolded.get()
                    >
                        <div class="reply"><Blocks pieces /></div>
                    </div>
                    {move || is_long.get().then(|| view! { <Unfold unfolded /> })}
                }
                .into_any()
            }}
            <div class="message-foot">
                <div class="message-meta"><span>{at}</span></div>
                <div class="message-actions">
                    {later::drawn(Turn::Messages, move |tools| (tools.chats.own_actions)(id, editing))}
                </div>
                <Branch id siblings />
            </div>
        </article>
    }
}
