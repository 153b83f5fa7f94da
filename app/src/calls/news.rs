//! What has come in while somebody reads further down.

use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use locales::text;

use super::lines::Lines;
use super::merge::News;
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// "3 new calls", while so many wait; it brings them, and the reader to the top of the page.
#[component]
pub(super) fn NewsButton(
    /// What is shown and what waits.
    lines: Lines,
) -> impl IntoView {
    let l = Reader::here().locale;
    let news = Memo::new(move |_| lines.news());
    let has_news = Memo::new(move |_| news.read().is_some());
    let words = move || {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        news.get().map(|news| match news {
            News::Are(calls) => text::calls::new(l, count(calls)),
            News::AreAtLeast(calls) => text::calls::new_at_least(l, count(calls)),
        })
    };
    let bring = move |_| {
        lines.bring();
        go_to_top();
    };
    view! {
        <div class="live-news" aria-live="polite">
            {move || {
                has_news
                    .get()
                    .then(|| view! {
                        <button type="button" class="button button-small" on:click=bring>
                            <Icon name=IconName::ChevronUp />
                            <span>{words}</span>
                        </button>
                    })
            }}
        </div>
    }
}

/// Whether the reader stands at the top of the page.
pub(super) fn is_at_top() -> bool {
    // A page that is pulled beyond its edge stands there too.
    window().scroll_y().unwrap_or_default() < 1.0
}

/// To the top of the page, where the keyboard goes on too: its button goes away.
fn go_to_top() {
    use leptos::wasm_bindgen::JsCast;

    let title = document().query_selector("h1").ok().flatten();
    if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
        // Fails only for what cannot be focused; the page goes up all the same.
        let _ = title.focus();
    }
    window().scroll_to_with_x_and_y(0.0, 0.0);
}
