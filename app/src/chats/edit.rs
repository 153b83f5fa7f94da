//! Changing a message that was sent.

use domain::MessageId;
use leptos::html;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use crate::reader::Reader;

/// The text of a message in place of it. Sending it begins a branch beside the first one.
#[component]
pub(super) fn MessageEdit(
    /// The message.
    id: MessageId,
    /// Its text.
    text: String,
    /// Set to `None` to end the change.
    editing: RwSignal<Option<String>>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let field = NodeRef::<html::Textarea>::new();
    let draft = RwSignal::new(text.clone());
    let busy = open.busy;
    let send = move || {
        let text = draft.get_untracked();
        if !text.trim().is_empty() && !busy.get_untracked() {
            open.edit(id, text, move || editing.set(None));
        }
    };
    Effect::new(move || {
        if let Some(field) = field.get() {
            // Refuses only when it is no longer in the page.
            let _ = field.focus();
        }
    });
    view! {
        <form
            class="message-edit"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <textarea
                class="input"
                rows="3"
                dir="auto"
                aria-label=text::chat::edit_label(l)
                node_ref=field
                prop:value=text
                on:input:target=move |event| draft.set(event.target().value())
                on:keydown=move |event| {
                    if event.key() == "Escape" && !event.is_composing() {
                        editing.set(None);
                    } else if open.writing.is_send_key(&event) {
                        event.prevent_default();
                        send();
                    }
                }
            ></textarea>
            <div class="message-actions">
                <button type="submit" class="button button-primary button-small" disabled=busy>
                    {text::chat::edit_and_resend(l)}
                </button>
                <button
                    type="button"
                    class="button button-quiet button-small"
                    on:click=move |_| editing.set(None)
                >
                    {text::common::cancel(l)}
                </button>
            </div>
        </form>
    }
}
