//! The shells of `ui`, each in its states. Words are borrowed from the pages that use them.

use domain::time::{Day, Days};
use leptos::prelude::*;
use locales::text;

use super::page::Sheet;
use crate::reader::Reader;
use crate::ui::{
    Badge, Confirm, CopyButton, DataTable, DateRange, Details, Dialog, Empty, Field, FilterTag,
    Head, Icon, IconName, LoadMore, Menu, Notice, Progress, Skeleton, SkeletonShape, SortState,
    Stat, Tab, TabPanel, Tabs, Toasts, Tone, Toolbar, TypedName,
};

const TONES: [Tone; 5] = [
    Tone::Neutral,
    Tone::Brass,
    Tone::Good,
    Tone::Warn,
    Tone::Bad,
];

/// Buttons, fields, choices and switches, tabs.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let l = Reader::here().locale;
    let buttons = move |class: &'static str| {
        view! {
            <button type="button" class=format!("button {class}")>{text::common::save(l)}</button>
            <button type="button" class=format!("button {class}") disabled=true>{text::common::save(l)}</button>
            <button type="button" class=format!("button {class} is-busy")>{text::common::save(l)}</button>
            <button type="button" class=format!("button button-small {class}")>
                <Icon name=IconName::Plus />
                {text::common::add(l)}
            </button>
        }
    };
    let selected = RwSignal::new("one");
    let tabs = vec![
        Tab::new("one", text::keys::example_curl(l)),
        Tab::new("two", text::keys::example_python(l)),
        Tab::new("three", text::keys::example_javascript(l)),
    ];
    view! {
        <Sheet id="design-controls" title=text::design::controls(l)>
            <div class="design-row">{buttons("button-primary")}</div>
            <div class="design-row">{buttons("")}</div>
            <div class="design-row">{buttons("button-quiet")}</div>
            <div class="design-row">{buttons("button-danger")}</div>
            <div class="design-fields">
                <Field id="design-name" label=text::keys::name(l) help=text::keys::name_help(l)>
                    <input class="input" type="text" />
                </Field>
                <Field
                    id="design-wrong"
                    label=text::signin::email(l)
                    error=Some(text::fields::email(l).to_owned())
                >
                    <input class="input" type="email" value="olga@" />
                </Field>
                <Field id="design-choice" label=text::keys::window(l) optional=text::common::optional(l)>
                    <select class="input">
                        <option>{text::keys::window_day(l)}</option>
                        <option>{text::keys::window_month(l)}</option>
                    </select>
                </Field>
            </div>
            <Choices />
            <Tabs id="design-tabs" label=text::keys::example_title(l) tabs selected />
            <TabPanel id="design-tabs" key="one" selected>{text::keys::example_intro(l)}</TabPanel>
            <TabPanel id="design-tabs" key="two" selected>{text::keys::example_help(l)}</TabPanel>
            <TabPanel id="design-tabs" key="three" selected>{text::keys::intro(l)}</TabPanel>
        </Sheet>
    }
}

/// What is ticked, chosen and switched.
#[component]
fn Choices() -> impl IntoView {
    let l = Reader::here().locale;
    let choice = |kind: &'static str, checked: bool, disabled: bool| {
        let words = if checked {
            text::models::enabled(l)
        } else {
            text::keys::name(l)
        };
        view! {
            <label class="choice">
                <input type=kind checked=checked disabled=disabled />
                <span>{words}</span>
            </label>
        }
    };
    let switch = |checked: bool| {
        view! {
            <input
                class="switch"
                type="checkbox"
                role="switch"
                aria-label=text::models::enabled(l)
                checked=checked
            />
        }
    };
    view! {
        <div class="design-row">
            {choice("checkbox", true, false)}
            {choice("checkbox", false, true)}
            {choice("radio", true, false)}
            {choice("radio", false, false)}
            {switch(true)}
            {switch(false)}
        </div>
    }
}

/// Figures: statistics, progress, badges.
#[component]
pub(super) fn Figures() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let figures = reader.clone();
    let money = move |nano: i64| figures.money(domain::NanoUsd(nano));
    let badges = TONES.map(|tone| view! { <Badge text=text::keys::active(l) tone /> });
    let bars = [(Tone::Good, 24), (Tone::Warn, 86), (Tone::Bad, 100)].map(|(tone, percent)| {
        let used = money(i64::from(percent) * 100_000_000);
        let words = text::keys::budget_month(l, &used, &money(10_000_000_000));
        view! {
            <Progress
                id=format!("design-progress-{percent}")
                label=text::keys::budget(l)
                value=words
                percent=Some(percent)
                tone
            />
        }
    });
    view! {
        <Sheet id="design-figures" title=text::design::figures(l)>
            <dl class="stats">
                <Stat label=text::home::today(l) value=money(1_240_000_000) />
                <Stat label=text::home::month(l) value=money(38_502_000_000) note=text::provenance::metered(l) tone=Tone::Good />
                <Stat label=text::nav::calls(l) value=reader.integer(12_408) note=text::chat::cost_unknown(l) tone=Tone::Warn />
            </dl>
            <div class="design-row">{badges.into_iter().collect_view()}</div>
            {bars.into_iter().collect_view()}
        </Sheet>
    }
}

/// Words: notices, an empty place, folded details, what loads.
#[component]
pub(super) fn Words() -> impl IntoView {
    let l = Reader::here().locale;
    let notices = TONES.map(|tone| {
        view! {
            <Notice tone title=text::common::error_title(l)>
                <p>{text::common::error_text(l)}</p>
            </Notice>
        }
    });
    view! {
        <Sheet id="design-words" title=text::design::words(l)>
            {notices.into_iter().collect_view()}
            <Empty icon=IconName::Key title=text::keys::empty_title(l) text=text::keys::empty_text(l)>
                <button type="button" class="button button-primary">{text::keys::create(l)}</button>
            </Empty>
            <Details class="" summary=text::chat::reasoning(l)>{text::keys::intro(l)}</Details>
            <div class="design-columns">
                <Skeleton count=3 />
                <Skeleton count=2 shape=SkeletonShape::Rows />
                <Skeleton count=1 shape=SkeletonShape::Blocks />
            </div>
        </Sheet>
    }
}

/// A table with rows and one without.
#[component]
pub(super) fn Lists() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let head = move || {
        vec![
            Head::text(text::keys::name(l)).sorted(SortState::Other, "/design"),
            Head::number(text::nav::calls(l)).sorted(SortState::Descending, "/design"),
            Head::number(text::keys::budget(l)).sorted(SortState::Other, "/design"),
            Head::actions(text::common::actions(l)),
        ]
    };
    let rows = move || {
        [
            ("laptop", 8_210, 12_400_000_000),
            ("nightly reports", 94, 190_000_000),
        ]
        .map(|(name, calls, cost)| {
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number" data-label=text::nav::calls(l)>{reader.integer(calls)}</td>
                    <td class="number" data-label=text::keys::budget(l)>
                        {reader.money(domain::NanoUsd(cost))}
                    </td>
                    <td class="table-actions">
                        <Menu
                            id=format!("design-row-{calls}")
                            label=text::common::actions(l)
                            face=move || view! { <Icon name=IconName::More /> }
                        >
                            <button type="button" class="menu-item tone-bad">
                                <Icon name=IconName::Trash />
                                <span>{text::keys::revoke(l)}</span>
                            </button>
                        </Menu>
                    </td>
                </tr>
            }
        })
        .into_iter()
        .collect_view()
    };
    let days = Days {
        from: Day::read("2026-11-01"),
        to: Day::read("2026-11-21"),
    };
    view! {
        <Sheet id="design-lists" title=text::design::lists(l)>
            <Toolbar label=text::design::lists(l)>
                <input class="input" type="search" aria-label=text::models::search(l) placeholder=text::models::search(l) />
                <button type="button" class="button">{text::system::refresh(l)}</button>
                <DateRange
                    id="design-days"
                    label=text::days::label(l)
                    path="/design"
                    keep=Vec::new()
                    days=days
                />
                <FilterTag name=text::calls::model(l) value="gpt-4o-mini" href="/design".to_owned() />
            </Toolbar>
            <DataTable id="design-table" caption=text::keys::title(l) head=Signal::derive(head)>{rows()}</DataTable>
            <LoadMore more=true busy=false on_more=|()| () />
            <LoadMore more=true busy=true on_more=|()| () />
            <DataTable
                id="design-table-empty"
                caption=text::keys::title(l)
                head=Signal::derive(head)
                is_empty=true
                empty=move || view! {
                    <Empty icon=IconName::Key title=text::keys::empty_title(l) text=text::keys::empty_text(l) />
                }
            >
                ""
            </DataTable>
        </Sheet>
    }
}

/// What lies above the page: menu, dialog, question, slips.
#[component]
pub(super) fn Overlays() -> impl IntoView {
    let l = Reader::here().locale;
    let toasts = expect_context::<Toasts>();
    let (dialog, asks) = (RwSignal::new(false), RwSignal::new(false));
    let typed = TypedName {
        name: Signal::stored("laptop".to_owned()),
        label: text::keys::name(l).into(),
    };
    view! {
        <Sheet id="design-overlays" title=text::design::overlays(l)>
            <div class="design-row">
                <Menu
                    id="design-menu"
                    label=text::common::actions(l)
                    from_start=true
                    face=move || view! { <Icon name=IconName::More /> }
                >
                    <button type="button" class="menu-item">
                        <Icon name=IconName::Edit />
                        <span>{text::chat::edit(l)}</span>
                    </button>
                    <hr class="menu-rule" />
                    <button type="button" class="menu-item tone-bad">
                        <Icon name=IconName::Trash />
                        <span>{text::keys::revoke(l)}</span>
                    </button>
                </Menu>
                <button type="button" class="button" on:click=move |_| dialog.set(true)>
                    {text::keys::create(l)}
                </button>
                <button type="button" class="button button-danger" on:click=move |_| asks.set(true)>
                    {text::keys::revoke(l)}
                </button>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| toasts.push(Tone::Good, text::keys::revoke_done(l))
                >
                    {text::nav::keys(l)}
                </button>
                <CopyButton
                    text="sk-purser-…"
                    label=text::keys::copy_key(l)
                    copied_label=text::common::copied(l)
                />
            </div>
            <Dialog id="design-dialog" open=dialog title=text::keys::created_title(l) close_label=text::common::close(l)>
                <p>{text::keys::shown_once(l)}</p>
            </Dialog>
            <Confirm
                id="design-confirm"
                open=asks
                title=text::keys::revoke_title(l, "laptop")
                confirm_label=text::keys::revoke(l)
                cancel_label=text::common::cancel(l)
                danger=true
                typed
                on_confirm=|()| ()
            >
                <p>{text::keys::revoke_text(l)}</p>
            </Confirm>
        </Sheet>
    }
}
