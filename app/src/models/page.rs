//! The models page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use locales::text;

use super::list_models;
use super::listing::Listing;
use super::pricing::{PriceHere, Pricing};
use super::search_box::Search;
use super::table::ModelTable;
use crate::reader::Reader;
use crate::ui::{Listed, PageHead, Skeleton, SkeletonShape, Trouble};

/// The models a member may use, with what they cost; who administers sets prices here as well.
#[component]
pub fn ModelsPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let models = Listed::new(|| (), |()| list_models());
    let query = use_query_map();
    let listing = Memo::new(move |_| Listing::read(&query.read()));
    let search = Search::at(listing);
    let pricing = reader.facts.me.role.administers().then(Pricing::new);
    let on_saved = Callback::new(move |()| models.renew());
    view! {
        <Title text=text::models::title(l) />
        <div class="page page-wide">
            <PageHead title=text::models::title(l) lead=text::models::page_intro(l) />
            <Transition fallback=|| view! { <Skeleton count=8 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match models.await {
                        Ok(models) => view! { <ModelTable models listing search pricing /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
            {pricing.map(|pricing| view! { <PriceHere pricing on_saved /> })}
        </div>
    }
}
