//! The list of calls, growing at its end.

use domain::CallId;
use domain::calls::{CallRow, CallsWanted};
use domain::chats::Page;
use leptos::prelude::*;
use locales::text;

use super::address::PATH;
use super::list_calls;
use super::row::CallLine;
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, IconName, LoadMore, Toasts, Tone};

/// One line a call, newest first, and older ones on demand.
#[component]
pub(super) fn CallList(
    /// The newest calls.
    first: Page<CallRow>,
    /// Which calls they are.
    wanted: CallsWanted,
    /// Whether calls of several members are listed.
    names_members: bool,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let rows = RwSignal::new(first.rows);
    let next = RwSignal::new(first.next);
    let filters = wanted.filters();
    let wanted = StoredValue::new(wanted);
    let load = Action::new(move |before: &CallId| {
        let (before, wanted, reader) = (*before, wanted.get_value(), reader.clone());
        async move {
            match list_calls(wanted, Some(before)).await {
                Ok(page) => {
                    rows.update(|rows| rows.extend(page.rows));
                    next.set(page.next);
                }
                Err(ServerError(why)) => toasts.push(Tone::Bad, words(&reader, &why)),
            }
        }
    });
    let on_more = move |()| {
        if let Some(before) = next.get_untracked().and_then(|next| next.parse().ok()) {
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
        <DataTable
            id="calls"
            caption=text::calls::title(l)
            quiet_caption=true
            head=head
            is_empty=Signal::derive(move || rows.read().is_empty())
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
                each=move || rows.get()
                key=|row| row.id
                children=move |row| view! { <CallLine row wanted names_members /> }
            />
        </DataTable>
        <LoadMore
            more=Signal::derive(move || next.read().is_some())
            busy=load.pending()
            on_more
        />
    }
}
