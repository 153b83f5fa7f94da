//! Staying at the end of what grows, until the reader scrolls up.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

/// How near to the end counts as being there, in pixels.
const NEAR: i32 = 8;

/// Keeps the end of an area in view while the reader is there. On the server it does nothing.
#[derive(Clone, Copy)]
pub(super) struct Follow {
    /// The area that scrolls.
    pub(super) area: NodeRef<html::Div>,
    following: RwSignal<bool>,
    /// Where the area stood when it was last looked at.
    top: StoredValue<i32>,
}

impl Follow {
    /// Follows while `following` is true.
    pub(super) fn new(following: RwSignal<bool>) -> Self {
        Self {
            area: NodeRef::new(),
            following,
            top: StoredValue::new(0),
        }
    }

    /// Looks where the reader is: at the end it holds on, on the way up it lets go.
    pub(super) fn look(self) {
        let Some(area) = self.area.get_untracked() else {
            return;
        };
        let top = area.scroll_top();
        let rest = area.scroll_height() - area.client_height() - top;
        let following = if rest <= NEAR {
            true
        } else if top < self.top.get_value() {
            false
        } else {
            self.following.get_untracked()
        };
        self.top.set_value(top);
        if following != self.following.get_untracked() {
            self.following.set(following);
        }
    }

    /// Lets go when a fold is opened or lines are wrapped: what was clicked should stay where it is.
    pub(super) fn let_go_on_unfolding(self, event: &MouseEvent) {
        use leptos::wasm_bindgen::JsCast;
        let stays = event
            .target()
            .and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok())
            .and_then(|element| element.closest("summary, .code-wrap").ok().flatten())
            .is_some();
        if stays {
            self.following.set(false);
        }
    }

    /// Goes to the end and holds on to it.
    pub(super) fn to_end(self) {
        self.following.set(true);
        self.settle();
    }

    fn settle(self) {
        if let Some(area) = self.area.get_untracked()
            && self.following.get_untracked()
        {
            area.set_scroll_top(area.scroll_height());
        }
    }

    /// Puts something in above and keeps the reader's place.
    pub(super) fn keep_place(self, put: Box<dyn FnOnce()>) {
        let Some(area) = self.area.get_untracked() else {
            put();
            return;
        };
        let from_end = area.scroll_height() - area.scroll_top();
        put();
        request_animation_frame(move || {
            area.set_scroll_top(area.scroll_height() - from_end);
        });
    }

    /// Only a browser has sizes.
    #[cfg(not(feature = "hydrate"))]
    pub(super) fn watch(self, list: NodeRef<html::Div>) {
        let _ = (self, list);
    }

    /// Follows the list inside the area whenever it, or the area, changes its size.
    #[cfg(feature = "hydrate")]
    pub(super) fn watch(self, list: NodeRef<html::Div>) {
        Effect::new(move || {
            use wasm_bindgen::JsCast;
            use wasm_bindgen::closure::Closure;

            let (Some(area), Some(list)) = (self.area.get(), list.get()) else {
                return;
            };
            let resized = Closure::<dyn FnMut()>::new(move || self.settle());
            let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref())
            else {
                return;
            };
            observer.observe(&area);
            observer.observe(&list);
            let kept = StoredValue::new_local((observer, resized));
            on_cleanup(move || {
                let _ = kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        });
    }
}
