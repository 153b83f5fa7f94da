//! The list of acts, growing at its end.

use domain::AuditId;
use domain::audit::AuditView;
use domain::chats::Page;
use leptos::prelude::*;
use locales::text;

use super::list_acts;
use super::words::{action_words, actor_words, address_words, detail_words};
use crate::error::{ServerError, words};
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, IconName, LoadMore, Toasts, Tone, said};

/// One line an act, newest first, and older ones on demand.
#[component]
pub(super) fn ActList(
    /// The newest acts.
    first: Page<AuditView>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let toasts = expect_context::<Toasts>();
    let rows = RwSignal::new(first.rows);
    let next = RwSignal::new(first.next);
    let load = Action::new(move |before: &AuditId| {
        let (before, reader) = (*before, reader.clone());
        async move {
            match list_acts(Some(before)).await {
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
    let head = vec![
        Head::text(text::audit::when(l)),
        Head::text(text::audit::who(l)),
        Head::text(text::audit::what(l)),
        Head::text(text::audit::subject(l)),
        Head::text(text::audit::detail(l)),
        Head::text(text::audit::from_address(l)),
    ];
    view! {
        <DataTable
            id="audit"
            caption=text::audit::title(l)
            quiet_caption=true
            head=head
            is_empty=Signal::derive(move || rows.read().is_empty())
            empty=move || view! {
                <Empty
                    icon=IconName::Shield
                    title=text::audit::empty_title(l)
                    text=text::audit::empty_text(l)
                />
            }
        >
            <For
                each=move || rows.get()
                key=|row| row.id
                children=|row| view! { <ActLine row /> }
            />
        </DataTable>
        <LoadMore
            more=Signal::derive(move || next.read().is_some())
            busy=load.pending()
            on_more
        />
    }
}

/// One act.
#[component]
fn ActLine(
    /// The act.
    row: AuditView,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! {
        <tr>
            <th scope="row">{reader.date_time(row.at)}</th>
            <td data-label=text::audit::who(l)>{actor_words(l, &row)}</td>
            <td data-label=text::audit::what(l)>{action_words(l, &row.action)}</td>
            <td data-label=text::audit::subject(l)>{said(row.subject.clone())}</td>
            <td data-label=text::audit::detail(l) class="small">{said(detail_words(&reader, &row))}</td>
            <td data-label=text::audit::from_address(l) class="mono small">{said(address_words(&row))}</td>
        </tr>
    }
}
