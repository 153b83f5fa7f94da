//! Choosing a model: by name, with what each costs.

use domain::models::ModelChoice;
use domain::prices::PriceState;
use leptos::prelude::*;
use locales::text;

use super::conversation::Conversation;
use crate::error::Answer;
use crate::reader::Reader;
use crate::ui::{Dialog, Empty, Icon, IconName};

/// Where this browser keeps the model chosen last.
#[cfg(feature = "hydrate")]
const REMEMBERED: &str = "purser.model";

/// The models the member may chat with.
#[derive(Clone, Copy)]
pub(super) struct Models {
    known: RwSignal<Vec<ModelChoice>>,
    loaded: RwSignal<bool>,
}

impl Models {
    /// Puts them into the context once they are loaded, and chooses one for a new chat.
    pub(super) fn provide(choices: Resource<Answer<Vec<ModelChoice>>>) {
        let this = Self {
            known: RwSignal::new(Vec::new()),
            loaded: RwSignal::new(false),
        };
        let talk = Conversation::here();
        // After hydration: the first render is the same on both sides, without a model.
        Effect::new(move || {
            if let Some(Ok(known)) = choices.get() {
                let chosen = talk
                    .model
                    .get_untracked()
                    .filter(|id| known.iter().any(|model| model.id == *id));
                let chosen = chosen
                    .or_else(|| remembered().filter(|id| known.iter().any(|model| model.id == *id)))
                    .or_else(|| known.first().map(|model| model.id.clone()));
                talk.model.set(chosen);
                this.known.set(known);
                this.loaded.set(true);
            }
        });
        provide_context(this);
    }

    /// The models of this page.
    pub(super) fn here() -> Self {
        expect_context::<Self>()
    }

    /// One by its id.
    pub(super) fn find(self, id: &str) -> Option<ModelChoice> {
        self.known
            .with(|known| known.iter().find(|model| model.id == id).cloned())
    }
}

fn remembered() -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        window().local_storage().ok()??.get_item(REMEMBERED).ok()?
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

fn remember(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Ok(Some(storage)) = window().local_storage() {
        // Full or forbidden: the choice then lasts as long as the page.
        let _ = storage.set_item(REMEMBERED, id);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// The list of models in a dialog.
#[component]
pub(super) fn Picker(
    /// Open or closed.
    open: RwSignal<bool>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let administers = reader.facts.me.role.administers();
    let talk = Conversation::here();
    let models = Models::here();
    let wanted = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = wanted.get().to_lowercase();
        models.known.with(|known| {
            known
                .iter()
                .filter(|model| {
                    model.id.to_lowercase().contains(&wanted)
                        || model.label.to_lowercase().contains(&wanted)
                })
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let choose = move |id: String| {
        remember(&id);
        talk.model.set(Some(id));
        open.set(false);
    };
    let on_enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some(first) =
                found.with_untracked(|found| found.first().map(|model| model.id.clone()))
            {
                choose(first);
            }
        }
    };
    let none_text = if administers {
        text::chat::no_models_admin(l)
    } else {
        text::chat::no_models_member(l)
    };
    view! {
        <Dialog id="picker" open title=text::picker::choose(l) close_label=text::common::close(l)>
            <div class="picker">
                <div class="picker-search">
                    <input
                        class="input"
                        type="search"
                        autofocus
                        aria-label=text::picker::search(l)
                        placeholder=text::picker::search(l)
                        prop:value=wanted
                        on:input=move |event| wanted.set(event_target_value(&event))
                        on:keydown=on_enter
                    />
                </div>
                <div class="picker-list" role="listbox" aria-label=text::picker::label(l)>
                    <For each=move || found.get() key=|model| model.id.clone() let:model>
                        {
                            let id = model.id.clone();
                            let this = id.clone();
                            view! {
                                <Choice
                                    model
                                    chosen=Signal::derive(move || talk.model.with(|now| now.as_ref() == Some(&this)))
                                    on_choose=Callback::new(move |()| choose(id.clone()))
                                />
                            }
                        }
                    </For>
                </div>
                <Show when=move || models.loaded.get() && found.with(Vec::is_empty)>
                    <Show
                        when=move || models.known.with(Vec::is_empty)
                        fallback=move || view! { <p class="faint">{text::picker::no_match(l)}</p> }
                    >
                        <Empty icon=IconName::Plug title=text::chat::no_models_title(l) text=none_text>
                            {administers.then(|| view! {
                                <a class="button button-primary" href="/connections">
                                    {text::nav::connections(l)}
                                </a>
                            })}
                        </Empty>
                    </Show>
                </Show>
            </div>
        </Dialog>
    }
}

/// One model.
#[component]
fn Choice(
    /// The model.
    model: ModelChoice,
    /// Whether it is the chosen one.
    #[prop(into)]
    chosen: Signal<bool>,
    /// Runs when it is chosen.
    on_choose: Callback<()>,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let mut note = text::picker::via(l, &model.connections.join(", "));
    if let Some(tokens) = model.context_tokens {
        note = format!(
            "{note} · {}",
            text::picker::context(l, &reader.integer(tokens))
        );
    }
    let price = match (model.price.state, model.price.rates) {
        (PriceState::Priced, Some(rates)) => text::picker::price_short(
            l,
            &reader.money(domain::NanoUsd(rates.input)),
            &reader.money(domain::NanoUsd(rates.output)),
        ),
        (PriceState::Free, _) => text::picker::free(l).to_owned(),
        _ => text::picker::unpriced(l).to_owned(),
    };
    view! {
        <button
            type="button"
            class="picker-option"
            role="option"
            aria-selected=move || if chosen.get() { "true" } else { "false" }
            on:click=move |_| on_choose.run(())
        >
            <Icon name=IconName::Check />
            <span class="picker-name">{model.label}</span>
            <span class="picker-note">{note}</span>
            <span class="picker-price number">{price}</span>
        </button>
    }
}
