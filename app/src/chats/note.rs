//! How a reply ended, where it did not end well.

use domain::MessageId;
use domain::chats::MessageView;
use domain::messages::MessageState;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use super::tools::Deed;
use crate::error::notice_words;
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// Why a reply is not whole, or what was changed to make it fit, with what to do about it.
#[component]
pub(super) fn Note(
    /// The reply.
    id: MessageId,
    /// What is known of it.
    message: RwSignal<MessageView>,
    /// Whether it is the end of the chat; only there it can go on.
    is_last: Memo<bool>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    // Text comes many times a second, and none of this changes with it.
    let told = Memo::new(move |_| {
        let message = message.read();
        let goes_on = message.state.can_continue() && !message.blocks.is_empty();
        (message.state, message.notice.clone(), goes_on)
    });
    let busy = open.busy;
    move || {
        let (state, notice, goes_on) = told.get();
        let ended = match state {
            MessageState::Streaming | MessageState::Complete => None,
            MessageState::Stopped => Some(text::chat::stopped(l)),
            MessageState::Interrupted => Some(text::chat::interrupted(l)),
            MessageState::Failed => Some(text::chat::failed(l)),
        };
        let notice = notice.map(|notice| notice_words(&reader, &notice));
        let words = notice.or(ended.map(str::to_owned))?;
        let (class, icon) = match state {
            MessageState::Failed => ("message-note tone-bad", IconName::Warning),
            MessageState::Interrupted => ("message-note tone-warn", IconName::Warning),
            _ => ("message-note", IconName::Info),
        };
        let acts = (ended.is_some() && is_last.get()).then(|| {
            let on = goes_on.then(|| {
                view! {
                    <button
                        type="button"
                        class="button button-small"
                        disabled=busy
                        on:click=move |_| open.please(Deed::GoOn(id))
                    >
                        {text::chat::continue_(l)}
                    </button>
                }
            });
            view! {
                {on}
                <button
                    type="button"
                    class="button button-small"
                    disabled=busy
                    on:click=move |_| open.please(Deed::Regenerate(id))
                >
                    {text::chat::regenerate(l)}
                </button>
            }
        });
        Some(view! {
            <div class=class>
                <Icon name=icon />
                <span>{words}</span>
                {acts}
            </div>
        })
    }
}
