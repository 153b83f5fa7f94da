//! The button below a list that goes on.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;

/// "Load more", while there is more.
#[component]
pub fn LoadMore(
    /// Whether there is more.
    #[prop(into)]
    more: Signal<bool>,
    /// Whether it is on its way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Loads the next page.
    #[prop(into)]
    on_more: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    move || {
        more.get().then(|| {
            view! {
                <div class="table-more">
                    <button
                        type="button"
                        class="button"
                        class:is-busy=busy
                        disabled=busy
                        on:click=move |_| on_more.run(())
                    >
                        {text::common::load_more(l)}
                    </button>
                </div>
            }
        })
    }
}
