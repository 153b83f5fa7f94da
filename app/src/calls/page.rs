//! The calls page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use locales::text;

use super::list::CallList;
use super::sign::{LiveSign, Liveness};
use super::tools::CallTools;
use super::{address, list_calls};
use crate::reader::Reader;
use crate::ui::{PageHead, Skeleton, SkeletonShape, Trouble};

/// The calls page: all calls of the house for admins, their own for members. It keeps up with the house
/// by itself; to look at once after a pause is to end it, so there is no button to load it again.
#[component]
pub fn CallsPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let lead = if administers {
        text::calls::intro(l)
    } else {
        text::calls::intro_own(l)
    };
    let liveness = Liveness::new();
    let query = use_query_map();
    let wanted = Memo::new(move |_| address::read(&query.read(), administers));
    let first = Resource::new(
        move || wanted.get(),
        |wanted| async move {
            let first = list_calls(wanted.clone(), None).await?;
            Ok((wanted, first))
        },
    );
    view! {
        <Title text=text::calls::title(l) />
        <div class="page page-wide">
            <PageHead title=text::calls::title(l) lead=lead>
                <LiveSign liveness />
            </PageHead>
            <CallTools wanted />
            <Transition fallback=|| view! { <Skeleton count=8 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok((wanted, first)) => {
                            view! { <CallList first wanted names_members=administers liveness /> }
                                .into_any()
                        }
                        Err(error) => {
                            Effect::new(move || liveness.is_lost.set(true));
                            view! { <Trouble error /> }.into_any()
                        }
                    }
                })}
            </Transition>
        </div>
    }
}
