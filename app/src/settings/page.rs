//! The settings page.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::front::FrontForm;
use super::load_front_page;
use crate::reader::Reader;
use crate::ui::{PageHead, Skeleton, SkeletonShape, Trouble};

/// What administrators set for everybody.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let l = Reader::here().locale;
    // Blocking: who may not see it gets another status.
    let front = Resource::new_blocking(|| (), |()| load_front_page());
    view! {
        <Title text=text::settings::title(l) />
        <div class="page page-narrow">
            <PageHead title=text::settings::title(l) lead=text::settings::intro(l) />
            <Suspense fallback=|| view! { <Skeleton count=1 shape=SkeletonShape::Blocks /> }>
                {move || Suspend::new(async move {
                    match front.await {
                        Ok(page) => view! { <FrontForm page /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}
