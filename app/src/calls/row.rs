//! One call in the list.

use domain::calls::{CallRow, CallsWanted};
use leptos::prelude::*;
use locales::text;

use super::address::address;
use super::cost::Cost;
use super::words::{door_name, purpose_name, state_words};
use crate::reader::Reader;
use crate::ui::{Badge, Tone};

/// One call: when, who, through which door, which model, how it ended, tokens, cost, times.
#[component]
pub(super) fn CallLine(
    /// The call.
    row: CallRow,
    /// Which calls are listed.
    wanted: StoredValue<CallsWanted>,
    /// Whether the column of names is there.
    names_members: bool,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let dash = || "–".to_owned();
    let tokens = |count: Option<i64>| count.map_or_else(dash, |count| reader.integer(count));
    let time = |time_ms: Option<i64>| time_ms.map_or_else(dash, |time_ms| reader.seconds(time_ms));
    let provenance = row.provenance();
    let (tone, state, ended) = state_words(l, &row);
    let cached = row.usage.cached_input.filter(|cached| *cached > 0);
    let cached = cached.map(|cached| text::chat::tokens_cached(l, &reader.integer(cached)));
    let reasoning = row.usage.reasoning.filter(|reasoning| *reasoning > 0);
    let reasoning = reasoning.map(|count| text::chat::tokens_reasoning(l, &reader.integer(count)));
    view! {
        <tr>
            <th scope="row">{reader.date_time(row.at)}</th>
            {names_members
                .then(|| view! {
                    <td data-label=text::calls::who(l)>{row.member.unwrap_or_else(dash)}</td>
                })}
            <td data-label=text::calls::door(l)>
                <div>
                    <div>{door_name(l, row.door)}</div>
                    {row.key.map(|key| view! { <div class="small faint">{key}</div> })}
                </div>
            </td>
            <td data-label=text::calls::purpose(l)>{purpose_name(l, row.purpose)}</td>
            <td data-label=text::calls::model(l)>
                <div>
                    <ModelName model=row.model wanted />
                    {row.connection.map(|connection| view! { <div class="small faint">{connection}</div> })}
                </div>
            </td>
            <td data-label=text::calls::state(l)>
                <div>
                    <Badge text=state tone=tone />
                    {row
                        .overrun
                        .then(|| view! { <Badge text=text::calls::state_overrun(l) tone=Tone::Warn /> })}
                    {ended.map(|ended| view! { <div class="small faint">{ended}</div> })}
                </div>
            </td>
            <td class="number" data-label=text::calls::tokens_in(l) title=cached>
                {tokens(row.usage.input)}
            </td>
            <td class="number" data-label=text::calls::tokens_out(l) title=reasoning>
                {tokens(row.usage.output)}
            </td>
            <td class="number" data-label=text::calls::cost(l)>
                <div>
                    <Cost price_state=row.price_state charge=row.charge provenance />
                </div>
            </td>
            <td class="number" data-label=text::calls::first_token(l)>{time(row.first_token_ms)}</td>
            <td class="number" data-label=text::calls::duration(l)>{time(row.duration_ms)}</td>
        </tr>
    }
}

/// The model, which leads to all of its calls until they are listed alone.
#[component]
fn ModelName(
    /// Its id.
    model: String,
    /// Which calls are listed.
    wanted: StoredValue<CallsWanted>,
) -> impl IntoView {
    let only = CallsWanted {
        model: Some(model.clone()),
        ..wanted.get_value()
    };
    if wanted.with_value(|wanted| *wanted == only) {
        return view! { <div>{model}</div> }.into_any();
    }
    view! { <div><a href=address(&only) data-noscroll="true">{model}</a></div> }.into_any()
}
