//! Staying at the end of the conversation while it grows, and letting go when the reader scrolls.

use leptos::html::Div;
use leptos::prelude::*;

use super::conversation::Conversation;

/// Within this many pixels of the end counts as the end.
#[cfg(feature = "hydrate")]
const NEAR: i32 = 80;

/// Follows the growing end as long as the reader is there. Returns whether they are.
pub(super) fn stick_to_end(scroll: NodeRef<Div>, talk: Conversation) -> ReadSignal<bool> {
    let (at_end, set_at_end) = signal(true);
    #[cfg(feature = "hydrate")]
    {
        Effect::new(move || {
            let Some(element) = scroll.get() else { return };
            to_end(scroll);
            let watched = element.clone();
            let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || {
                let left = watched.scroll_height() - watched.scroll_top() - watched.client_height();
                set_at_end.set(left < NEAR);
            });
            element.set_onscroll(Some(wasm_bindgen::JsCast::unchecked_ref(listener.as_ref())));
            let kept = StoredValue::new_local(listener);
            on_cleanup(move || {
                element.set_onscroll(None);
                kept.dispose();
            });
        });
        Effect::new(move || {
            // Every change of what is shown: another message, or more of the last.
            talk.cells.with(|cells| {
                if let Some(last) = cells.last() {
                    last.view.track();
                }
            });
            if at_end.get_untracked() {
                request_animation_frame(move || to_end(scroll));
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (scroll, talk, set_at_end);
    at_end
}

/// Scrolls to the end, in the browser only.
pub(super) fn to_end(scroll: NodeRef<Div>) {
    #[cfg(feature = "hydrate")]
    if let Some(element) = scroll.try_get_untracked().flatten() {
        element.set_scroll_top(element.scroll_height());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = scroll;
}
