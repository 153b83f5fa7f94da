//! A filter that holds.

use leptos::web_sys::{Element, HtmlElement};
use leptos::{ev::MouseEvent, prelude::*, text_prop::TextProp};
use locales::text;

use super::{Icon, IconName};
use crate::reader::Reader;

/// Says what a list leaves out; a click takes the filter away. Stands in a [`Toolbar`](super::Toolbar)
/// beside a button, to which the keyboard goes when the filter is gone.
#[component]
pub fn FilterTag(
    /// What is filtered by.
    #[prop(into)]
    name: TextProp,
    /// What holds; longer than its place it is cut.
    #[prop(into)]
    value: TextProp,
    /// The page without the filter.
    #[prop(into)]
    href: Signal<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let (aloud_name, aloud_value, title) = (name.clone(), value.clone(), value.clone());
    view! {
        <a
            class="filter-tag"
            href=href
            data-noscroll="true"
            title=move || title.get()
            aria-label=move || {
                let filter = format!("{} {}", aloud_name.get(), aloud_value.get());
                text::common::remove_filter(l, &filter)
            }
            on:click=move |event| give_focus_back(&event)
        >
            <span class="filter-name">{move || name.get()}</span>
            <span class="cut">{move || value.get()}</span>
            <Icon name=IconName::Close />
        </a>
    }
    .into_any()
}

/// To the first button of the same tools, which stays.
fn give_focus_back(event: &MouseEvent) {
    use leptos::wasm_bindgen::JsCast;
    let button = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|tag| tag.closest(".toolbar").ok().flatten())
        .and_then(|tools| tools.query_selector("button").ok().flatten())
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        let _ = button.focus();
    }
}
