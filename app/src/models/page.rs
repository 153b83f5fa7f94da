//! The models a member may use, with what they cost.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// The models a member may use, with what they cost.
#[component]
pub fn ModelsPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::models::title(l) /> }
}
