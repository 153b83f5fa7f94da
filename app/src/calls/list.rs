//! The list of calls, as it is in the house: new ones come at its head, older ones at its end.

use domain::CallId;
use domain::calls::{CallRow, CallsWanted};
use domain::chats::Page;
use leptos::prelude::*;
use locales::text;

use super::address::PATH;
use super::lines::{Line, Lines};
use super::list_calls;
use super::news::NewsButton;
use super::row::CallLine;
use super::sign::Liveness;
use super::watch::Watch;
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, IconName, LoadMore, Toasts, Tone};

/// One line a call, newest first, and older ones on demand. Where nobody is at the top of the page, new
/// ones wait to be asked for.
#[component]
pub(super) fn CallList(
    /// The newest calls.
    first: Page<CallRow>,
    /// Which calls they are.
    wanted: CallsWanted,
    /// Whether calls of several members are listed.
    names_members: bool,
    /// Whether the list follows the house.
    liveness: Liveness,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let lines = Lines::new(first);
    // The table stays while its lines come and go.
    let is_empty = Memo::new(move |_| lines.is_empty());
    let has_more = Memo::new(move |_| lines.has_more());
    let filters = wanted.filters();
    let wanted = StoredValue::new(wanted);
    Watch::begin(wanted, lines, liveness);
    let load = Action::new(move |before: &CallId| {
        let (before, wanted, reader) = (*before, wanted.get_value(), reader.clone());
        async move {
            match list_calls(wanted, Some(before)).await {
                Ok(page) => lines.extend(before, page),
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        }
    });
    let on_more = move |()| {
        if let Some(before) = lines.before() {
            load.dispatch(before);
        }
    };
    let mut head = vec![Head::text(text::calls::when(l))];
    if names_members {
        head.push(Head::text(text::calls::who(l)));
    }
    head.extend([
        Head::text(text::calls::door(l)),
        Head::text(text::calls::purpose(l)),
        Head::text(text::calls::model(l)),
        Head::text(text::calls::state(l)),
        Head::number(text::calls::tokens_in(l)),
        Head::number(text::calls::tokens_out(l)),
        Head::number(text::calls::cost(l)),
        Head::number(text::calls::first_token(l)),
        Head::number(text::calls::duration(l)),
    ]);
    view! {
        <div class="live-list">
            <NewsButton lines />
            <DataTable
                id="calls"
                caption=text::calls::title(l)
                quiet_caption=true
                head=head
                is_empty
                empty=move || if filters {
                    view! {
                        <Empty
                            icon=IconName::Search
                            title=text::calls::no_match(l)
                            text=text::calls::no_match_text(l)
                        >
                            <a class="button" href=PATH>{text::home::show_all(l)}</a>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! {
                        <Empty
                            icon=IconName::List
                            title=text::calls::empty_title(l)
                            text=text::calls::empty_text(l)
                        />
                    }
                        .into_any()
                }
            >
                <For
                    each=move || lines.shown()
                    key=|line| line.id
                    // Drawn again in the same elements when the call changes.
                    children=move |Line { row, .. }| {
                        move || view! { <CallLine row=row.get() wanted names_members /> }
                    }
                />
            </DataTable>
            <LoadMore more=has_more busy=load.pending() on_more />
        </div>
    }
}
