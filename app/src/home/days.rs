//! Cost per day: a chart drawn by the server, and its figures as a table.

use domain::calls::CallsWanted;
use domain::time::Days as ChosenDays;
use domain::usage::{DaySum, Sum};
use leptos::prelude::*;
use locales::text;

use crate::calls::calls_address;
use crate::reader::Reader;
use crate::ui::{DataTable, Details, Empty, Head, IconName};
use crate::usage::{Charts, known_cost};

/// The chart with the choice of its length above it and its figures folded below.
#[component]
pub(super) fn Days(
    /// The days, oldest first.
    days: Vec<DaySum>,
    /// All of them.
    total: Sum,
    /// Whose calls they are sums of.
    calls: CallsWanted,
    /// The chart; `None` when nothing is known to have cost anything.
    charts: Option<Charts>,
    /// The choice of its length.
    #[prop(into)]
    spans: ViewFnOnce,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let all = (total.cost.0 > 0).then(|| text::home::chart_total(l, &reader.money(total.cost)));
    let drawn = match charts {
        // Safe: the server draws it of numbers and of its own words, and escapes them.
        Some(Charts { wide, narrow }) => {
            view! { <div class="chart-box" inner_html=format!("{wide}{narrow}")></div> }.into_any()
        }
        None => view! { <NoChart calls=total.calls /> }.into_any(),
    };
    view! {
        <section class="section" aria-labelledby="home-days">
            <div class="section-head">
                <h2 class="section-title" id="home-days">{text::home::chart(l)}</h2>
                {all.map(|all| view! { <p class="section-sum">{all}</p> })}
                {spans.run()}
            </div>
            <figure class="figure" aria-labelledby="home-days">
                {drawn}
                {(total.unpriced_calls > 0)
                    .then(|| view! { <p class="small faint">{text::home::chart_unknown(l)}</p> })}
                {(total.calls > 0)
                    .then(|| view! {
                        <Details summary=text::home::figures(l)>
                            <DayTable days total calls />
                        </Details>
                    })}
            </figure>
        </section>
    }
}

/// No bar to draw: nothing was called, or nothing is known to have cost anything.
#[component]
fn NoChart(
    /// Calls of those days.
    calls: i64,
) -> impl IntoView {
    let l = Reader::here().locale;
    if calls == 0 {
        view! {
            <Empty
                icon=IconName::Coins
                title=text::home::chart_none_title(l)
                text=text::home::chart_none_text(l)
            >
                <a class="button" href="/">{text::nav::new_chat(l)}</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                icon=IconName::Coins
                title=text::home::chart_free_title(l)
                text=text::home::chart_free_text(l, calls)
            />
        }
        .into_any()
    }
}

/// The figures of the chart, newest day first; days without a call are left out.
#[component]
fn DayTable(
    /// The days, oldest first.
    days: Vec<DaySum>,
    /// All of them.
    total: Sum,
    /// Whose calls they are sums of.
    calls: CallsWanted,
) -> impl IntoView {
    let l = Reader::here().locale;
    let head = vec![
        Head::text(text::home::day(l)),
        Head::number(text::nav::calls(l)),
        Head::number(text::calls::tokens_in(l)),
        Head::number(text::calls::tokens_out(l)),
        Head::number(text::calls::cost(l)),
    ];
    let days = StoredValue::new(days);
    let calls = StoredValue::new(calls);
    view! {
        <DataTable
            id="home-day-table"
            caption=text::home::chart(l)
            quiet_caption=true
            head=head
            foot=move || view! {
                <tfoot>
                    <tr>
                        <th scope="row">{text::calls::total(l)}</th>
                        <DayCells sum=total />
                    </tr>
                </tfoot>
            }
        >
            {move || {
                let reader = Reader::here();
                days.get_value()
                    .into_iter()
                    .rev()
                    .filter(|day| day.sum.calls > 0)
                    .map(|day| {
                        let of_day = calls_address(&CallsWanted {
                            days: ChosenDays::new(day.day, day.day),
                            ..calls.get_value()
                        });
                        view! {
                            <tr>
                                <th scope="row"><a href=of_day>{reader.day(day.day)}</a></th>
                                <DayCells sum=day.sum />
                            </tr>
                        }
                    })
                    .collect_view()
            }}
        </DataTable>
    }
}

/// The figures of a day.
#[component]
fn DayCells(
    /// What it used.
    sum: Sum,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! {
        <td class="number" data-label=text::nav::calls(l)>{reader.integer(sum.calls)}</td>
        <td class="number" data-label=text::calls::tokens_in(l)>{reader.integer(sum.input)}</td>
        <td class="number" data-label=text::calls::tokens_out(l)>{reader.integer(sum.output)}</td>
        <td class="number" data-label=text::calls::cost(l) title=reader.money_exact(sum.cost)>
            {known_cost(&reader, sum)}
        </td>
    }
}
