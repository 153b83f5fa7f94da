//! The audit page.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::list::ActList;
use super::list_acts;
use crate::reader::Reader;
use crate::ui::{PageHead, Skeleton, SkeletonShape, Trouble};

/// The audit page: who changed what, and when.
#[component]
pub fn AuditPage() -> impl IntoView {
    let l = Reader::here().locale;
    // Blocking: who may not see it gets another status.
    let first = Resource::new_blocking(|| (), |()| list_acts(None));
    view! {
        <Title text=text::audit::title(l) />
        <div class="page page-wide">
            <PageHead title=text::audit::title(l) lead=text::audit::intro(l) />
            <Suspense fallback=|| view! { <Skeleton count=8 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(first) => view! { <ActList first /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}
