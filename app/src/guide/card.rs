//! The guide as a page of the ledger: what is done, and one button for what comes next.

use domain::guide::{Step, StepState};
use leptos::prelude::*;
use locales::{Locale, text};

use super::{look_at_guide, skip_guide};
use crate::error::words;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Listed, Toasts, Tone};

/// The steps of the first days; nothing once all are done or the member has skipped them.
#[component]
pub fn Guide() -> impl IntoView {
    let reader = Reader::here();
    let toasts = expect_context::<Toasts>();
    let steps = Listed::new(|| (), |()| look_at_guide());
    let skip = Action::new(move |(): &()| {
        let reader = reader.clone();
        async move {
            match skip_guide().await {
                Ok(()) => steps.renew(),
                Err(error) => toasts.push(Tone::Bad, words(&reader, &error.0)),
            }
        }
    });
    view! {
        // A guide that cannot be read is none: what the page is for stands below it.
        <Transition>
            {move || Suspend::new(async move {
                let steps = steps.await.unwrap_or_default();
                (!steps.is_empty()).then(|| view! { <Steps steps skip /> })
            })}
        </Transition>
    }
}

/// The steps in their order.
#[component]
fn Steps(
    /// At least one of them is open.
    steps: Vec<StepState>,
    /// Puts them away.
    skip: Action<(), ()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let count = |number: usize| reader.integer(i64::try_from(number).unwrap_or(i64::MAX));
    let done = steps.iter().filter(|state| state.done).count();
    let progress = text::guide::progress(l, &count(done), &count(steps.len()));
    let next = steps
        .iter()
        .find(|state| !state.done)
        .map(|state| state.step);
    let lines = steps
        .into_iter()
        .map(|state| view! { <Line state is_next=next == Some(state.step) /> })
        .collect_view();
    view! {
        <section class="guide" aria-labelledby="guide-title">
            <header class="guide-head">
                <h2 class="guide-title" id="guide-title">{text::guide::title(l)}</h2>
                <p class="guide-progress">{progress}</p>
                <button
                    type="button"
                    class="button button-quiet button-small"
                    disabled=skip.pending()
                    on:click=move |_| { skip.dispatch(()); }
                >
                    {text::guide::skip(l)}
                </button>
            </header>
            <ol class="guide-steps">{lines}</ol>
        </section>
    }
}

/// One step: ticked off, or with the button that leads to it.
#[component]
fn Line(
    /// The step.
    state: StepState,
    /// Whether it is the first that is open.
    is_next: bool,
) -> impl IntoView {
    let l = Reader::here().locale;
    let name = name(l, state.step);
    if state.done {
        return view! {
            <li class="guide-step is-done">
                <span class="guide-mark"><Icon name=IconName::Check /></span>
                <p class="guide-name">
                    {name} <span class="only-read">{format!(" – {}", text::guide::done(l))}</span>
                </p>
            </li>
        }
        .into_any();
    }
    let class = if is_next {
        "button button-primary"
    } else {
        "button"
    };
    let way = way(l, state.step).map(|(why, href, label)| {
        view! {
            <p class="guide-why">{why}</p>
            <p class="guide-ways">
                <a class=class href=href>{label}</a>
                // The demo needs no provider, and nothing else waits for one.
                {(state.step == Step::Connection)
                    .then(|| view! {
                        <a class="button button-quiet" href="/">{text::guide::demo(l)}</a>
                    })}
            </p>
        }
    });
    view! {
        <li class="guide-step" class:is-next=is_next>
            <span class="guide-mark"></span>
            <p class="guide-name">{name}</p>
            {way}
        </li>
    }
    .into_any()
}

fn name(l: Locale, step: Step) -> &'static str {
    match step {
        Step::Account => text::guide::account(l),
        Step::Connection => text::guide::connection(l),
        Step::Chat => text::guide::chat(l),
        Step::Invite => text::guide::invite(l),
        Step::Key => text::guide::key(l),
    }
}

/// What a step is good for, where it leads, and the word on its button.
fn way(l: Locale, step: Step) -> Option<(&'static str, &'static str, &'static str)> {
    match step {
        Step::Account => None,
        Step::Connection => Some((
            text::guide::connection_text(l),
            "/connections?add",
            text::connections::add(l),
        )),
        Step::Chat => Some((text::guide::chat_text(l), "/", text::nav::new_chat(l))),
        Step::Invite => Some((
            text::guide::invite_text(l),
            "/members?add",
            text::members::add(l),
        )),
        Step::Key => Some((text::guide::key_text(l), "/keys?add", text::keys::create(l))),
    }
}
