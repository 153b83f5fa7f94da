//! The list of connections.

use domain::connections::ConnectionRow;
use leptos::prelude::*;
use leptos_router::components::A;
use locales::{Locale, text};

use super::health::HealthWords;
use super::kind_name;
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, Icon, IconName, said};

/// One line a connection; without any, how to begin.
#[component]
pub(super) fn ConnectionTable(
    /// The connections.
    rows: Vec<ConnectionRow>,
    /// Opens the form that adds one.
    #[prop(into)]
    on_add: Callback<()>,
    /// Adds the demo at once.
    #[prop(into)]
    on_demo: Callback<()>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let head = vec![
        Head::text(text::connections::name(l)),
        Head::text(text::connections::kind(l)),
        Head::text(text::connections::address(l)),
        Head::text(text::connections::key(l)),
        Head::text(text::common::status(l)),
        Head::number(text::connections::models(l)),
        Head::number(text::connections::weight(l)),
    ];
    view! {
        <DataTable
            id="connections"
            caption=text::connections::title(l)
            quiet_caption=true
            head=head
            is_empty=rows.is_empty()
            empty=move || view! {
                <Empty
                    icon=IconName::Plug
                    title=text::connections::empty_title(l)
                    text=text::connections::empty_text(l)
                >
                    <button type="button" class="button button-primary" on:click=move |_| on_add.run(())>
                        <Icon name=IconName::Plus />
                        {text::connections::add(l)}
                    </button>
                    <button type="button" class="button" on:click=move |_| on_demo.run(())>
                        <Icon name=IconName::Play />
                        {text::connections::add_demo(l)}
                    </button>
                </Empty>
            }
        >
            {rows
                .iter()
                .cloned()
                .map(|row| view! { <ConnectionLine row /> })
                .collect_view()}
        </DataTable>
    }
}

/// One connection; its name leads to its page.
#[component]
fn ConnectionLine(
    /// The connection.
    row: ConnectionRow,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let models = text::connections::models_line(
        l,
        &reader.integer(row.models_enabled),
        &reader.integer(row.models_found),
    );
    let key = key_shown(l, &row);
    view! {
        <tr>
            <th scope="row">
                <A href=format!("/connections/{}", row.id)>{row.name}</A>
            </th>
            <td data-label=text::connections::kind(l)>{kind_name(l, row.kind)}</td>
            <td data-label=text::connections::address(l) class="mono small">
                {said(row.base_url)}
            </td>
            <td data-label=text::connections::key(l)>{key}</td>
            <td data-label=text::common::status(l)>
                <HealthWords health=row.health enabled=row.enabled />
            </td>
            <td data-label=text::connections::models(l) class="number">{models}</td>
            <td data-label=text::connections::weight(l) class="number">
                {reader.integer(i64::from(row.weight))}
            </td>
        </tr>
    }
}

/// What is shown of a key: its tail, or that there is one, or none.
pub(super) fn key_shown(l: Locale, row: &ConnectionRow) -> AnyView {
    if !row.has_key {
        view! { <span class="faint">{text::connections::no_key(l)}</span> }.into_any()
    } else if row.key_tail.is_empty() {
        view! { <span>{text::connections::key_stored(l)}</span> }.into_any()
    } else {
        view! { <span class="mono">{format!("•••• {}", row.key_tail)}</span> }.into_any()
    }
}
