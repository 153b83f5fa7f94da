//! Small buttons under a message: drawn once the page lives, for until then they would do nothing.

use std::time::Duration;

use domain::MessageId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use locales::text;

use super::open::OpenChat;
use super::tools::Deed;
use crate::error::{ServerError, words};
use crate::later::load_text;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Toasts, Tone, after};

/// How long the copy button says that it has copied.
const THANKS: Duration = Duration::from_secs(2);

/// A button of one drawing; its word is read aloud and shown as a tooltip.
#[component]
fn ActionButton(
    /// What it does.
    label: &'static str,
    /// Its drawing.
    #[prop(into)]
    icon: Signal<IconName>,
    /// Whether it has to wait.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Does it.
    #[prop(into)]
    on_act: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button-quiet button-small button-icon"
            aria-label=label
            title=label
            disabled=disabled
            on:click=move |_| on_act.run(())
        >
            {move || view! { <Icon name=icon.get() /> }}
        </button>
    }
}

/// Copies the Markdown of a message.
#[component]
fn CopyMessage(
    /// The message.
    id: MessageId,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let toasts = expect_context::<Toasts>();
    let copied = RwSignal::new(false);
    let load = move |()| {
        open.copy_message(id, reader.clone(), toasts, move || {
            let _ = copied.try_set(true);
            after(THANKS, move || {
                let _ = copied.try_set(false);
            });
        });
    };
    let icon = Signal::derive(move || {
        if copied.get() {
            IconName::Check
        } else {
            IconName::Copy
        }
    });
    view! {
        <ActionButton
            label=text::chat::copy_message(l)
            icon
            on_act=load
        />
        <span class="only-read" role="status">
            {move || copied.get().then(|| text::common::copied(l))}
        </span>
    }
}

/// What can be done with one's own words.
#[component]
pub(super) fn OwnActions(
    /// The message.
    id: MessageId,
    /// Its text while it is being changed.
    editing: RwSignal<Option<String>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let open = OpenChat::here();
    let toasts = expect_context::<Toasts>();
    let begin = move |()| {
        let reader = reader.clone();
        spawn_local(async move {
            let Some(chat) = open.id.get_untracked() else {
                return;
            };
            match load_text(chat, id).await {
                // The message may be gone by then.
                Ok(text) => drop(editing.try_set(Some(text))),
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        });
    };
    view! {
        <CopyMessage id />
        <ActionButton
            label=text::chat::edit(l)
            icon=IconName::Edit
            disabled=Signal::derive(move || editing.read().is_some())
            on_act=begin
        />
    }
}

/// What can be done with a reply. Nothing here changes while another one is written: a chat may have
/// thousands of these, and who asks then is told.
#[component]
pub(super) fn ReplyActions(
    /// The reply.
    id: MessageId,
    /// There is something to copy.
    has_text: Memo<bool>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let toasts = expect_context::<Toasts>();
    let regenerate = move |()| {
        if open.busy.get_untracked() {
            toasts.push(Tone::Warn, text::notices::already_replying(l));
        } else {
            open.please(Deed::Regenerate(id));
        }
    };
    view! {
        {move || has_text.get().then(|| view! { <CopyMessage id /> })}
        <ActionButton
            label=text::chat::regenerate(l)
            icon=IconName::Refresh
            on_act=regenerate
        />
    }
}
