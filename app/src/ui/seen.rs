//! Whether somebody can see the page.

use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;

/// Says whether the page can be seen: once it lives and whenever that changes, until the caller's owner
/// is gone. On the server it says nothing.
pub fn when_seen(say: impl Fn(bool) + Copy + 'static) {
    Effect::new(move || {
        let look = move || say(!document().hidden());
        untrack(look);
        let turned = window_event_listener_untyped("visibilitychange", move |_| look());
        on_cleanup(move || turned.remove());
    });
}
