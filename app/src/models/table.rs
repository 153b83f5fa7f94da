//! The list of models.

use domain::models::ModelChoice;
use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use super::{PriceCells, found};
use crate::connections::kind_name;
use crate::reader::Reader;
use crate::ui::{Badge, DataTable, Empty, Head, Icon, IconName, Toolbar};

/// A search box and one line a model; without any, what to do about it.
#[component]
pub(super) fn ModelTable(
    /// The models.
    models: Vec<ModelChoice>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let query = RwSignal::new(String::new());
    let total = models.len();
    let shown = Memo::new(move |_| -> Vec<ModelChoice> {
        let query = query.read();
        let matches = models.iter().filter(|model| {
            let connections = model.connections.iter().map(String::as_str);
            let texts = [model.id.as_str(), model.label.as_str()];
            let texts: Vec<&str> = texts.into_iter().chain(connections).collect();
            found(&texts, &query)
        });
        matches.cloned().collect()
    });
    let head = vec![
        Head::text(text::models::model(l)),
        Head::text(text::connections::kind(l)),
        Head::text(text::models::connection(l)),
        Head::number(text::models::context(l)),
        Head::number(text::models::max_output(l)),
        Head::text(text::models::abilities(l)),
        Head::number(text::models::price_in(l)),
        Head::number(text::models::price_cached(l)),
        Head::number(text::models::price_out(l)),
    ];
    let empty = move || {
        if total == 0 {
            view! { <NoModels /> }.into_any()
        } else {
            let (title, text) = (text::common::no_results(l), text::picker::no_match(l));
            view! { <Empty icon=IconName::Search title text /> }.into_any()
        }
    };
    let count = move || {
        let shown = shown.read().len();
        text::models::count(l, i64::try_from(shown).unwrap_or(i64::MAX))
    };
    view! {
        {(total > 0)
            .then(|| view! {
                <Toolbar label=text::models::filters(l)>
                    <div class="input-box toolbar-search">
                        <Icon name=IconName::Search />
                        <input
                            class="input"
                            type="search"
                            aria-label=text::models::search(l)
                            placeholder=text::models::search(l)
                            prop:value=query
                            on:input:target=move |event| query.set(event.target().value())
                        />
                    </div>
                    <span class="toolbar-end" aria-live="polite">{count}</span>
                </Toolbar>
            })}
        <DataTable
            id="models"
            caption=text::models::title(l)
            quiet_caption=true
            head=head
            is_empty=Signal::derive(move || shown.read().is_empty())
            empty=empty
        >
            <For
                each=move || shown.get()
                key=|model| model.id.clone()
                children=|model| view! { <ModelLine model /> }
            />
        </DataTable>
        {(total > 0).then(|| view! { <p class="faint small">{text::models::dearest_note(l)}</p> })}
    }
}

/// One model.
#[component]
fn ModelLine(
    /// The model.
    model: ModelChoice,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let tokens =
        |count: Option<i64>| count.map_or_else(|| "–".to_owned(), |count| reader.integer(count));
    let id = (model.label != model.id).then(|| model.id.clone());
    view! {
        <tr>
            <th scope="row">
                <div>
                    <div>{model.label}</div>
                    {id.map(|id| view! { <div class="mono small faint">{id}</div> })}
                </div>
            </th>
            <td data-label=text::connections::kind(l)>{kind_name(l, model.kind)}</td>
            <td data-label=text::models::connection(l)>{model.connections.join(", ")}</td>
            <td data-label=text::models::context(l) class="number">{tokens(model.context_tokens)}</td>
            <td data-label=text::models::max_output(l) class="number">
                {tokens(model.max_output_tokens)}
            </td>
            <td data-label=text::models::abilities(l)>
                {(model.vision || model.reasoning)
                    .then(|| view! {
                        <div class="row">
                            {model.vision.then(|| view! { <Badge text=text::models::vision(l) /> })}
                            {model.reasoning.then(|| view! { <Badge text=text::chat::reasoning(l) /> })}
                        </div>
                    })}
            </td>
            <PriceCells price=model.price />
        </tr>
    }
}

/// No model can be used: an admin may change that, a member can ask.
#[component]
fn NoModels() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let title = text::chat::no_models_title(l);
    if reader.facts.me.role.administers() {
        view! {
            <Empty icon=IconName::Book title text=text::chat::no_models_admin(l)>
                <A href="/connections" attr:class="button button-primary">
                    {text::connections::title(l)}
                </A>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Empty icon=IconName::Book title text=text::chat::no_models_member(l) /> }
            .into_any()
    }
}
