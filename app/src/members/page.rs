//! The members page.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// The members page.
#[component]
pub fn MembersPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::members::title(l) /> }
}
