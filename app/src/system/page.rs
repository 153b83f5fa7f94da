//! The system page.

use domain::ProblemId;
use domain::problems::ProblemState;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::facts::Facts;
use super::instances::InstanceTable;
use super::problems::ProblemTable;
use super::providers::ProviderTable;
use super::{list_problems, set_problem, view_system};
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Listed, PageHead, Skeleton, SkeletonShape, Toasts, Tone, Trouble};

/// How the house is doing, and what went wrong lately.
#[component]
pub fn SystemPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let toasts = expect_context::<Toasts>();
    // Blocking: who may not see it gets another status.
    let system = Resource::new_blocking(|| (), |()| view_system());
    let problems = Listed::new(|| (), |()| list_problems());
    let set = Action::new(move |(id, state): &(ProblemId, ProblemState)| {
        let (id, state, reader) = (*id, *state, reader.clone());
        async move {
            if let Err(ServerError(why)) = set_problem(id, state).await {
                toasts.push(Tone::Bad, words(&reader, &why));
            }
            problems.renew();
        }
    });
    view! {
        <Title text=text::system::title(l) />
        <div class="page page-wide">
            <PageHead title=text::system::title(l) lead=text::system::intro(l)>
                {administers
                    .then(|| view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| {
                                system.refetch();
                                problems.renew();
                            }
                        >
                            <Icon name=IconName::Refresh />
                            {text::system::refresh(l)}
                        </button>
                    })}
            </PageHead>
            <Transition fallback=|| view! { <Skeleton count=3 shape=SkeletonShape::Blocks /> }>
                {move || Suspend::new(async move {
                    match system.await {
                        Ok(system) => {
                            let (instances, connections) =
                                (system.instances.clone(), system.connections.clone());
                            view! {
                                <Facts system />
                                <section class="section">
                                    <h2 class="section-title">{text::system::problems(l)}</h2>
                                    // A border of its own: a wait right inside another is left out of the
                                    // drawing where it lasts longer.
                                    <Transition fallback=|| view! { <Skeleton shape=SkeletonShape::Rows count=2 /> }>
                                        {move || Suspend::new(async move {
                                            match problems.await {
                                                Ok(rows) => view! {
                                                    <ProblemTable rows on_set=move |change| { set.dispatch(change); } />
                                                }
                                                    .into_any(),
                                                Err(error) => view! { <Trouble error /> }.into_any(),
                                            }
                                        })}
                                    </Transition>
                                </section>
                                <section class="section">
                                    <h2 class="section-title">{text::system::providers(l)}</h2>
                                    <ProviderTable rows=connections />
                                </section>
                                <section class="section">
                                    <h2 class="section-title">{text::system::instances(l)}</h2>
                                    <InstanceTable rows=instances />
                                </section>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}
