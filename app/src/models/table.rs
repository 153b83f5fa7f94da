//! The list of models.

use domain::models::ModelChoice;
use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use super::listing::{Column, Listing, sort, sort_by_name};
use super::pricing::{PriceButton, Pricing};
use super::search_box::{Search, SearchBox};
use super::{PriceCells, found};
use crate::connections::kind_name;
use crate::reader::Reader;
use crate::ui::{Badge, DataTable, Empty, Head, IconName, Toolbar};

/// A search box and one line a model; without any, what to do about it.
#[component]
pub(super) fn ModelTable(
    /// The models.
    models: Vec<ModelChoice>,
    /// What the address says.
    listing: Memo<Listing>,
    /// What is looked for.
    search: Search,
    /// For who may set prices.
    pricing: Option<Pricing>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let total = models.len();
    let mut models = models;
    sort_by_name(&mut models);
    let sorting = Memo::new(move |_| listing.read().sorting);
    let shown = Memo::new(move |_| -> Vec<ModelChoice> {
        let query = search.query.read();
        let matches = models.iter().filter(|model| {
            let connections = model.connections.iter().map(String::as_str);
            let texts = [model.id.as_str(), model.label.as_str()];
            let texts: Vec<&str> = texts.into_iter().chain(connections).collect();
            found(&texts, &query)
        });
        let mut shown: Vec<ModelChoice> = matches.cloned().collect();
        sort(&mut shown, sorting.get());
        shown
    });
    let head = Signal::derive(move || {
        let listing = listing.get();
        let sortable = |head: Head, column: Column| {
            let address = listing.after_click(column).address();
            head.sorted(listing.sorting.state_of(column), address)
        };
        let mut head = vec![
            sortable(Head::text(text::models::model(l)), Column::Name),
            Head::text(text::connections::kind(l)),
            Head::text(text::models::connection(l)),
            sortable(Head::number(text::models::context(l)), Column::Context),
            Head::number(text::models::max_output(l)),
            Head::text(text::models::abilities(l)),
            sortable(Head::number(text::models::price_in(l)), Column::Input),
            Head::number(text::models::price_cached(l)),
            sortable(Head::number(text::models::price_out(l)), Column::Output),
        ];
        if pricing.is_some() {
            head.push(Head::actions(text::common::actions(l)));
        }
        head
    });
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
                    <SearchBox search listing />
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
                children=move |model| view! { <ModelLine model pricing /> }
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
    /// For who may set prices.
    pricing: Option<Pricing>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let tokens =
        |count: Option<i64>| count.map_or_else(|| "–".to_owned(), |count| reader.integer(count));
    let id = (model.label != model.id).then(|| model.id.clone());
    let act = pricing.map(|pricing| {
        let model = model.clone();
        view! {
            <td class="table-actions">
                <PriceButton pricing model />
            </td>
        }
    });
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
            {act}
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
