//! The limits page.

use domain::LimitId;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::add::AddDialog;
use super::table::LimitTable;
use super::{delete_limit, list_limits};
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{
    Confirm, Icon, IconName, Listed, PageHead, Skeleton, SkeletonShape, Toasts, Tone, Trouble,
    open_when_asked,
};

/// The limits page: every ceiling with what is used of it, setting and removing them.
#[component]
pub fn LimitsPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let toasts = expect_context::<Toasts>();
    let limits = Listed::new_blocking(|| (), |()| list_limits());
    let adding = RwSignal::new(false);
    if administers {
        open_when_asked(adding);
    }
    let removing = RwSignal::new(false);
    let chosen = RwSignal::new(None::<LimitId>);
    let remove = Action::new(move |id: &LimitId| {
        let (id, reader) = (*id, reader.clone());
        async move {
            match delete_limit(id).await {
                Ok(()) => toasts.push(Tone::Good, text::limits::removed(l)),
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
            limits.renew();
        }
    });
    view! {
        <Title text=text::limits::title(l) />
        <div class="page page-wide">
            <PageHead title=text::limits::title(l) lead=text::limits::intro(l)>
                {administers
                    .then(|| view! {
                        <button type="button" class="button button-primary" on:click=move |_| adding.set(true)>
                            <Icon name=IconName::Plus />
                            {text::limits::add(l)}
                        </button>
                    })}
            </PageHead>
            <Transition fallback=|| view! { <Skeleton count=4 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match limits.await {
                        Ok(rows) => view! {
                            <LimitTable
                                rows
                                on_add=move |()| adding.set(true)
                                on_remove=move |id| {
                                    chosen.set(Some(id));
                                    removing.set(true);
                                }
                            />
                        }
                        .into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
            <AddDialog open=adding on_saved=move |()| limits.renew() />
            <Confirm
                id="limit-remove"
                open=removing
                title=text::limits::remove_title(l)
                confirm_label=text::common::remove(l)
                cancel_label=text::common::cancel(l)
                danger=true
                on_confirm=move |()| {
                    if let Some(id) = chosen.get_untracked() {
                        remove.dispatch(id);
                    }
                }
            >
                <p>{text::limits::remove_text(l)}</p>
            </Confirm>
        </div>
    }
}
