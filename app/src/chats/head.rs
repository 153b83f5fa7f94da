//! The line above the messages.

use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use crate::reader::Reader;

/// The chat's title and what all of it has cost.
#[component]
pub(super) fn ChatHead() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let title = move || {
        if open.id.read().is_none() {
            return text::nav::new_chat(l).to_owned();
        }
        let title = open.title.get();
        title.unwrap_or_else(|| text::chat::untitled(l).to_owned())
    };
    let total = move || {
        open.id.get()?;
        let total = open.total.get();
        let unpriced = (total.unpriced_calls > 0)
            .then(|| text::calls::total_unpriced(l, total.unpriced_calls));
        let cost = text::chat::cost_of_chat(l, &reader.money(total.cost));
        let words = match unpriced {
            Some(unpriced) => format!("{cost} {unpriced}"),
            None => cost,
        };
        Some(view! {
            <p class="chat-total" title=reader.money_exact(total.cost)>{words}</p>
        })
    };
    view! {
        <header class="chat-head">
            <h1 class="chat-title" dir="auto" tabindex="-1">{title}</h1>
            {total}
        </header>
    }
}
