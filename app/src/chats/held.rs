//! A long press on a message brings its buttons to where the finger is: under a long reply they stand
//! far below. What the browser itself answers to the press, choosing words, is left alone.

#[cfg(feature = "hydrate")]
pub(super) use browser::bring_buttons_to_finger;

/// Nobody presses on a server.
#[cfg(not(feature = "hydrate"))]
pub(super) fn bring_buttons_to_finger() {}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::ev;
    use leptos::leptos_dom::helpers::TimeoutHandle;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, MouseEvent, Node, PointerEvent};

    /// How it is marked; the stylesheet does the rest.
    const HELD: &str = "data-held";
    /// How long a press is a long one.
    const LONG: Duration = Duration::from_millis(400);
    /// From how many pixels on a finger moves: it scrolls.
    const FAR: i32 = 10;

    /// Listens as long as the messages are drawn.
    pub(in super::super) fn bring_buttons_to_finger() {
        let hand = Hand {
            press: StoredValue::new_local(None),
            held: StoredValue::new_local(None),
        };
        let handles = [
            window_event_listener(ev::pointerdown, move |event| hand.press(&event)),
            window_event_listener(ev::pointermove, move |event| hand.follow(&event)),
            window_event_listener(ev::pointerup, move |_| hand.lift()),
            window_event_listener(ev::pointercancel, move |_| hand.lift()),
            // The browser's own long press ends ours, and may be the shorter one.
            window_event_listener(ev::contextmenu, move |event| hand.rest(&event)),
        ];
        on_cleanup(move || {
            hand.lift();
            for handle in handles {
                handle.remove();
            }
        });
    }

    /// A finger that rests somewhere, until it is a long press.
    struct Press {
        x: i32,
        y: i32,
        timer: TimeoutHandle,
    }

    #[derive(Clone, Copy)]
    struct Hand {
        press: StoredValue<Option<Press>, LocalStorage>,
        /// The message that was pressed last.
        held: StoredValue<Option<Element>, LocalStorage>,
    }

    impl Hand {
        fn press(self, event: &PointerEvent) {
            self.lift();
            let pressed = event.target();
            let pressed = pressed.as_ref().and_then(|target| target.dyn_ref::<Node>());
            let is_beside =
                |held: &Option<Element>| held.as_ref().is_some_and(|held| !held.contains(pressed));
            if self.held.try_with_value(is_beside) == Some(true) {
                self.hold(None);
            }
            let message = message_under(event);
            if event.pointer_type() != "mouse" && event.is_primary() && message.is_some() {
                let hold = move || self.hold(message);
                if let Ok(timer) = set_timeout_with_handle(hold, LONG) {
                    let (x, y) = (event.client_x(), event.client_y());
                    let _ = self.press.try_set_value(Some(Press { x, y, timer }));
                }
            }
        }

        fn follow(self, event: &PointerEvent) {
            let is_far = |press: &Option<Press>| {
                press.as_ref().is_some_and(|press| {
                    let (x, y) = (event.client_x() - press.x, event.client_y() - press.y);
                    x.abs().max(y.abs()) > FAR
                })
            };
            if self.press.try_with_value(is_far) == Some(true) {
                self.lift();
            }
        }

        fn rest(self, event: &MouseEvent) {
            // Without a finger it is the other button of a mouse. The press may have been taken away by then.
            let touch = event.dyn_ref::<PointerEvent>();
            let touches = touch.is_some_and(|touch| touch.pointer_type() == "touch");
            if touches || self.press.try_with_value(Option::is_some) == Some(true) {
                self.lift();
                self.hold(message_under(event));
            }
        }

        fn lift(self) {
            if let Some(press) = self.press.try_update_value(Option::take).flatten() {
                press.timer.clear();
            }
        }

        fn hold(self, message: Option<Element>) {
            if let Some(message) = &message {
                let _ = message.set_attribute(HELD, "");
            }
            let _ = self.held.try_update_value(|held| {
                let before = held
                    .take()
                    .filter(|before| Some(before) != message.as_ref());
                if let Some(before) = before {
                    let _ = before.remove_attribute(HELD);
                }
                *held = message;
            });
        }
    }

    /// The message an event is about, if it is about one; what answers to a press itself is left to it.
    fn message_under(event: &Event) -> Option<Element> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let answers = target.closest("a, button, summary, textarea").ok()?;
        if answers.is_some() {
            return None;
        }
        target.closest(".messages .message").ok()?
    }
}
