//! Renaming a chat.

use domain::ChatId;
use domain::chats::{ChatRow, TITLE_MOST_CHARS};
use leptos::prelude::*;
use locales::text;

use super::history::History;
use super::open::OpenChat;
use super::rename_chat;
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{Dialog, Field};

const FORM: &str = "chat-rename-form";

/// A dialog with the title of a chat.
#[component]
pub(super) fn RenameDialog(
    /// The chat; setting it opens the dialog.
    subject: RwSignal<Option<ChatRow>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let (history, chat) = (History::here(), OpenChat::here());
    let open = RwSignal::new(false);
    let title = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    Effect::new(move || {
        if let Some(row) = subject.get() {
            title.set(row.title.unwrap_or_default());
            error.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && subject.read_untracked().is_some() {
            subject.set(None);
        }
    });
    let save = Action::new(move |(id, title): &(ChatId, String)| {
        let (id, title, reader) = (*id, title.clone(), reader.clone());
        async move {
            match rename_chat(id, title.clone()).await {
                Ok(()) => {
                    history.rename(id, title.trim());
                    if chat.id.get_untracked() == Some(id) {
                        chat.title.set(Some(title.trim().to_owned()));
                    }
                    open.set(false);
                }
                Err(ServerError(why)) => error.set(Some(words(&reader, &why))),
            }
        }
    });
    let busy = save.pending();
    let foot = move || {
        view! {
            <button type="button" class="button" on:click=move |_| open.set(false)>
                {text::common::cancel(l)}
            </button>
            <button
                type="submit"
                form=FORM
                class="button button-primary"
                class:is-busy=busy
                disabled=busy
            >
                {text::common::save(l)}
            </button>
        }
    };
    view! {
        <Dialog
            id="chat-rename"
            open
            title=text::history::rename_title(l)
            close_label=text::common::close(l)
            foot=foot
        >
            <form
                id=FORM
                on:submit=move |event| {
                    event.prevent_default();
                    if let Some(row) = subject.get_untracked() {
                        save.dispatch((row.id, title.get_untracked()));
                    }
                }
            >
                <Field id="chat-title" label=text::history::rename_label(l) error>
                    <input
                        class="input"
                        type="text"
                        autofocus
                        autocomplete="off"
                        dir="auto"
                        maxlength=TITLE_MOST_CHARS.to_string()
                        prop:value=title
                        on:input:target=move |event| title.set(event.target().value())
                    />
                </Field>
            </form>
        </Dialog>
    }
}
