//! What went wrong lately, and who looks after it.

use domain::ProblemId;
use domain::problems::{ProblemState, ProblemView};
use leptos::prelude::*;
use locales::text;

use super::words::{cause_words, problem_words, state_words};
use crate::reader::Reader;
use crate::ui::{Badge, DataTable, Empty, Head, IconName};

/// One line a problem, those that nobody has resolved first.
#[component]
pub(super) fn ProblemTable(
    /// The problems.
    rows: Vec<ProblemView>,
    /// Somebody says what becomes of one.
    #[prop(into)]
    on_set: Callback<(ProblemId, ProblemState)>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let head = vec![
        Head::text(text::system::problem(l)),
        Head::text(text::common::status(l)),
        Head::number(text::system::count(l)),
        Head::text(text::system::first_time(l)),
        Head::text(text::system::last_time(l)),
        Head::actions(text::common::actions(l)),
    ];
    view! {
        <DataTable
            id="problems"
            caption=text::system::problems(l)
            quiet_caption=true
            head=head
            is_empty=rows.is_empty()
            empty=move || view! {
                <Empty
                    icon=IconName::Check
                    title=text::system::no_problems_title(l)
                    text=text::system::no_problems_text(l)
                />
            }
        >
            {rows
                .iter()
                .cloned()
                .map(|row| view! { <ProblemLine row on_set /> })
                .collect_view()}
        </DataTable>
    }
}

/// One problem with what may become of it.
#[component]
fn ProblemLine(
    /// The problem.
    row: ProblemView,
    /// Somebody says what becomes of it.
    on_set: Callback<(ProblemId, ProblemState)>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let (state, tone) = state_words(l, row.state);
    let kind = problem_words(l, row.kind);
    let title = if row.subject.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind}: {}", row.subject)
    };
    let changed = row.changed_by.as_ref().zip(row.changed_at).map(|(by, at)| {
        let line = text::system::changed(l, by, &reader.date_time(at));
        view! { <div class="small faint">{line}</div> }
    });
    let cause = cause_words(l, &row).map(|words| view! { <div class="small">{words}</div> });
    let detail = (!row.detail.is_empty())
        .then(|| view! { <div class="small faint">{row.detail.clone()}</div> });
    let id = row.id;
    let acts: &[(ProblemState, &'static str)] = match row.state {
        ProblemState::Open => &[
            (ProblemState::Acknowledged, text::system::acknowledge(l)),
            (ProblemState::Resolved, text::system::resolve(l)),
        ],
        ProblemState::Acknowledged => &[(ProblemState::Resolved, text::system::resolve(l))],
        ProblemState::Resolved => &[(ProblemState::Open, text::system::reopen(l))],
    };
    let buttons = acts
        .iter()
        .map(|(state, label)| {
            let (state, label) = (*state, *label);
            view! {
                <button
                    type="button"
                    class="button button-small"
                    aria-label=format!("{label}: {title}")
                    on:click=move |_| on_set.run((id, state))
                >
                    {label}
                </button>
            }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row">
                <div>
                    <div>{title.clone()}</div>
                    {cause}
                    {detail}
                </div>
            </th>
            <td data-label=text::common::status(l)>
                <div>
                    <Badge text=state tone=tone />
                    {changed}
                </div>
            </td>
            <td data-label=text::system::count(l) class="number">{reader.integer(row.count)}</td>
            <td data-label=text::system::first_time(l)>{reader.date_time(row.first_seen)}</td>
            <td data-label=text::system::last_time(l)>{reader.date_time(row.last_seen)}</td>
            <td class="table-actions">
                <div class="row">{buttons}</div>
            </td>
        </tr>
    }
}
