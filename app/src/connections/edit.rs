//! Changing a connection.

use domain::AppError;
use domain::connections::{ConnectionRow, EditConnection};
use leptos::prelude::*;
use locales::text;

use super::change_connection;
use super::draft::Draft;
use super::form::ConnectionForm;
use crate::error::ServerError;
use crate::reader::Reader;
use crate::ui::{Dialog, Toasts, Tone};

const FORM: &str = "connection-change";

/// The dialog with the form of a connection that exists. A changed address asks for the key again,
/// at the key.
#[component]
pub(super) fn EditDialog(
    /// Open or closed.
    open: RwSignal<bool>,
    /// The connection.
    #[prop(into)]
    row: Signal<ConnectionRow>,
    /// Runs after a change.
    #[prop(into)]
    on_saved: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let toasts = expect_context::<Toasts>();
    let error = RwSignal::new(None::<AppError>);
    let save = Action::new(move |edit: &EditConnection| {
        let edit = edit.clone();
        async move {
            match change_connection(edit).await {
                Ok(()) => {
                    toasts.push(Tone::Good, text::connections::saved(l));
                    open.set(false);
                    // The page may be gone by the time the answer comes.
                    let _ = on_saved.try_run(());
                }
                Err(ServerError(why)) => error.set(Some(why)),
            }
        }
    });
    let pending = save.pending();
    Effect::new(move || {
        if open.get() {
            error.set(None);
        }
    });
    let send = move |draft: &Draft| match draft.edit(row.read_untracked().id) {
        Ok(edit) => {
            error.set(None);
            save.dispatch(edit);
        }
        Err(why) => error.set(Some(why)),
    };
    let foot = move || {
        view! {
            <button type="button" class="button" on:click=move |_| open.set(false)>
                {text::common::cancel(l)}
            </button>
            <button
                type="submit"
                form=FORM
                class="button button-primary"
                class:is-busy=pending
                disabled=pending
            >
                {text::common::save(l)}
            </button>
        }
    };
    view! {
        <Dialog
            id="connection-edit"
            open
            title=text::connections::edit(l)
            close_label=text::common::close(l)
            foot=foot
        >
            {move || open
                .get()
                .then(|| {
                    let draft = row.with_untracked(Draft::of);
                    view! {
                        <ConnectionForm
                            id=FORM
                            draft
                            error
                            exists=true
                            on_submit=move |()| send(&draft)
                        />
                    }
                })}
        </Dialog>
    }
}
