//! The tab's one live connection: open while the tab is visible, shared by everything on the page.

use std::sync::Arc;

use domain::live::LiveEvent;
use leptos::prelude::*;

type Listener = Arc<dyn Fn(&LiveEvent) + Send + Sync>;

/// Hands live events to whoever listens. Every event reaches every listener, in order: a signal
/// would keep only the last of several that arrive together.
#[derive(Clone, Copy)]
pub struct Live {
    listeners: StoredValue<Vec<(u32, Listener)>>,
    next: StoredValue<u32>,
}

impl Live {
    /// Puts it into the context and, in the browser, opens the connection while the tab is visible.
    pub fn provide() {
        let live = Self {
            listeners: StoredValue::new(Vec::new()),
            next: StoredValue::new(0),
        };
        provide_context(live);
        #[cfg(feature = "hydrate")]
        Effect::new(move || connection::open_while_visible(live));
    }

    /// The connection of this page.
    pub fn here() -> Self {
        expect_context::<Self>()
    }

    /// Calls `listener` for every event until the caller's scope ends.
    pub fn listen(self, listener: impl Fn(&LiveEvent) + Send + Sync + 'static) {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        self.listeners
            .update_value(|all| all.push((number, Arc::new(listener))));
        on_cleanup(move || {
            let _ = self
                .listeners
                .try_update_value(|all| all.retain(|(known, _)| *known != number));
        });
    }

    #[cfg(feature = "hydrate")]
    fn tell(self, event: &LiveEvent) {
        // Copied first: a listener may add or remove listeners.
        for (_, listener) in self.listeners.get_value() {
            listener(event);
        }
    }
}

#[cfg(feature = "hydrate")]
mod connection {
    use domain::live::LiveEvent;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{EventSource, MessageEvent};

    use super::Live;
    use crate::root::frame::go_to;

    struct Open {
        source: EventSource,
        // Kept as long as the browser may call it.
        _on_message: Closure<dyn Fn(MessageEvent)>,
    }

    impl Drop for Open {
        fn drop(&mut self) {
            self.source.close();
        }
    }

    /// Opens now if the tab is visible, and follows its going and coming.
    pub(super) fn open_while_visible(live: Live) {
        let open = StoredValue::<Option<Open>, LocalStorage>::new_local(None);
        let follow = move || {
            let hidden = document().hidden();
            let is_open = open.with_value(Option::is_some);
            if hidden && is_open {
                open.set_value(None);
            } else if !hidden && !is_open {
                open.set_value(connect(live));
            }
        };
        follow();
        let handle = window_event_listener_untyped("visibilitychange", move |_| follow());
        on_cleanup(move || {
            handle.remove();
            let _ = open.try_update_value(|open| *open = None);
        });
    }

    fn connect(live: Live) -> Option<Open> {
        let source = EventSource::new("/live").ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let Some(text) = message.data().as_string() else {
                return;
            };
            match serde_json::from_str::<LiveEvent>(&text) {
                Ok(LiveEvent::SignedOut) => go_to("/signin"),
                Ok(event) => live.tell(&event),
                // A newer server says things this page does not know.
                Err(_) => {}
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Open {
            source,
            _on_message: on_message,
        })
    }
}
