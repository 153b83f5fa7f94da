//! Giving a chat another title.

use domain::ChatId;
use domain::chats::TITLE_MOST_CHARS;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use locales::text;

use super::functions::rename_chat;
use crate::error::words;
use crate::reader::Reader;
use crate::ui::{Dialog, Field};

/// Asks for a chat's title.
#[component]
pub(super) fn RenameDialog(
    /// Which chat.
    id: ChatId,
    /// Open or closed.
    open: RwSignal<bool>,
    /// Its title so far.
    title: String,
) -> impl IntoView {
    let l = Reader::here().locale;
    let entered = RwSignal::new(title);
    let error = RwSignal::new(None::<String>);
    let reader = StoredValue::new(Reader::here());
    let save = Action::new(move |(): &()| {
        let title = entered.get_untracked();
        async move {
            match rename_chat(id, title).await {
                Ok(()) => open.set(false),
                Err(failed) => {
                    error.set(Some(reader.with_value(|reader| words(reader, &failed.0))))
                }
            }
        }
    });
    let form_id = format!("rename-form-{id}");
    let foot_form = form_id.clone();
    view! {
        <Dialog
            id=format!("rename-{id}")
            open
            title=text::history::rename_title(l)
            close_label=text::common::close(l)
            foot=move || view! {
                <button type="submit" class="button button-primary" form=foot_form>
                    {text::common::save(l)}
                </button>
            }
        >
            <form
                id=form_id
                class="form"
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    save.dispatch(());
                }
            >
                <Field id=format!("rename-title-{id}") label=text::history::rename_label(l) error>
                    <input
                        class="input"
                        type="text"
                        dir="auto"
                        maxlength=TITLE_MOST_CHARS.to_string()
                        autofocus
                        prop:value=entered
                        on:input=move |event| entered.set(event_target_value(&event))
                    />
                </Field>
            </form>
        </Dialog>
    }
}
