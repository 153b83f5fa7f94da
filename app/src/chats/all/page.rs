//! The page of all chats.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use locales::text;

use super::list::ChatTable;
use super::search::ChatSearch;
use super::{address, survey_chats};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, PageHead, Skeleton, SkeletonShape, Trouble};

/// Every chat of the member, with a field to look for some of them.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let l = Reader::here().locale;
    let query = use_query_map();
    let wanted = Memo::new(move |_| address::read(&query.read()));
    let first = Resource::new(
        move || wanted.get(),
        |wanted| async move {
            let first = survey_chats(wanted.clone(), None).await?;
            Ok((wanted, first))
        },
    );
    // Read aloud what was found; empty in the first picture, and it stays while lists come and go.
    let told = RwSignal::new(String::new());
    view! {
        <Title text=text::history::label(l) />
        <div class="page page-wide">
            <PageHead title=text::history::label(l) lead=text::history::intro(l)>
                <A href="/" attr:class="button button-primary">
                    <Icon name=IconName::Plus />
                    {text::nav::new_chat(l)}
                </A>
            </PageHead>
            <ChatSearch wanted />
            <p class="only-read" role="status">{told}</p>
            <Transition fallback=|| view! { <Skeleton count=8 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok((wanted, first)) => {
                            view! { <ChatTable first wanted told /> }.into_any()
                        }
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}
