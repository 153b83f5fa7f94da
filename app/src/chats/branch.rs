//! Which version of a message is shown.

use domain::MessageId;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use super::tools::Deed;
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// "2 of 3" with a way to the version before and after; nothing where there is only one.
#[component]
pub(super) fn Branch(
    /// The message.
    id: MessageId,
    /// Every version of it, itself included, oldest first.
    siblings: Signal<Vec<MessageId>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let siblings = Memo::new(move |_| siblings.get());
    let busy = open.busy;
    move || {
        let all = siblings.get();
        let place = all.iter().position(|sibling| *sibling == id)?;
        if all.len() < 2 {
            return None;
        }
        let step = |label: &'static str, icon: IconName, to: Option<MessageId>| {
            view! {
                <button
                    type="button"
                    class="button button-quiet button-small button-icon"
                    aria-label=label
                    title=label
                    disabled=move || to.is_none() || busy.get()
                    on:click=move |_| {
                        if let Some(to) = to {
                            open.please(Deed::Show(to));
                        }
                    }
                >
                    <Icon name=icon />
                </button>
            }
        };
        let before = place.checked_sub(1).and_then(|place| all.get(place));
        let after = all.get(place + 1);
        let count = |number: usize| reader.integer(i64::try_from(number).unwrap_or(i64::MAX));
        let words = text::chat::branch(l, &count(place + 1), &count(all.len()));
        Some(view! {
            <div class="branch">
                {step(text::chat::branch_previous(l), IconName::ChevronLeft, before.copied())}
                <span>{words}</span>
                {step(text::chat::branch_next(l), IconName::ChevronRight, after.copied())}
            </div>
        })
    }
}
