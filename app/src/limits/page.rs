//! The limits page.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// The limits page.
#[component]
pub fn LimitsPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::limits::title(l) /> }
}
