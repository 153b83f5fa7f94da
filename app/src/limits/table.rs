//! The list of limits.

use domain::LimitId;
use domain::limits::LimitRow;
use leptos::prelude::*;
use locales::text;

use super::row::LimitLine;
use crate::reader::Reader;
use crate::ui::{DataTable, Empty, Head, Icon, IconName};

/// One line a limit; without any, what that means.
#[component]
pub(super) fn LimitTable(
    /// The limits.
    rows: Vec<LimitRow>,
    /// Opens the form that adds one.
    #[prop(into)]
    on_add: Callback<()>,
    /// Asks whether to remove one.
    #[prop(into)]
    on_remove: Callback<LimitId>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let head = vec![
        Head::text(text::limits::scope(l)),
        Head::text(text::limits::unit(l)),
        Head::text(text::limits::window(l)),
        Head::number(text::limits::ceiling(l)),
        Head::number(text::limits::spent(l)),
        Head::number(text::limits::held(l)),
        Head::text(text::limits::left(l)),
        Head::text(text::limits::kind(l)),
        Head::actions(text::common::actions(l)),
    ];
    let some = !rows.is_empty();
    view! {
        <DataTable
            id="limits"
            caption=text::limits::title(l)
            quiet_caption=true
            head=head
            is_empty=!some
            empty=move || view! {
                <Empty
                    icon=IconName::Gauge
                    title=text::limits::empty_title(l)
                    text=text::limits::empty_text(l)
                >
                    <button type="button" class="button button-primary" on:click=move |_| on_add.run(())>
                        <Icon name=IconName::Plus />
                        {text::limits::add(l)}
                    </button>
                </Empty>
            }
        >
            {rows
                .iter()
                .cloned()
                .map(|row| {
                    let id = row.limit.id;
                    view! { <LimitLine row on_remove=move |()| on_remove.run(id) /> }
                })
                .collect_view()}
        </DataTable>
        {some
            .then(|| view! {
                <p class="faint small">{text::limits::held(l)}": "{text::limits::held_help(l)}</p>
            })}
    }
}
