//! The home page.

use domain::calls::CallsWanted;
use domain::time::Days as ChosenDays;
use domain::usage::{Span, Whose};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use locales::{Locale, text};

use super::address::Shown;
use super::beside::{Chats, Connections};
use super::books::Books;
use super::days::Days;
use super::keys::Keys;
use super::tops::Tops;
use crate::calls::calls_address;
use crate::guide::Guide;
use crate::reader::Reader;
use crate::ui::{PageHead, Skeleton, SkeletonShape, Trouble, Way, Ways};
use crate::usage::load_home;

/// Where the house stands, for who runs it, or the reader alone: month and today, cost per day, what it
/// went to; then what the reader may want to go on with.
#[component]
pub fn HomePage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let query = use_query_map();
    let shown = Memo::new(move |_| {
        let query = query.read();
        Shown::read(
            query.get("of").as_deref(),
            query.get("days").as_deref(),
            administers,
        )
    });
    let home = Resource::new(
        move || shown.get(),
        move |Shown { whose, span }| async move {
            let home = load_home(whose, span, l.tag().to_owned()).await?;
            Ok((whose, home))
        },
    );
    let lead = move || match shown.get().whose {
        Whose::House => text::home::intro_house(l),
        Whose::Mine => text::home::intro_mine(l),
    };
    view! {
        <Title text=text::home::title(l) />
        <div class="page home">
            <PageHead title=text::home::title(l) lead=lead>
                {administers.then(|| view! { <WhoseSwitch shown /> })}
            </PageHead>
            <Guide />
            <Transition fallback=|| view! {
                <Skeleton count=1 shape=SkeletonShape::Blocks />
                <Skeleton count=2 shape=SkeletonShape::Blocks />
            }>
                {move || Suspend::new(async move {
                    match home.await {
                        Ok((whose, home)) => {
                            // The calls that its figures are sums of.
                            let calls = CallsWanted {
                                only_mine: administers && whose == Whose::Mine,
                                days: ChosenDays {
                                    from: home.figures.days.first().map(|day| day.day),
                                    to: None,
                                },
                                model: None,
                            };
                            let of_model = {
                                let calls = calls.clone();
                                move |model| calls_address(&CallsWanted {
                                    model: Some(model),
                                    ..calls.clone()
                                })
                            };
                            let is_used = home.figures.total.calls > 0;
                            let names_members = !home.figures.members.rows.is_empty();
                            view! {
                                <Books today=home.figures.today month=home.figures.month />
                                <Days
                                    days=home.figures.days
                                    calls
                                    total=home.figures.total
                                    charts=home.charts
                                    spans=move || view! { <SpanSwitch shown administers /> }
                                />
                                {is_used
                                    .then(|| view! {
                                        <div class="columns">
                                            <Tops
                                                id="home-models"
                                                title=text::nav::models(l)
                                                top=home.figures.models
                                                total=home.figures.total
                                                leads=of_model
                                            />
                                            {names_members
                                                .then(|| view! {
                                                    <Tops
                                                        id="home-members"
                                                        title=text::nav::members(l)
                                                        top=home.figures.members
                                                        total=home.figures.total
                                                    />
                                                })}
                                        </div>
                                    })}
                            }
                            .into_any()
                        }
                        Err(error) => view! { <Trouble error /> }.into_any(),
                    }
                })}
            </Transition>
            <div class="home-beside">
                <Chats />
                <Keys />
                {administers.then(|| view! { <Connections /> })}
            </div>
        </div>
    }
}

/// Between the figures of all and one's own.
#[component]
fn WhoseSwitch(
    /// What is shown.
    shown: Memo<Shown>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let ways = move || {
        let to = |whose, label| Way {
            href: Shown {
                whose,
                ..shown.get()
            }
            .address(true),
            label,
        };
        vec![
            to(Whose::House, text::home::of_house(l)),
            to(Whose::Mine, text::home::of_mine(l)),
        ]
    };
    let here = move || {
        let now = shown.get().whose;
        Whose::ALL.iter().position(|whose| *whose == now)
    };
    view! {
        <Ways
            label=text::home::of_label(l)
            ways=Signal::derive(ways)
            here=Signal::derive(here)
        />
    }
}

/// Between lengths of the chart.
#[component]
fn SpanSwitch(
    /// What is shown.
    shown: Memo<Shown>,
    /// Whether the address has to say whose figures they are.
    administers: bool,
) -> impl IntoView {
    let l = Reader::here().locale;
    let ways = move || {
        let to = |span: Span| Way {
            href: Shown {
                span,
                ..shown.get()
            }
            .address(administers),
            label: span_name(l, span),
        };
        Span::ALL.iter().map(|span| to(*span)).collect()
    };
    let here = move || {
        let now = shown.get().span;
        Span::ALL.iter().position(|span| *span == now)
    };
    view! {
        <Ways label=text::home::span(l) ways=Signal::derive(ways) here=Signal::derive(here) />
    }
}

fn span_name(l: Locale, span: Span) -> &'static str {
    match span {
        Span::Week => text::home::span_week(l),
        Span::Month => text::home::span_month(l),
        Span::Quarter => text::home::span_quarter(l),
    }
}
