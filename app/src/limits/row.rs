//! One limit in the list.

use domain::limits::{Limit, LimitRow, Unit};
use leptos::prelude::*;
use locales::text;

use super::figures::{Figures, is_bucket};
use super::words::{amount, amount_exact, scope_name, unit_name, window_name};
use crate::calls::door_name;
use crate::reader::Reader;
use crate::ui::{Badge, Icon, IconName, Progress, Tone};

/// Whom it bounds, how much, what is spent, held and left, and whether it refuses.
#[component]
pub(super) fn LimitLine(
    /// The limit.
    row: LimitRow,
    /// Asks whether to remove it.
    #[prop(into)]
    on_remove: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let figures = Figures::of(&row);
    // A bucket keeps a level and no sums.
    let is_bucket = is_bucket(&row);
    let limit = row.limit;
    let unit = limit.unit;
    let scope = scope_name(l, limit.scope_kind);
    let only = restriction(&reader, &limit);
    let (subject, scope) = if row.subject.is_empty() {
        (scope.to_owned(), None)
    } else {
        (row.subject, Some(scope))
    };
    let (strict, tone) = if limit.hard {
        (text::limits::hard(l), Tone::Neutral)
    } else {
        (text::limits::soft(l), Tone::Brass)
    };
    view! {
        <tr>
            <th scope="row">
                <div>
                    <div>{subject}</div>
                    {scope.map(|scope| view! { <div class="small faint">{scope}</div> })}
                    {only.map(|only| view! { <div class="small faint">{only}</div> })}
                </div>
            </th>
            <td data-label=text::limits::unit(l)>{unit_name(l, unit)}</td>
            <td data-label=text::limits::window(l)>{window_name(l, limit.window)}</td>
            <Amount label=text::limits::ceiling(l) unit value=Some(limit.ceiling) />
            <Amount label=text::limits::spent(l) unit value=(!is_bucket).then_some(row.spent) />
            <Amount label=text::limits::held(l) unit value=(!is_bucket).then_some(row.held) />
            <td data-label=text::limits::left(l)>
                <Progress
                    id=format!("limit-{}", limit.id)
                    label=amount(&reader, unit, figures.left)
                    value=text::limits::usage(
                        l,
                        &amount(&reader, unit, figures.used),
                        &amount(&reader, unit, limit.ceiling),
                    )
                    percent=Some(figures.percent)
                    tone=figures.tone()
                />
                {is_bucket
                    .then(|| view! { <div class="small faint">{text::limits::refills(l)}</div> })}
                {(figures.used > limit.ceiling)
                    .then(|| view! { <Badge text=text::limits::exceeded(l) tone=Tone::Bad /> })}
            </td>
            <td data-label=text::limits::kind(l)>
                <Badge text=strict tone=tone />
            </td>
            <td class="table-actions">
                <button
                    type="button"
                    class="button button-quiet button-icon button-small"
                    aria-label=text::common::remove(l)
                    title=text::common::remove(l)
                    on:click=move |_| on_remove.run(())
                >
                    <Icon name=IconName::Trash />
                </button>
            </td>
        </tr>
    }
}

/// A cell with an amount; a dash where none is kept.
#[component]
fn Amount(
    /// Head of the column.
    label: &'static str,
    /// The limit's unit.
    unit: Unit,
    /// The amount.
    value: Option<i64>,
) -> impl IntoView {
    let reader = Reader::here();
    let shown = value.map_or_else(|| "–".to_owned(), |value| amount(&reader, unit, value));
    let exact = value.map(|value| amount_exact(&reader, unit, value));
    view! { <td class="number" data-label=label title=exact>{shown}</td> }
}

/// "Only web, only gpt-5".
fn restriction(reader: &Reader, limit: &Limit) -> Option<String> {
    let l = reader.locale;
    let door = limit.door.map(|door| door_name(l, door).to_owned());
    let parts: Vec<String> = door.into_iter().chain(limit.model.clone()).collect();
    (!parts.is_empty()).then(|| text::limits::only(l, &parts.join(" · ")))
}
