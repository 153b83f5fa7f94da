//! Tabs within a page. For tabs that are addresses write `<nav class="tabs">` with `tab` links.

use leptos::{ev::KeyboardEvent, prelude::*, text_prop::TextProp};

/// One tab: its key, unique within the set, and its word.
#[derive(Clone)]
pub struct Tab {
    /// Value of the selection while this tab is in front.
    pub key: &'static str,
    /// Word on the tab.
    pub label: TextProp,
}

impl Tab {
    /// A tab.
    pub fn new(key: &'static str, label: impl Into<TextProp>) -> Self {
        Self {
            key,
            label: label.into(),
        }
    }
}

/// Index tabs in one line; arrows, Home and End move between them.
#[component]
pub fn Tabs(
    /// Unique in the page, the same as for the panels.
    id: &'static str,
    /// What the tabs choose between, read aloud only.
    #[prop(into)]
    label: TextProp,
    /// The tabs in order.
    tabs: Vec<Tab>,
    /// Key of the tab in front.
    selected: RwSignal<&'static str>,
) -> impl IntoView {
    let keys: Vec<&'static str> = tabs.iter().map(|tab| tab.key).collect();
    let on_key = move |event: KeyboardEvent| {
        let Some(now) = keys.iter().position(|key| *key == selected.get_untracked()) else {
            return;
        };
        let last = keys.len() - 1;
        let next = match event.key().as_str() {
            "ArrowRight" => (now + 1) % keys.len(),
            "ArrowLeft" => now.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        selected.set(keys[next]);
        focus(&tab_id(id, keys[next]));
    };

    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() on:keydown=on_key>
            {tabs
                .into_iter()
                .map(|Tab { key, label }| {
                    let is_front = move || selected.get() == key;
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class="tab"
                            id=tab_id(id, key)
                            aria-controls=panel_id(id, key)
                            aria-selected=move || if is_front() { "true" } else { "false" }
                            tabindex=move || if is_front() { "0" } else { "-1" }
                            on:click=move |_| selected.set(key)
                        >
                            {move || label.get()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// What lies under one tab; hidden, not removed, while another is in front.
#[component]
pub fn TabPanel(
    /// Id of the [`Tabs`] it belongs to.
    id: &'static str,
    /// Key of its tab.
    key: &'static str,
    /// Key of the tab in front.
    #[prop(into)]
    selected: Signal<&'static str>,
    /// Content.
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="tab-panel"
            role="tabpanel"
            id=panel_id(id, key)
            aria-labelledby=tab_id(id, key)
            hidden=move || selected.get() != key
        >
            {children()}
        </div>
    }
    .into_any()
}

fn tab_id(id: &str, key: &str) -> String {
    format!("{id}-tab-{key}")
}

fn panel_id(id: &str, key: &str) -> String {
    format!("{id}-panel-{key}")
}

/// Puts the keyboard on an element; only handlers call it, so it never runs on the server.
fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast;
    if let Some(element) = document().get_element_by_id(id)
        && let Some(element) = element.dyn_ref::<leptos::web_sys::HtmlElement>()
    {
        // Refuses only elements that are no longer in the page.
        let _ = element.focus();
    }
}
