//! The connections page.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::add::{AddDialog, Adding};
use super::list_connections;
use super::table::ConnectionTable;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, PageHead, Skeleton, SkeletonShape, Trouble, open_when_asked};

/// The connections page: every connection with how it is doing, and adding one.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let adding = Adding::new();
    if administers {
        open_when_asked(adding.open);
    }
    // Blocking: who may not see it gets another status.
    let connections = Resource::new_blocking(|| (), |()| list_connections());
    view! {
        <Title text=text::connections::title(l) />
        <div class="page page-wide">
            <PageHead title=text::connections::title(l) lead=text::connections::intro(l)>
                {administers
                    .then(|| view! {
                        <button
                            type="button"
                            class="button button-primary"
                            on:click=move |_| adding.open.set(true)
                        >
                            <Icon name=IconName::Plus />
                            {text::connections::add(l)}
                        </button>
                    })}
            </PageHead>
            <Suspense fallback=|| view! { <Skeleton count=4 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match connections.await {
                        Ok(rows) => view! {
                            <ConnectionTable
                                rows
                                on_add=move |()| adding.open.set(true)
                                on_demo=move |()| adding.demo()
                            />
                        }
                        .into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Suspense>
            <AddDialog adding />
        </div>
    }
}
