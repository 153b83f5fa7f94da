//! Usage in lines: calls, tokens, cost.

use domain::usage::{NamedSum, Period, Sum};
use leptos::prelude::*;
use locales::text;

use super::sort::{Column, Sorting};
use crate::reader::Reader;
use crate::ui::{DataTable, Head};

/// One line a name, sortable by each column, with the sum below.
#[component]
pub(super) fn UsageTable(
    /// Unique in the page.
    id: &'static str,
    /// Heading of the table, also of its first column.
    title: &'static str,
    /// The lines.
    rows: Vec<NamedSum>,
    /// Where a name leads to.
    #[prop(optional, into)]
    leads: Option<Callback<String, String>>,
    /// Word for a line whose name is not known any more.
    unnamed: &'static str,
    /// All lines together.
    total: Sum,
    /// The period, for the addresses of the heads.
    period: Period,
    /// How they are sorted.
    sorting: Sorting,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let sortable = |head: Head, column: Column| {
        head.sorted(
            sorting.state_of(column),
            sorting.after_click(column).address(period),
        )
    };
    let head = vec![
        sortable(Head::text(title), Column::Name),
        sortable(Head::number(text::nav::calls(l)), Column::Calls),
        sortable(Head::number(text::calls::tokens_in(l)), Column::Input),
        sortable(Head::number(text::calls::tokens_out(l)), Column::Output),
        sortable(Head::number(text::calls::cost(l)), Column::Cost),
    ];
    let mut rows = rows;
    sorting.sort(&mut rows);
    let rows = StoredValue::new(rows);
    view! {
        <DataTable
            id=id
            caption=title
            quiet_caption=true
            head=head
            foot=move || view! {
                <tfoot>
                    <tr>
                        <th scope="row">{text::calls::total(l)}</th>
                        <Cells sum=total />
                    </tr>
                </tfoot>
            }
        >
            {move || {
                rows.get_value()
                    .into_iter()
                    .map(|row| {
                        let href = leads.zip(row.name.clone()).map(|(leads, name)| leads.run(name));
                        let name = row.name.unwrap_or_else(|| unnamed.to_owned());
                        let name = match href {
                            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                            None => name.into_any(),
                        };
                        view! {
                            <tr>
                                <th scope="row">{name}</th>
                                <Cells sum=row.sum />
                            </tr>
                        }
                    })
                    .collect_view()
            }}
        </DataTable>
    }
}

/// The figures of a line.
#[component]
fn Cells(
    /// What was used.
    sum: Sum,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! {
        <td class="number" data-label=text::nav::calls(l)>{reader.integer(sum.calls)}</td>
        <td class="number" data-label=text::calls::tokens_in(l)>{reader.integer(sum.input)}</td>
        <td class="number" data-label=text::calls::tokens_out(l)>{reader.integer(sum.output)}</td>
        <td class="number" data-label=text::calls::cost(l)>
            <div>
                <div title=reader.money_exact(sum.cost)>{known_cost(&reader, sum)}</div>
                {(sum.unpriced_calls > 0)
                    .then(|| view! {
                        <div class="small tone-warn">{text::home::unpriced(l, sum.unpriced_calls)}</div>
                    })}
            </div>
        </td>
    }
}

/// A cost for reading; where no call of it has a known price it is unknown, not nothing.
pub(crate) fn known_cost(reader: &Reader, sum: Sum) -> String {
    if sum.calls > 0 && sum.unpriced_calls >= sum.calls {
        text::common::unknown(reader.locale).to_owned()
    } else {
        reader.money(sum.cost)
    }
}
