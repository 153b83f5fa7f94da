//! The tab's one live connection.

use leptos::prelude::*;

use super::open::OpenChat;
#[cfg(feature = "hydrate")]
use crate::later::Turn;
use crate::reader::Reader;

/// The tab's one live connection.
#[derive(Clone, Copy)]
pub struct Live;

impl Live {
    /// Puts it into the context and, in the browser, opens it while the tab is visible. The reader,
    /// the slips and the [`History`](super::History) must be there.
    pub fn provide() {
        provide_context(Self);
        let facts = Reader::here().facts;
        OpenChat::provide(facts.me.id, &facts.look, facts.model);
        #[cfg(feature = "hydrate")]
        Effect::new(|| {
            if let Some(tools) = crate::later::arrived(Turn::Live) {
                (tools.chats.live)();
            }
        });
    }
}

/// Opens the connection, and keeps on the device what is to be kept there.
#[cfg(feature = "hydrate")]
pub(super) fn begin() {
    OpenChat::here().keep_on_device();
    browser::Listener::here().follow();
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use domain::AppError;
    use domain::live::LiveEvent;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{Event, EventSource, MessageEvent};

    use super::super::drafts::forget_draft_of;
    use super::super::history::History;
    use super::super::open::OpenChat;
    use crate::error::{ServerError, notice_words};
    use crate::installed::{News, check_kept, drop_kept};
    use crate::reader::Reader;
    use crate::root::frame::{go_to, is_leaving};
    use crate::sessions::load_reader;
    use crate::ui::{Toasts, Tone, after, when_seen};

    /// The server's address for it.
    const ADDRESS: &str = "/live";
    /// When to try again after the server has turned the connection down.
    const AGAIN: Duration = Duration::from_secs(5);

    /// An open connection with what listens to it.
    struct Wire {
        source: EventSource,
        _on_message: Closure<dyn FnMut(MessageEvent)>,
        _on_error: Closure<dyn FnMut(Event)>,
    }

    impl Drop for Wire {
        fn drop(&mut self) {
            self.source.set_onmessage(None);
            self.source.set_onerror(None);
            self.source.close();
        }
    }

    /// Who hears what comes.
    #[derive(Clone, Copy)]
    pub(super) struct Listener {
        reader: StoredValue<Reader>,
        toasts: Toasts,
        news: News,
        history: History,
        open: OpenChat,
        /// How far this tab has heard, first of all as far as its page was drawn: the next connection
        /// goes on from there.
        heard: StoredValue<String>,
        wire: StoredValue<Option<Wire>, LocalStorage>,
    }

    impl Listener {
        pub(super) fn here() -> Self {
            let reader = Reader::here();
            Self {
                heard: StoredValue::new(reader.facts.live.clone()),
                reader: StoredValue::new(reader),
                toasts: expect_context(),
                news: News::here(),
                history: expect_context(),
                open: OpenChat::here(),
                wire: StoredValue::new_local(None),
            }
        }

        /// Opens the connection while the tab is visible and closes it while it is not.
        fn match_visibility(self, is_seen: bool) {
            if !is_seen {
                let _ = self.wire.try_set_value(None);
            } else if self.wire.try_with_value(Option::is_none) == Some(true) {
                self.connect();
            }
        }

        fn connect(self) {
            let address = format!("{ADDRESS}?after={}", self.heard.get_value());
            // Fails only for an address that is none.
            let Ok(source) = EventSource::new(&address) else {
                return;
            };
            let on_message = Closure::new(move |message: MessageEvent| {
                let place = message.last_event_id();
                if !place.is_empty() {
                    let _ = self.heard.try_set_value(place);
                }
                let data = message.data().as_string().unwrap_or_default();
                // An event of a newer server that we do not know yet is not for us.
                if let Ok(event) = serde_json::from_str(&data) {
                    self.hear(event);
                }
            });
            let on_error = {
                let source = source.clone();
                Closure::new(move |_: Event| {
                    // While it is merely interrupted, the browser comes back by itself.
                    if source.ready_state() == EventSource::CLOSED {
                        after(AGAIN, move || self.try_again());
                    }
                })
            };
            source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            let _ = self.wire.try_set_value(Some(Wire {
                source,
                _on_message: on_message,
                _on_error: on_error,
            }));
        }

        /// The server did not want the connection: because nobody is signed in any more, because the
        /// login was renewed, or because it is just starting.
        fn try_again(self) {
            if is_leaving() {
                // Nor is there anything to come back to for the browser by itself.
                let _ = self.wire.try_update_value(|wire| {
                    if let Some(wire) = wire {
                        wire.source.close();
                    }
                });
                return;
            }
            spawn_local(async move {
                if let Err(ServerError(AppError::SignedOut)) = load_reader().await {
                    if !is_leaving() {
                        go_to("/signin");
                    }
                    return;
                }
                let _ = self.wire.try_set_value(None);
                self.match_visibility(!document().hidden());
            });
        }

        fn hear(self, event: LiveEvent) {
            let Self { open, history, .. } = self;
            match event {
                LiveEvent::Build { id } => self.news.hear(&id),
                LiveEvent::Reset => {
                    open.forget_heard();
                    check_kept(open.member);
                    history.reload();
                    open.refresh();
                }
                LiveEvent::Chat { row } => {
                    open.hear_of(&row);
                    history.put(row);
                }
                LiveEvent::ChatDeleted { chat_id } => {
                    history.remove(chat_id);
                    drop_kept(chat_id);
                    forget_draft_of(open.member, chat_id);
                    open.gone.set(Some(chat_id));
                }
                LiveEvent::Told { notice } => {
                    let words = self
                        .reader
                        .with_value(|reader| notice_words(reader, &notice));
                    self.toasts.push(Tone::Warn, words);
                }
                // Of this connection's login. Entering the password again makes a new one, so the
                // server is asked before anybody is sent away from what is on the page.
                LiveEvent::SignedOut => self.try_again(),
                event => open.hear(event),
            }
        }

        /// Keeps a connection while the tab is visible, from the first picture on.
        pub(super) fn follow(self) {
            when_seen(move |is_seen| self.match_visibility(is_seen));
            on_cleanup(move || {
                let _ = self.wire.try_set_value(None);
            });
        }
    }
}
