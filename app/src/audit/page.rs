//! The audit trail.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::PageHead;

/// The audit trail.
#[component]
pub fn AuditPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! { <PageHead title=text::audit::title(l) /> }
}
