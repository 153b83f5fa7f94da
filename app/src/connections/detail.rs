//! One connection with its models.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// One connection with its models.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::connections::title(l) /> }
}
