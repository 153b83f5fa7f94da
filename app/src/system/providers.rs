//! How the connections are doing.

use domain::connections::ConnectionRow;
use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use crate::connections::{HealthWords, kind_name};
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, IconName};

/// One line a connection: working, or passed over until when and why.
#[component]
pub(super) fn ProviderTable(
    /// The connections.
    rows: Vec<ConnectionRow>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let head = vec![
        Head::text(text::connections::name(l)),
        Head::text(text::connections::kind(l)),
        Head::text(text::common::status(l)),
    ];
    view! {
        <DataTable
            id="providers"
            caption=text::system::providers(l)
            quiet_caption=true
            head=head
            is_empty=rows.is_empty()
            empty=move || view! {
                <Empty
                    icon=IconName::Plug
                    title=text::connections::empty_title(l)
                    text=text::connections::empty_text(l)
                >
                    <A href="/connections" attr:class="button">{text::connections::title(l)}</A>
                </Empty>
            }
        >
            {rows
                .iter()
                .cloned()
                .map(|row| view! {
                    <tr>
                        <th scope="row">
                            <A href=format!("/connections/{}", row.id)>{row.name}</A>
                        </th>
                        <td data-label=text::connections::kind(l)>{kind_name(l, row.kind)}</td>
                        <td data-label=text::common::status(l)>
                            <HealthWords health=row.health enabled=row.enabled />
                        </td>
                    </tr>
                })
                .collect_view()}
        </DataTable>
    }
}
