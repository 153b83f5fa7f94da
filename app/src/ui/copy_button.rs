//! Copy to the clipboard.

use std::time::Duration;

use leptos::{html, prelude::*, text_prop::TextProp};

use super::{Icon, IconName, after};

/// How long the button says "copied".
const THANKS: Duration = Duration::from_secs(2);

/// A button that copies a text and says so for a moment.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: TextProp,
    /// Word on the button.
    #[prop(into)]
    label: TextProp,
    /// Word on it just after copying; also announced.
    #[prop(into)]
    copied_label: TextProp,
    /// Shows the drawing alone; the words are then read aloud only.
    #[prop(optional)]
    icon_only: bool,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let copied = RwSignal::new(false);
    let class = if icon_only {
        "copy button button-quiet button-small button-icon"
    } else {
        "copy button button-quiet button-small"
    };
    let words_class = if icon_only { "only-read" } else { "copy-words" };
    let announced = copied_label.clone();
    let on_click = move |_| {
        let Some(button) = button.get_untracked() else {
            return;
        };
        copy(&untrack(|| text.get()), &button, move |done| {
            // A refusal leaves the button as it was: nothing was copied.
            if !done {
                return;
            }
            let _ = copied.try_set(true);
            after(THANKS, move || {
                let _ = copied.try_set(false);
            });
        });
    };

    view! {
        <button type="button" class=class class:is-copied=copied node_ref=button on:click=on_click>
            {move || {
                let name = if copied.get() { IconName::Check } else { IconName::Copy };
                view! { <Icon name=name /> }
            }}
            <span class=words_class>
                <span class="copy-ask">{move || label.get()}</span>
                <span class="copy-done" aria-hidden="true">
                    {move || copied_label.get()}
                </span>
            </span>
            <span class="only-read" role="status">
                {move || copied.get().then(|| announced.get())}
            </span>
        </button>
    }
    .into_any()
}

/// Copies a text that no button holds, and tells whether that worked. On the server nothing happens.
pub fn copy_text(text: &str, then: impl FnOnce(bool) + 'static) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        // What was pressed, or where one writes, has the focus; the hidden field goes beside it.
        let focused = document()
            .active_element()
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        match focused {
            Some(focused) => copy(text, &focused, then),
            None => then(false),
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (text, then);
}

/// Copies, then tells whether that worked. On the server nothing happens.
#[cfg(not(feature = "hydrate"))]
pub(super) fn copy<B>(_text: &str, _beside: &B, _then: impl FnOnce(bool) + 'static) {}

/// Copies, then tells whether that worked; where the clipboard is closed to us (plain http in a
/// house network) it goes the old way, over a selected text.
#[cfg(feature = "hydrate")]
pub(super) fn copy(text: &str, beside: &web_sys::HtmlElement, then: impl FnOnce(bool) + 'static) {
    use wasm_bindgen::JsValue;

    let clipboard = window().navigator().clipboard();
    if AsRef::<JsValue>::as_ref(&clipboard).is_undefined() {
        then(copy_by_selection(text, beside).unwrap_or(false));
        return;
    }
    let written = clipboard.write_text(text);
    // It refuses where the permission was withdrawn.
    leptos::task::spawn_local(async move { then(written.await.is_ok()) });
}

/// Selects the text in a hidden field beside what has the focus – inside an open dialog nothing else may
/// have the focus – and asks the browser to copy the selection.
#[cfg(feature = "hydrate")]
fn copy_by_selection(
    text: &str,
    beside: &web_sys::HtmlElement,
) -> Result<bool, wasm_bindgen::JsValue> {
    use wasm_bindgen::JsCast;

    let page = document();
    let field: web_sys::HtmlTextAreaElement = page.create_element("textarea")?.unchecked_into();
    field.set_class_name("only-read");
    field.set_value(text);
    beside.after_with_node_1(&field)?;
    field.select();
    let copied = page
        .unchecked_ref::<web_sys::HtmlDocument>()
        .exec_command("copy");
    field.remove();
    beside.focus()?;
    copied
}
