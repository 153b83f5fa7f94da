//! Several chats at once.

use domain::chats::DELETED_MOST;
use domain::{AppError, ChatId};
use leptos::html;
use leptos::prelude::*;
use locales::text;

use super::delete_chats;
use super::listing::Listing;
use crate::chats::{History, OpenChat};
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{Confirm, Icon, IconName, Toasts, Tone, Toolbar, moving};

/// A box that chooses all listed chats, and a button that deletes those that are chosen, once that is
/// confirmed.
#[component]
pub(super) fn Chosen(
    /// What is listed.
    listing: Listing,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let (history, chat) = (History::here(), OpenChat::here());
    let all_box = NodeRef::<html::Input>::new();
    let asking = RwSignal::new(false);
    let count = Memo::new(move |_| i64::try_from(listing.chosen.read().len()).unwrap_or(i64::MAX));
    let is_all = Memo::new(move |_| {
        let chosen = listing.chosen.read();
        !chosen.is_empty() && chosen.len() == listing.rows.read().len()
    });
    let is_some = Memo::new(move |_| count.get() > 0 && !is_all.get());
    let delete = Action::new(move |ids: &Vec<ChatId>| {
        let (ids, reader) = (ids.clone(), reader.clone());
        async move {
            for ids in ids.chunks(DELETED_MOST) {
                match delete_chats(ids.to_vec()).await {
                    // Others had deleted them already.
                    Ok(()) | Err(ServerError(AppError::NotFound)) => {}
                    // What was deleted before is told by the live connection.
                    Err(ServerError(why)) => {
                        return toasts.push(Tone::Bad, words(&reader, &why));
                    }
                }
            }
            let number = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            toasts.push(Tone::Good, text::history::deleted_several(l, number));
            if let Some(id) = chat.id.get_untracked().filter(|id| ids.contains(id)) {
                chat.gone.set(Some(id));
            }
            // The button that had the keyboard goes with what was chosen.
            if let Some(all_box) = all_box.try_get_untracked().flatten() {
                let _ = all_box.focus();
            }
            moving(move || {
                for id in &ids {
                    history.remove(*id);
                }
                listing.forget(&ids);
            });
        }
    });
    let busy = delete.pending();
    view! {
        <Toolbar label=text::history::choose(l)>
            <label class="choice">
                <input
                    type="checkbox"
                    node_ref=all_box
                    prop:checked=is_all
                    prop:indeterminate=is_some
                    on:change:target=move |event| listing.choose_all(event.target().checked())
                />
                <span>{text::history::choose_all(l)}</span>
            </label>
            {move || {
                (count.get() > 0)
                    .then(|| view! {
                        <button
                            type="button"
                            class="button"
                            class:is-busy=busy
                            disabled=busy
                            on:click=move |_| asking.set(true)
                        >
                            <Icon name=IconName::Trash />
                            <span>{move || text::history::delete_several(l, count.get())}</span>
                        </button>
                    })
            }}
        </Toolbar>
        <Confirm
            id="chats-delete"
            open=asking
            title=move || text::history::delete_several_title(l, count.get())
            confirm_label=move || text::history::delete_several(l, count.get())
            cancel_label=text::common::cancel(l)
            danger=true
            on_confirm=move |()| {
                delete.dispatch(listing.chosen.get_untracked());
            }
        >
            <p>{text::history::delete_several_text(l)}</p>
        </Confirm>
    }
}
