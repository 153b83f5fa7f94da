//! A chat with nothing in it yet.

use leptos::prelude::*;
use leptos_router::components::A;
use locales::text;

use super::open::OpenChat;
use crate::reader::Reader;
use crate::ui::{Empty, IconName, Mark};

/// How to begin: three things one could ask; without a model, where to get one.
#[component]
pub(super) fn Start() -> impl IntoView {
    let open = OpenChat::here();
    let has_models = Memo::new(move |_| !open.models.read().is_empty());
    move || {
        if has_models.get() {
            view! { <Examples /> }.into_any()
        } else {
            view! { <NoModels /> }.into_any()
        }
    }
}

/// A greeting and three prompts that fill the composer.
#[component]
fn Examples() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let examples = [
        text::chat::example_explain(l),
        text::chat::example_write(l),
        text::chat::example_plan(l),
    ];
    let buttons = examples.map(|example| {
        view! {
            <li>
                <button
                    type="button"
                    class="button button-quiet"
                    on:click=move |_| open.draft.set(example.to_owned())
                >
                    {example}
                </button>
            </li>
        }
    });
    view! {
        <div class="chat-start">
            <Mark />
            <p class="empty-title">{text::chat::empty_title(l)}</p>
            <p class="empty-text">{text::chat::empty_text(l)}</p>
            <ul class="chat-examples" aria-label=text::chat::examples_label(l)>
                {buttons.into_iter().collect_view()}
            </ul>
        </div>
    }
}

/// No model can be used: an admin may change that, a member can ask.
#[component]
fn NoModels() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let title = text::chat::no_models_title(l);
    let inside = if reader.facts.me.role.administers() {
        view! {
            <Empty icon=IconName::Plug title text=text::chat::no_models_admin(l)>
                <A href="/connections" attr:class="button button-primary">
                    {text::connections::title(l)}
                </A>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Empty icon=IconName::Plug title text=text::chat::no_models_member(l) /> }
            .into_any()
    };
    view! { <div class="chat-start">{inside}</div> }
}
