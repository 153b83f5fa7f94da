//! Setting a limit.

use domain::AppError;
use domain::limits::NewLimit;
use leptos::prelude::*;
use locales::text;

use super::create_limit;
use super::draft::Draft;
use super::form::LimitForm;
use crate::error::ServerError;
use crate::reader::Reader;
use crate::ui::{Dialog, Toasts, Tone};

const FORM: &str = "limit-new";

/// The dialog with the form of a new limit.
#[component]
pub(super) fn AddDialog(
    /// Open or closed.
    open: RwSignal<bool>,
    /// Runs once a limit is set.
    #[prop(into)]
    on_saved: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let toasts = expect_context::<Toasts>();
    let error = RwSignal::new(None::<AppError>);
    let create = Action::new(move |new: &NewLimit| {
        let new = new.clone();
        async move {
            match create_limit(new).await {
                Ok(_) => {
                    toasts.push(Tone::Good, text::limits::saved(l));
                    open.set(false);
                    // The page may be gone by the time the answer comes.
                    let _ = on_saved.try_run(());
                }
                Err(ServerError(why)) => error.set(Some(why)),
            }
        }
    });
    let pending = create.pending();
    Effect::new(move || {
        if open.get() {
            error.set(None);
        }
    });
    let send = move |draft: &Draft| match draft.new_limit() {
        Ok(new) => {
            error.set(None);
            create.dispatch(new);
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
                {text::common::add(l)}
            </button>
        }
    };
    view! {
        <Dialog
            id="limit-add"
            open
            title=text::limits::add(l)
            close_label=text::common::close(l)
            foot=foot
        >
            {move || open
                .get()
                .then(|| {
                    let draft = Draft::blank();
                    view! { <LimitForm id=FORM draft error on_submit=move |()| send(&draft) /> }
                })}
        </Dialog>
    }
}
