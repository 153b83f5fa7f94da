//! The models page.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::list_models;
use super::table::ModelTable;
use crate::reader::Reader;
use crate::ui::{PageHead, Skeleton, SkeletonShape, Trouble};

/// The models a member may use, with what they cost.
#[component]
pub fn ModelsPage() -> impl IntoView {
    let l = Reader::here().locale;
    let models = Resource::new(|| (), |()| list_models());
    view! {
        <Title text=text::models::title(l) />
        <div class="page page-wide">
            <PageHead title=text::models::title(l) lead=text::models::page_intro(l) />
            <Suspense fallback=|| view! { <Skeleton count=8 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match models.await {
                        Ok(models) => view! { <ModelTable models /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}
