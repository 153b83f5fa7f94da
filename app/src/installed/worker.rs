//! The service worker, seen from a page.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MessageEvent, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerState,
};

use super::{News, Said};
use crate::root::frame::reload;
use crate::ui::after;

const ADDRESS: &str = "/service-worker.js";
/// How long a worker may take to begin.
const PATIENCE: Duration = Duration::from_secs(3);

thread_local! {
    /// What the browser gave us for registering it.
    static REGISTRATION: RefCell<Option<ServiceWorkerRegistration>> = const { RefCell::new(None) };
}

/// Whether the browser has workers here: they need a connection that nobody else can write into.
pub(super) fn is_possible() -> bool {
    container().is_some()
}

fn container() -> Option<ServiceWorkerContainer> {
    let container = window().navigator().service_worker();
    let is_there = !AsRef::<JsValue>::as_ref(&container).is_undefined();
    (is_there && window().is_secure_context()).then_some(container)
}

fn registration() -> Option<ServiceWorkerRegistration> {
    REGISTRATION.with_borrow(Clone::clone)
}

/// Which build this page is of.
pub(super) fn own_build() -> Option<String> {
    document().document_element()?.get_attribute("data-build")
}

/// Registers the worker and tells `news` when a newer one waits.
pub(super) fn register(news: News) {
    let Some(container) = container() else { return };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if message.data().as_string().as_deref() == Some("newer") {
            news.tell();
        }
    });
    container.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The page needs it as long as it lives.
    on_message.forget();
    spawn_local(async move {
        // A browser may refuse, such as with all storage switched off. Everything else works without.
        let Ok(registered) = container.register(ADDRESS).await else {
            return;
        };
        let Ok(registered) = registered.dyn_into::<ServiceWorkerRegistration>() else {
            return;
        };
        if let Some(waiting) = registered.waiting() {
            compare(&waiting);
        }
        let seen = registered.clone();
        let on_update = Closure::<dyn FnMut()>::new(move || {
            if let Some(coming) = seen.installing() {
                when(&coming, ServiceWorkerState::Installed, compare);
            }
        });
        registered.set_onupdatefound(Some(on_update.as_ref().unchecked_ref()));
        on_update.forget();
        REGISTRATION.set(Some(registered));
    });
}

/// Asks a worker that waits whether it is newer than this page.
fn compare(waiting: &ServiceWorker) {
    if let Some(build) = own_build() {
        send(waiting, &Said::Compare { build });
    }
}

/// Has the browser ask the server for a newer worker now.
pub(crate) fn look_for_newer() {
    if let Some(registered) = registration()
        && let Ok(looking) = registered.update()
    {
        spawn_local(async move {
            // Without a network it looks the next time.
            let _ = looking.await;
        });
    }
}

/// Lets the worker that waits begin, if there is one, and loads the page again.
pub(super) fn take_over() {
    match registration().and_then(|registered| registered.waiting()) {
        Some(waiting) => {
            when(&waiting, ServiceWorkerState::Activated, |_| reload());
            send(&waiting, &Said::TakeOver);
            // Should it not come to that: the page is new with the old worker, too.
            after(PATIENCE, reload);
        }
        None => reload(),
    }
}

/// Says something to the worker, once there is one.
pub(super) fn tell(said: &Said) {
    let Some(ready) = container().and_then(|container| container.ready().ok()) else {
        return;
    };
    let Ok(text) = serde_json::to_string(said) else {
        return;
    };
    spawn_local(async move {
        let registered = ready
            .await
            .and_then(JsCast::dyn_into::<ServiceWorkerRegistration>);
        if let Some(active) = registered.ok().and_then(|registered| registered.active()) {
            let _ = active.post_message(&text.into());
        }
    });
}

fn send(worker: &ServiceWorker, said: &Said) {
    if let Ok(text) = serde_json::to_string(said) {
        // Fails for what cannot be copied; a text can.
        let _ = worker.post_message(&text.into());
    }
}

/// Runs `then` when a worker gets into a state.
fn when(
    worker: &ServiceWorker,
    state: ServiceWorkerState,
    then: impl Fn(&ServiceWorker) + 'static,
) {
    let watched = worker.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || {
        if watched.state() == state {
            then(&watched);
        }
    });
    worker.set_onstatechange(Some(on_change.as_ref().unchecked_ref()));
    // A handful in the life of a page.
    on_change.forget();
}
