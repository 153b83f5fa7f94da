//! One connection with its models.

use domain::connections::{ConnectionModelRow, ConnectionRow};
use domain::{AppError, ConnectionId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use locales::text;

use super::edit::EditDialog;
use super::facts::ConnectionFacts;
use super::models::ModelSection;
use super::test_panel::TestPanel;
use super::{delete_connection, list_connection_models, list_connections};
use crate::error::{Answer, ServerError, missing, words};
use crate::reader::Reader;
use crate::ui::{
    Confirm, FirstTitle, Listed, PageHead, Skeleton, SkeletonShape, Toasts, Tone, Trouble,
    TypedName, trouble_title,
};

/// One connection: facts, a test, its models with their prices, changing and removing it.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id")?.parse::<ConnectionId>().ok());
    // Blocking, so that the name is in the title and a wrong address is a 404.
    let l = Reader::here().locale;
    let title = FirstTitle::default();
    let first_title = title.clone();
    let connection = Resource::new_blocking(
        move || id.get(),
        move |id| {
            let title = title.clone();
            async move {
                let found = find(id).await;
                title.set(match &found {
                    Ok(row) => &row.name,
                    Err(error) => trouble_title(l, &error.0),
                });
                found
            }
        },
    );
    // Not below the loading border: what is made there is made twice on the server, and the browser
    // would look for it under another number.
    let models = Listed::new(
        move || id.get(),
        |id| async move {
            let id = id.ok_or(ServerError(AppError::NotFound))?;
            list_connection_models(id).await
        },
    );
    view! {
        {first_title.into_head()}
        <div class="page page-wide">
            <Suspense fallback=|| view! { <Skeleton count=4 shape=SkeletonShape::Blocks /> }>
                {move || Suspend::new(async move {
                    match connection.await {
                        Ok(row) => view! { <ConnectionView row models /> }.into_any(),
                        Err(error) => view! {
                            <Trouble error heads_page=true />
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

/// The connection of an id.
async fn find(id: Option<ConnectionId>) -> Answer<ConnectionRow> {
    let rows = list_connections().await?;
    rows.into_iter()
        .find(|row| Some(row.id) == id)
        .map_or_else(missing, Ok)
}

/// A connection that was found. What changes it reads it again, in place.
#[component]
fn ConnectionView(
    /// The connection.
    row: ConnectionRow,
    /// Its models.
    models: Listed<Vec<ConnectionModelRow>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let (id, kind) = (row.id, row.kind);
    let test_at_once = use_query_map().read_untracked().get("test").is_some();
    let row = RwSignal::new(row);
    let name = Signal::derive(move || row.read().name.clone());
    let editing = RwSignal::new(false);
    let removing = RwSignal::new(false);
    let reload = Action::new(move |(): &()| async move {
        // What cannot be read now keeps what is shown; the act itself has told its own end.
        if let Ok(now) = find(Some(id)).await {
            row.set(now);
        }
    });
    let remove = Action::new(move |(): &()| {
        let reader = reader.clone();
        async move {
            match delete_connection(id).await {
                Ok(()) => {
                    toasts.push(Tone::Good, text::connections::removed(l));
                    true
                }
                Err(ServerError(why)) => {
                    toasts.push(Tone::Bad, words(&reader, &why));
                    false
                }
            }
        }
    });
    let navigate = use_navigate();
    Effect::new(move || {
        if remove.value().get() == Some(true) {
            navigate("/connections", NavigateOptions::default());
        }
    });
    let changed = Callback::new(move |()| {
        reload.dispatch(());
    });
    view! {
        <Title text=name />
        <A href="/connections" attr:class="page-back">{text::connections::title(l)}</A>
        <PageHead title=name>
            <button type="button" class="button" on:click=move |_| editing.set(true)>
                {text::common::edit(l)}
            </button>
            <button type="button" class="button" on:click=move |_| removing.set(true)>
                {text::common::remove(l)}
            </button>
        </PageHead>
        <ConnectionFacts row />
        <TestPanel id at_once=test_at_once on_tested=changed />
        <ModelSection id kind models on_changed=changed />
        <EditDialog open=editing row on_saved=changed />
        <Confirm
            id="connection-remove"
            open=removing
            title=move || text::connections::remove_title(l, &name.read())
            confirm_label=text::common::remove(l)
            cancel_label=text::common::cancel(l)
            danger=true
            typed=TypedName {
                name,
                label: (move || text::connections::remove_type(l, &name.read())).into(),
            }
            on_confirm=move |()| { remove.dispatch(()); }
        >
            <p>{text::connections::remove_text(l)}</p>
        </Confirm>
    }
}
