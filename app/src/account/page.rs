//! The member's own password and logins.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// The member's own password and logins.
#[component]
pub fn AccountPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::account::title(l) /> }
}
