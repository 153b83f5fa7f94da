//! Some days in a row: a few that are often wanted, or any two from the calendar.

use domain::time::{Day, Days};
use leptos::{ev::SubmitEvent, html, prelude::*, text_prop::TextProp};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use locales::{Locale, text};

use super::{Field, Icon, IconName};
use crate::address::Address;
use crate::reader::Reader;

/// A button that says which days hold, and a sheet below it to choose others. The choice is kept in the
/// address, as `from` and `to`, both included; an end that is left empty is open.
///
/// The sheet is a native popover with a form that asks for the page anew, so it works before
/// hydration too. Which days are often wanted needs a clock, so they come with hydration.
#[component]
pub fn DateRange(
    /// Unique in the page.
    id: &'static str,
    /// What the days are for, read aloud before them.
    #[prop(into)]
    label: TextProp,
    /// The page.
    path: &'static str,
    /// What else its address says.
    #[prop(into)]
    keep: Signal<Vec<(&'static str, String)>>,
    /// The days that hold.
    #[prop(into)]
    days: Signal<Days>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let sheet = NodeRef::<html::Div>::new();
    let form = NodeRef::<html::Form>::new();
    let from = RwSignal::new(String::new());
    let to = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<&'static str>);
    let today = RwSignal::new(None::<Day>);
    let navigate = use_navigate();
    let enter = move |days: Days| {
        from.set(days.from.map(Day::written).unwrap_or_default());
        to.set(days.to.map(Day::written).unwrap_or_default());
        wrong.set(None);
    };
    enter(days.get_untracked());
    // The entries follow what holds, also when it changes elsewhere.
    Effect::new(move || enter(days.get()));
    let tell_today = {
        let reader = reader.clone();
        move || tell_day(&reader, today)
    };
    Effect::new({
        let tell_today = tell_today.clone();
        move || tell_today()
    });
    let close = move || {
        if let Some(sheet) = sheet.get_untracked() {
            // Refuses only when it is closed already.
            let _ = sheet.hide_popover();
        }
    };
    let address = move |days: Days| address(path, &keep.read(), days);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let readable = form
            .get_untracked()
            .is_none_or(|form| form.check_validity());
        let entered = Days {
            from: Day::read(&from.get_untracked()),
            to: Day::read(&to.get_untracked()),
        };
        if !readable {
            wrong.set(Some(text::days::unreadable(l)));
        } else if entered.is_backwards() {
            wrong.set(Some(text::days::backwards(l)));
        } else {
            wrong.set(None);
            close();
            let place = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&address(entered), place);
        }
    };
    let often = move || {
        today.get().map(|today| {
            often_wanted(l, today)
                .into_iter()
                .map(|(word, often)| {
                    view! {
                        <a
                            class="menu-item"
                            href=address(often)
                            aria-current=(days.get() == often).then_some("true")
                            data-noscroll="true"
                            on:click=move |_| close()
                        >
                            {word}
                        </a>
                    }
                })
                .collect_view()
        })
    };
    let kept = move || {
        keep.get()
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view()
    };
    let said = {
        let reader = reader.clone();
        Memo::new(move |_| words(&reader, days.get()))
    };
    view! {
        <div class="menu-box">
            <button
                type="button"
                class="button"
                popovertarget=id
                aria-label=move || format!("{}: {}", label.get(), said.get())
                on:click=move |_| tell_today()
            >
                <Icon name=IconName::Calendar />
                <span>{said}</span>
                <Icon name=IconName::ChevronDown />
            </button>
            <div class="menu menu-from-start date-range" id=id popover="auto" node_ref=sheet>
                <div class="date-range-often">{often}</div>
                <form
                    class="date-range-form"
                    method="get"
                    action=path
                    novalidate=true
                    node_ref=form
                    on:submit=on_submit
                >
                    {kept}
                    <Field id=format!("{id}-from") label=text::calls::filter_from(l)>
                        <input
                            class="input"
                            type="date"
                            name="from"
                            value=from.get_untracked()
                            prop:value=from
                            on:input:target=move |event| from.set(event.target().value())
                        />
                    </Field>
                    <Field
                        id=format!("{id}-to")
                        label=text::calls::filter_to(l)
                        error=Signal::derive(move || wrong.get().map(str::to_owned))
                    >
                        <input
                            class="input"
                            type="date"
                            name="to"
                            value=to.get_untracked()
                            prop:value=to
                            on:input:target=move |event| to.set(event.target().value())
                        />
                    </Field>
                    <button type="submit" class="button button-primary">{text::days::apply(l)}</button>
                </form>
            </div>
        </div>
    }
    .into_any()
}

/// The page with these days.
fn address(path: &str, keep: &[(&'static str, String)], days: Days) -> String {
    let kept = keep
        .iter()
        .fold(Address::new(path), |address, (name, value)| {
            address.with(name, Some(value))
        });
    kept.with_days(days).into()
}

/// Days that are often wanted.
fn often_wanted(l: Locale, today: Day) -> [(&'static str, Days); 5] {
    let (month, last_month) = today.month_starts();
    [
        (text::days::all(l), Days::default()),
        (text::usage::today(l), Days::new(today, today)),
        (text::days::week(l), Days::new(today.plus(-6), today)),
        (text::usage::month(l), Days::new(month, today)),
        (
            text::days::last_month(l),
            Days::new(last_month, month.plus(-1)),
        ),
    ]
}

/// Days for reading.
fn words(reader: &Reader, days: Days) -> String {
    let l = reader.locale;
    match (days.from, days.to) {
        (None, None) => text::days::all(l).to_owned(),
        (Some(from), None) => text::days::since(l, &reader.day(from)),
        (None, Some(to)) => text::days::until(l, &reader.day(to)),
        (Some(from), Some(to)) if from == to => reader.day(from),
        (Some(from), Some(to)) => text::days::between(l, &reader.day(from), &reader.day(to)),
    }
}

/// Says which day the reader has today, by the browser's clock; on the server this says nothing.
fn tell_day(reader: &Reader, today: RwSignal<Option<Day>>) {
    #[cfg(feature = "hydrate")]
    {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole milliseconds, far below the end of time"
        )]
        let now = domain::Timestamp(js_sys::Date::now() as i64);
        today.set(Some(Day(reader.day_number(now))));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (reader, today);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_often_wanted_ends_today_or_with_the_last_month() {
        let today = Day::read("2026-03-01").unwrap();
        let days = often_wanted(Locale::En, today).map(|(_, days)| {
            let written = |day: Option<Day>| day.map(Day::written).unwrap_or_default();
            (written(days.from), written(days.to))
        });
        let days: Vec<_> = days
            .iter()
            .map(|(from, to)| (from.as_str(), to.as_str()))
            .collect();
        assert_eq!(
            days,
            [
                ("", ""),
                ("2026-03-01", "2026-03-01"),
                ("2026-02-23", "2026-03-01"),
                ("2026-03-01", "2026-03-01"),
                ("2026-02-01", "2026-02-28"),
            ]
        );
    }

    #[test]
    fn the_address_keeps_what_it_said_before() {
        let keep = [("model", "a/b&c".to_owned())];
        let day = Day::read("2026-11-01");
        let since = Days {
            from: day,
            to: None,
        };
        assert_eq!(
            address("/calls", &keep, since),
            "/calls?model=a%2Fb%26c&from=2026-11-01"
        );
        assert_eq!(address("/calls", &[], Days::default()), "/calls");
    }
}
