//! Where messages are written: text, model, price before, send or stop.

use domain::chats::MESSAGE_MOST_CHARS;
use domain::models::ModelChoice;
use domain::prices::PriceState;
use leptos::ev::KeyboardEvent;
use leptos::html::Textarea;
use leptos::prelude::*;
use locales::text;

use super::conversation::Conversation;
use super::picker::{Models, Picker};
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// Output tokens that the price before counts with where the request names none.
const USUAL_OUTPUT: i64 = 8_192;
/// Most tokens that a message costs beside its text.
const PER_MESSAGE: i64 = 16;

/// What is being written.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    text: RwSignal<String>,
    input: NodeRef<Textarea>,
}

impl Draft {
    /// Puts an empty one into the context.
    pub(super) fn provide() -> Self {
        let draft = Self {
            text: RwSignal::new(String::new()),
            input: NodeRef::new(),
        };
        provide_context(draft);
        draft
    }

    /// Writes an example into it.
    pub(super) fn fill(self, example: &str) {
        self.text.set(example.to_owned());
        if let Some(input) = self.input.get_untracked() {
            let _ = input.focus();
        }
    }
}

/// The composer. It stays while the conversation scrolls.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let talk = Conversation::here();
    let models = Models::here();
    let draft = expect_context::<Draft>();
    let picking = RwSignal::new(false);
    let send = Action::new(move |entered: &String| {
        let entered = entered.clone();
        async move {
            if talk.send(entered.clone()).await {
                // What was typed meanwhile stays.
                let _ = draft.text.try_update(|now| {
                    if *now == entered {
                        now.clear();
                    }
                });
            }
        }
    });
    let too_long = Memo::new(move |_| {
        draft
            .text
            .with(|text| text.chars().count() > MESSAGE_MOST_CHARS)
    });
    let ready = move || {
        !send.pending().get()
            && !too_long.get()
            && draft.text.with(|text| !text.trim().is_empty())
            && talk.model.with(Option::is_some)
            && talk.running().is_none()
    };
    let submit = move || {
        if untrack(ready) {
            send.dispatch(draft.text.get_untracked());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // Enter that ends a composition (Korean, Japanese, Chinese) does not send; 229 is how
        // some browsers say that one is going on.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            submit();
        }
    };
    let stop = Action::new(move |(): &()| async move {
        if let Some(id) = talk.running() {
            talk.stop(id).await;
        }
    });
    let chosen = Signal::derive(move || {
        let id = talk.model.get()?;
        models.find(&id)
    });
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <div class="composer-box">
                <textarea
                    class="composer-input"
                    node_ref=draft.input
                    rows="1"
                    dir="auto"
                    aria-label=text::chat::message_label(l)
                    placeholder=text::chat::placeholder(l)
                    prop:value=draft.text
                    on:input=move |event| draft.text.set(event_target_value(&event))
                    on:keydown=on_key
                ></textarea>
                <div class="composer-bar">
                    <button
                        type="button"
                        class="picker-button"
                        aria-haspopup="dialog"
                        on:click=move |_| picking.set(true)
                    >
                        <span class="cut">
                            {move || chosen.get().map_or_else(
                                || talk.model.get().unwrap_or_else(|| text::picker::choose(l).to_owned()),
                                |choice| choice.label,
                            )}
                        </span>
                        <Icon name=IconName::ChevronDown />
                    </button>
                    <PriceBefore chosen />
                    <Show
                        when=move || talk.running().is_some()
                        fallback=move || view! {
                            <button
                                type="submit"
                                class="button button-primary send-button"
                                aria-label=text::chat::send(l)
                                disabled=move || !ready()
                            >
                                <Icon name=IconName::Send />
                            </button>
                        }
                    >
                        <button
                            type="button"
                            class="button button-primary send-button"
                            aria-label=text::chat::stop(l)
                            disabled=move || stop.pending().get()
                            on:click=move |_| { stop.dispatch(()); }
                        >
                            <Icon name=IconName::Stop />
                        </button>
                    </Show>
                </div>
            </div>
            <Show when=move || too_long.get()>
                <p class="composer-hint tone-bad" role="alert">{text::chat::message_too_long(l)}</p>
            </Show>
            <Picker open=picking />
        </form>
    }
}

/// The most that the next message can cost.
#[component]
fn PriceBefore(
    /// The chosen model.
    #[prop(into)]
    chosen: Signal<Option<ModelChoice>>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let talk = Conversation::here();
    let draft = expect_context::<Draft>();
    let told = move || {
        let choice = chosen.get()?;
        Some(match (choice.price.state, choice.price.rates) {
            (PriceState::Priced, Some(rates)) => {
                let bytes = draft
                    .text
                    .with(|text| i64::try_from(text.len()).unwrap_or(i64::MAX));
                let input = talk
                    .input_bound
                    .get()
                    .saturating_add(bytes)
                    .saturating_add(PER_MESSAGE);
                let output = choice
                    .max_output_tokens
                    .unwrap_or(USUAL_OUTPUT)
                    .min(USUAL_OUTPUT);
                match rates.worst_case(input, output) {
                    Ok(worst) => text::chat::estimate(l, &reader.money(worst)),
                    Err(_) => text::chat::cost_unknown(l).to_owned(),
                }
            }
            (PriceState::Free, _) => text::chat::estimate_free(l).to_owned(),
            _ => text::chat::estimate_unpriced(l).to_owned(),
        })
    };
    view! {
        <span class="composer-price number" title=text::chat::estimate_help(l)>{told}</span>
    }
}
