//! The part of a connection's page about its models.

use domain::ConnectionId;
use domain::connections::{ConnectionModelRow, ProviderKind};
use leptos::prelude::*;
use locales::text;

use super::model_filter::{ModelFilter, ModelTools};
use super::model_list::ModelList;
use super::sync_connection;
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Listed, Progress, Skeleton, SkeletonShape, Toasts, Tone, Trouble};

/// The models of a connection: asking the provider for them, finding, switching and pricing them.
#[component]
pub(super) fn ModelSection(
    /// The connection.
    id: ConnectionId,
    /// Its dialect.
    kind: ProviderKind,
    /// Its models.
    models: Listed<Vec<ConnectionModelRow>>,
    /// Runs after models were found or switched.
    on_changed: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let filter = ModelFilter::new();
    let sync = Action::new(move |(): &()| {
        let reader = reader.clone();
        async move {
            match sync_connection(id).await {
                Ok(found) => {
                    let found = i64::try_from(found).unwrap_or(i64::MAX);
                    toasts.push(Tone::Good, text::models::synced(l, found));
                    models.renew();
                    // The page may be gone by the time the answer comes.
                    let _ = on_changed.try_run(());
                }
                Err(ServerError(why)) => {
                    let why = words(&reader, &why);
                    toasts.push(Tone::Bad, text::connections::sync_failed(l, &why));
                }
            }
        }
    });
    let pending = sync.pending();
    view! {
        <section class="section">
            <div class="section-head">
                <h2 class="section-title">{text::models::title(l)}</h2>
                <button
                    type="button"
                    class="button"
                    disabled=pending
                    on:click=move |_| { sync.dispatch(()); }
                >
                    <Icon name=IconName::Refresh />
                    {text::models::sync(l)}
                </button>
            </div>
            {move || pending
                .get()
                .then(|| view! {
                    <Progress id="connection-sync" label=text::models::syncing(l) value="" percent=None />
                })}
            <p class="faint small">{text::models::manage_intro(l)}</p>
            <ModelTools filter />
            <Transition fallback=|| view! { <Skeleton count=6 shape=SkeletonShape::Rows /> }>
                {move || Suspend::new(async move {
                    match models.await {
                        Ok(rows) => view! { <ModelList id kind rows filter on_changed /> }.into_any(),
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}
