//! The processes of the house.

use domain::system::InstanceView;
use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::ui::{Badge, DataTable, Head, Tone};

/// One line a process: since when it runs, and when it last showed that it lives.
#[component]
pub(super) fn InstanceTable(
    /// The processes, oldest first.
    rows: Vec<InstanceView>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let head = vec![
        Head::text(text::system::instance(l)),
        Head::text(text::system::started(l)),
        Head::text(text::system::last_seen(l)),
    ];
    let lines = move || {
        rows.iter()
            .map(|row| {
                let seen = row.seen_at.map_or_else(
                    || text::common::unknown(l).to_owned(),
                    |at| reader.date_time(at),
                );
                view! {
                    <tr>
                        <th scope="row">
                            <span class="mono small">{row.id.to_string()}</span>
                            {row.is_this.then(|| view! { " " <Badge text=text::system::this_instance(l) tone=Tone::Brass /> })}
                        </th>
                        <td data-label=text::system::started(l)>{reader.date_time(row.started_at)}</td>
                        <td data-label=text::system::last_seen(l)>{seen}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <DataTable
            id="instances"
            caption=text::system::instances(l)
            quiet_caption=true
            head=head
        >
            {lines()}
        </DataTable>
    }
}
