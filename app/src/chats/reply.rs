//! A reply.

use domain::messages::MessageState;
use leptos::prelude::*;
use locales::text;

use super::blocks::Blocks;
use super::branch::Branch;
use super::figures::Figures;
use super::line::Line;
use super::note::Note;
use super::open::OpenChat;
use crate::later::{self, Turn};
use crate::reader::Reader;
use crate::ui::Details;

/// A reply: its reasoning folded, its text as it grows, how it ended, and its entry in the ledger.
#[component]
pub(super) fn Reply(
    /// The reply.
    line: Line,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let Line {
        id,
        message,
        text: pieces,
        reasoning,
        ..
    } = line;
    let message = RwSignal::from(message);
    let state = Memo::new(move |_| message.read().state);
    let has_text = Memo::new(move |_| !message.read().blocks.is_empty());
    let has_reasoning = Memo::new(move |_| !message.read().reasoning.is_empty());
    let figures = Memo::new(move |_| message.read().figures.clone());
    let streams = Memo::new(move |_| state.get() == MessageState::Streaming);
    let is_last = Memo::new(move |_| *open.last.read() == Some(id));
    let waiting = move || {
        (streams.get() && !has_text.get()).then(|| {
            let words = if has_reasoning.get() {
                text::chat::thinking(l)
            } else {
                text::chat::waiting(l)
            };
            view! { <p class="message-wait">{words}</p> }
        })
    };
    let reasoning_ms = Memo::new(move |_| message.read().reasoning_ms);
    // How long it took is told once it has ended: a figure that runs would only distract.
    let fold = Memo::new(move |_| {
        let took = reasoning_ms
            .get()
            .filter(|_| has_text.get() || !streams.get());
        took.map_or_else(
            || text::chat::reasoning(l).to_owned(),
            |took| text::chat::thought_for(l, &reader.seconds(took)),
        )
    });
    let folded = move || {
        let pieces = reasoning.clone();
        has_reasoning.get().then(|| {
            view! {
                <Details class="reasoning" summary=move || fold.get()>
                    <Blocks pieces />
                </Details>
            }
        })
    };
    view! {
        <article
            class="message from-model"
            aria-busy=move || streams.get().then_some("true")
        >
            <h2 class="only-read">{text::chat::assistant(l)}</h2>
            {folded}
            <div class="reply" class:is-streaming=streams><Blocks pieces /></div>
            {waiting}
            <Note id message=message is_last />
            <div class="message-foot" hidden=streams>
                {move || figures.get().map(|figures| view! { <Figures figures /> })}
                <Branch id siblings=Signal::derive(move || message.read().siblings.clone()) />
                <div class="message-actions">
                    {later::drawn(Turn::Messages, move |tools| (tools.chats.reply_actions)(id, has_text))}
                </div>
            </div>
        </article>
    }
}
