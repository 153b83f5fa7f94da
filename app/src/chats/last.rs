//! Which message is the last.

use leptos::html;
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use super::open::OpenChat;

/// How it is marked.
#[cfg(feature = "hydrate")]
const LAST: &str = "data-last";

/// Marks the last message, whose buttons are always there. By hand: for a style that looks for it the
/// browser goes through all others whenever one comes, and so does a signal in each of them.
#[cfg(feature = "hydrate")]
pub(super) fn mark_last(list: NodeRef<html::Div>) {
    let open = OpenChat::here();
    let marked = StoredValue::new_local(None::<web_sys::Element>);
    Effect::new(move || {
        open.last.track();
        open.lines.track();
        let Some(list) = list.get() else { return };
        // By then the list is drawn, and its picture is not.
        request_animation_frame(move || {
            let mut last = list.last_element_child();
            while let Some(other) = last.take_if(|element| element.tag_name() != "ARTICLE") {
                last = other.previous_element_sibling();
            }
            let _ = marked.try_update_value(|marked| {
                if *marked == last {
                    return;
                }
                if let Some(before) = marked.take() {
                    let _ = before.remove_attribute(LAST);
                }
                if let Some(last) = &last {
                    let _ = last.set_attribute(LAST, "");
                }
                *marked = last;
            });
        });
    });
}

/// Nothing is marked on the server: there are no buttons yet.
#[cfg(not(feature = "hydrate"))]
pub(super) fn mark_last(_list: NodeRef<html::Div>) {}
