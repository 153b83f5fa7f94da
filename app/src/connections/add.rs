//! Adding a connection.

use domain::connections::{NewConnection, ProviderKind};
use domain::{AppError, ConnectionId};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use locales::text;

use super::draft::Draft;
use super::form::ConnectionForm;
use super::{create_connection, sync_connection};
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{Dialog, Toasts, Tone};

/// Adds a connection, reads its models, and leads to its page, where it is tested.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    /// Whether the form is open.
    pub(super) open: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
    create: Action<NewConnection, Option<ConnectionId>>,
}

impl Adding {
    /// For one page.
    pub(super) fn new() -> Self {
        let reader = Reader::here();
        let toasts = expect_context::<Toasts>();
        let open = RwSignal::new(false);
        let error = RwSignal::new(None::<AppError>);
        let create = Action::new(move |new: &NewConnection| {
            let (new, reader) = (new.clone(), reader.clone());
            async move {
                let id = match create_connection(new).await {
                    Ok(id) => id,
                    Err(ServerError(why)) => {
                        if open.try_get_untracked() == Some(true) {
                            error.set(Some(why));
                        } else {
                            toasts.push(Tone::Bad, words(&reader, &why));
                        }
                        return None;
                    }
                };
                match sync_connection(id).await {
                    Ok(_) => toasts.push(Tone::Good, text::connections::added(reader.locale)),
                    Err(ServerError(why)) => {
                        let why = words(&reader, &why);
                        toasts.push(
                            Tone::Bad,
                            text::connections::sync_failed(reader.locale, &why),
                        );
                    }
                }
                open.set(false);
                Some(id)
            }
        });
        let navigate = use_navigate();
        Effect::new(move || {
            if let Some(Some(id)) = create.value().get() {
                navigate(
                    &format!("/connections/{id}?test=1"),
                    NavigateOptions::default(),
                );
            }
        });
        Effect::new(move || {
            if open.get() {
                error.set(None);
            }
        });
        Self {
            open,
            error,
            create,
        }
    }

    /// Adds the demo without asking anything.
    pub(super) fn demo(self) {
        self.create.dispatch(NewConnection {
            kind: ProviderKind::Demo,
            name: ProviderKind::Demo.word().to_owned(),
            base_url: String::new(),
            key: String::new(),
            weight: 1,
        });
    }

    fn send(self, draft: &Draft) {
        match draft.new_connection() {
            Ok(new) => {
                self.error.set(None);
                self.create.dispatch(new);
            }
            Err(why) => self.error.set(Some(why)),
        }
    }
}

const FORM: &str = "connection-new";

/// The dialog with the form of a new connection.
#[component]
pub(super) fn AddDialog(
    /// What is being added.
    adding: Adding,
) -> impl IntoView {
    let l = Reader::here().locale;
    let open = adding.open;
    let pending = adding.create.pending();
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
                {move || if pending.get() { text::connections::adding(l) } else { text::common::add(l) }}
            </button>
        }
    };
    view! {
        <Dialog
            id="connection-add"
            open
            title=text::connections::add(l)
            close_label=text::common::close(l)
            foot=foot
        >
            {move || open
                .get()
                .then(|| {
                    let draft = Draft::blank();
                    view! {
                        <ConnectionForm
                            id=FORM
                            draft
                            error=adding.error
                            on_submit=move |()| adding.send(&draft)
                        />
                    }
                })}
        </Dialog>
    }
}
