//! Testing a connection.

use domain::ConnectionId;
use domain::calls::ProviderFailure;
use domain::connections::ConnectionTest;
use leptos::prelude::*;
use locales::text;

use super::test_connection;
use crate::error::{failure_words, words};
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Notice, Tone};

/// A button that asks the provider, and its answer: latency, models, account facts, or what is wrong.
#[component]
pub(super) fn TestPanel(
    /// The connection.
    id: ConnectionId,
    /// Whether to ask without a click, as after adding it.
    at_once: bool,
    /// Runs after each answer, which may have changed the health.
    #[prop(into)]
    on_tested: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let test = Action::new(move |(): &()| async move {
        let result = test_connection(id).await;
        // The page may be gone by the time the answer comes.
        let _ = on_tested.try_run(());
        result
    });
    let pending = test.pending();
    let result = test.value();
    Effect::new(move || {
        if at_once {
            test.dispatch(());
        }
    });
    view! {
        <section class="section">
            <div class="section-head">
                <h2 class="section-title">{text::connections::test(l)}</h2>
                <button
                    type="button"
                    class="button"
                    class:is-busy=pending
                    disabled=pending
                    on:click=move |_| { test.dispatch(()); }
                >
                    <Icon name=IconName::Play />
                    {move || if pending.get() { text::connections::testing(l) } else { text::connections::test(l) }}
                </button>
            </div>
            <p class="faint small">{text::connections::test_text(l)}</p>
            <div aria-live="polite">
                {move || result
                    .get()
                    .map(|result| match result {
                        Ok(ConnectionTest { failure: Some(failure), .. }) => {
                            view! { <Refusal failure /> }.into_any()
                        }
                        Ok(test) => view! { <Works test /> }.into_any(),
                        Err(error) => {
                            view! { <Notice tone=Tone::Bad title=words(&reader, &error.0) /> }.into_any()
                        }
                    })}
            </div>
        </section>
    }
}

/// The provider answered.
#[component]
fn Works(
    /// What it told.
    test: ConnectionTest,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    view! {
        <Notice tone=Tone::Good title=text::connections::test_ok(l)>
            <p class="small">{text::connections::latency(l, &reader.seconds(test.latency_ms))}</p>
            <p class="small">{text::connections::models_found(l, test.models_found)}</p>
            {(!test.facts.is_empty())
                .then(|| view! {
                    <dl class="facts small">
                        {test
                            .facts
                            .into_iter()
                            .map(|(name, value)| view! {
                                <div>
                                    <dt>{name}</dt>
                                    <dd>{value}</dd>
                                </div>
                            })
                            .collect_view()}
                    </dl>
                })}
        </Notice>
    }
}

/// The provider refused or did not answer: our words, then its own.
#[component]
fn Refusal(
    /// How.
    failure: ProviderFailure,
) -> impl IntoView {
    let l = Reader::here().locale;
    let plain = failure_words(l, &failure);
    let answered = failure.status.is_some();
    let status = failure
        .status
        .map(|status| text::connections::http_status(l, &status.to_string()));
    view! {
        <Notice tone=Tone::Bad title=text::connections::test_failed(l)>
            <p>{plain}</p>
            {(!failure.message.is_empty())
                .then(|| view! {
                    // Without a status nobody answered, and the words are our client's.
                    {answered
                        .then(|| view! {
                            <p class="small faint">{text::connections::provider_says(l)}</p>
                        })}
                    <p class="mono small">{failure.message}</p>
                })}
            {status.map(|status| view! { <p class="small faint">{status}</p> })}
        </Notice>
    }
}
