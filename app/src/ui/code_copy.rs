//! Copying a block of code, and wrapping the lines of all of them. Their buttons come and go with rendered text
//! (`rendered.rs`), so one listener above it serves them all.

use std::time::Duration;

use leptos::ev::MouseEvent;
#[cfg(feature = "hydrate")]
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlButtonElement};

use super::after;
use super::copy_button::copy;

/// How long the button says "copied".
const THANKS: Duration = Duration::from_secs(2);

/// Set on the page while the lines of code are wrapped. On the page and not on a block: a choice for one is a
/// choice for all, also for code that is still to come, and it lasts until the page is left.
#[cfg(feature = "hydrate")]
const WRAPPED: &str = "data-code-wrapped";

/// Copies the code whose button was clicked, and tells whether that worked; other clicks are let
/// through. The button says it for a moment; to announce it is for the caller.
pub fn copy_clicked_code(event: &MouseEvent, then: impl FnOnce(bool) + 'static) {
    let Some(button) = clicked(event, "button.code-copy") else {
        return;
    };
    let code = button
        .closest("figure")
        .ok()
        .flatten()
        .and_then(|figure| figure.query_selector("pre").ok().flatten())
        .and_then(|pre| pre.text_content());
    let Some(code) = code else { return };
    // A last line break would run a command as soon as it is pasted into a terminal.
    let code = code.strip_suffix('\n').unwrap_or(&code).to_owned();
    let pressed = button.clone();
    copy(&code, &button, move |done| {
        if done {
            thank(pressed);
        }
        then(done);
    });
}

/// Wraps the lines of all code, or no longer, when the button for it was clicked. The button stays where it
/// is on the screen, though blocks above it may have grown or shrunk. On the server nothing happens.
#[cfg(not(feature = "hydrate"))]
pub fn wrap_on_click(_event: &MouseEvent) {}

/// Wraps the lines of all code, or no longer, when the button for it was clicked. The button stays where it
/// is on the screen, though blocks above it may have grown or shrunk.
#[cfg(feature = "hydrate")]
pub fn wrap_on_click(event: &MouseEvent) {
    let Some(button) = clicked(event, "button.code-wrap") else {
        return;
    };
    let area = event
        .current_target()
        .and_then(|area| area.dyn_into::<Element>().ok());
    let Some((area, page)) = area.zip(document().document_element()) else {
        return;
    };
    let top = || button.get_bounding_client_rect().top();
    let before = top();
    // It fails only for names that are none.
    let _ = page.toggle_attribute(WRAPPED);
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
    let moved = (top() - before).round() as i32;
    area.set_scroll_top(area.scroll_top() + moved);
}

/// The button of this kind that was clicked.
fn clicked(event: &MouseEvent, which: &str) -> Option<HtmlButtonElement> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest(which).ok()??.dyn_into().ok()
}

/// Lets a button say "copied" for a moment.
fn thank(button: HtmlButtonElement) {
    // Neither fails for a single plain word.
    let _ = button.class_list().add_1("is-copied");
    after(THANKS, move || {
        let _ = button.class_list().remove_1("is-copied");
    });
}
