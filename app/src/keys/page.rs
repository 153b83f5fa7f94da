//! The member's gateway keys.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// The member's gateway keys.
#[component]
pub fn KeysPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::keys::title(l) /> }
}
