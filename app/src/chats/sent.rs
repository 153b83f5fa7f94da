//! What was just sent and is not answered yet.

use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use crate::reader::Reader;

/// The words as said, until the server has them; it gives them back with their own line.
#[component]
pub(super) fn Sent() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    move || {
        open.sent.get().map(|words| {
            view! {
                <div class="message from-user is-sending" aria-busy="true">
                    <div class="message-body" dir="auto">{words}</div>
                    <div class="message-foot">
                        <div class="message-meta"><span>{text::chat::sending(l)}</span></div>
                    </div>
                </div>
            }
        })
    }
}
