//! The page of a member's own usage.

use domain::calls::CallsWanted;
use domain::time::Days;
use domain::usage::{NamedSum, OwnUsage, Period};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use locales::{Locale, text};

use super::load_usage;
use super::sort::Sorting;
use super::table::UsageTable;
use crate::calls::calls_address;
use crate::reader::Reader;
use crate::ui::{Empty, IconName, PageHead, Skeleton, SkeletonShape, Trouble, Way, Ways};

/// What the member used today, in seven days or this month, by model and by key.
#[component]
pub fn UsagePage() -> impl IntoView {
    let l = Reader::here().locale;
    let query = use_query_map();
    let period = Memo::new(move |_| {
        let asked = query.read().get("range");
        asked
            .and_then(|word| Period::from_word(&word))
            .unwrap_or(Period::Month)
    });
    let sorting = Memo::new(move |_| {
        let query = query.read();
        Sorting::read(query.get("sort").as_deref(), query.get("way").as_deref())
    });
    let usage = Resource::new(
        move || period.get(),
        |period| async move { (period, load_usage(period).await) },
    );
    let ways = move || {
        let to = |period| Way {
            href: sorting.get().address(period),
            label: period_name(l, period),
        };
        Period::ALL.iter().map(|period| to(*period)).collect()
    };
    let here = Signal::derive(move || {
        let now = period.get();
        Period::ALL.iter().position(|period| *period == now)
    });
    view! {
        <Title text=text::usage::title(l) />
        <div class="page usage">
            <PageHead title=text::usage::title(l) lead=text::usage::intro(l)>
                <Ways label=text::usage::period(l) ways=Signal::derive(ways) here />
            </PageHead>
            <Transition fallback=|| view! { <Skeleton count=6 shape=SkeletonShape::Rows /> }>
                {move || {
                    let sorting = sorting.get();
                    Suspend::new(async move {
                        match usage.await {
                            (period, Ok(usage)) => view! { <Tables usage period sorting /> }.into_any(),
                            (_, Err(error)) => view! { <Trouble error /> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
}

/// Both tables, or what they are for while there is nothing in them.
#[component]
fn Tables(
    /// What was used.
    usage: OwnUsage,
    /// When.
    period: Period,
    /// In which order.
    sorting: Sorting,
) -> impl IntoView {
    let l = Reader::here().locale;
    if usage.total.calls == 0 {
        return view! {
            <Empty
                icon=IconName::Coins
                title=text::usage::empty_title(l)
                text=text::usage::empty_text(l)
            >
                <a class="button button-primary" href="/">{text::nav::new_chat(l)}</a>
                <a class="button" href="/keys">{text::nav::keys(l)}</a>
            </Empty>
        }
        .into_any();
    }
    let mut keys = usage.keys;
    keys.extend(usage.keyless.map(|sum| NamedSum {
        name: Some(text::usage::keyless(l).to_owned()),
        sum,
    }));
    let total = usage.total;
    // The calls that the figures are sums of.
    let calls = CallsWanted {
        only_mine: Reader::here().facts.me.role.administers(),
        days: Days {
            from: Some(usage.from),
            to: None,
        },
        model: None,
    };
    let all_calls = calls_address(&calls);
    let of_model = move |model| {
        calls_address(&CallsWanted {
            model: Some(model),
            ..calls.clone()
        })
    };
    view! {
        <section class="section">
            <div class="section-head">
                <h2 class="section-title">{text::usage::by_model(l)}</h2>
                <a class="small" href=all_calls>{text::usage::calls(l)}</a>
            </div>
            <UsageTable
                id="usage-models"
                title=text::calls::model(l)
                rows=usage.models
                leads=of_model
                unnamed=text::home::gone(l)
                total
                period
                sorting
            />
        </section>
        <section class="section">
            <h2 class="section-title">{text::usage::by_key(l)}</h2>
            <UsageTable
                id="usage-keys"
                title=text::calls::key(l)
                rows=keys
                unnamed=text::usage::key_gone(l)
                total
                period
                sorting
            />
        </section>
    }
    .into_any()
}

fn period_name(l: Locale, period: Period) -> &'static str {
    match period {
        Period::Today => text::usage::today(l),
        Period::Week => text::usage::week(l),
        Period::Month => text::usage::month(l),
    }
}
