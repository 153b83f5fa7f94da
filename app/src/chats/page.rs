//! The chat: a new one at the root, an old one at its own address.

use domain::ChatId;
use domain::chats::ChatView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use locales::text;

use super::composer::Composer;
use super::conversation::Conversation;
use super::functions::{load_models, open_chat};
use super::history::History;
use super::message::MessageItem;
use super::picker::Models;
use crate::error::words;
use crate::reader::Reader;
use crate::ui::{Empty, Icon, IconName, Mark, Skeleton};

/// The chat.
#[component]
pub fn ChatPage() -> impl IntoView {
    let parameters = use_params_map();
    let id = Memo::new(move |_| parameters.with(|map| map.get("id")));
    let history = expect_context::<History>();
    move || {
        let asked = id.get();
        let known: Option<ChatId> = asked.as_deref().and_then(|text| text.parse().ok());
        match (asked, known) {
            (None, _) => view! { <Open loaded=None /> }.into_any(),
            (Some(_), Some(id)) => match history.take_over(Some(id)) {
                Some(begun) => view! { <Open loaded=Some(begun) begun=true /> }.into_any(),
                None => view! { <Loaded id /> }.into_any(),
            },
            (Some(_), None) => view! { <NoChat /> }.into_any(),
        }
    }
}

/// A chat that the server still has to tell.
#[component]
fn Loaded(
    /// Which.
    id: ChatId,
) -> impl IntoView {
    let chat = Resource::new_blocking(move || id, |id| open_chat(id, None));
    view! {
        <Suspense fallback=|| view! { <div class="chat"><div class="messages"><Skeleton count=6 /></div></div> }>
            {move || Suspend::new(async move {
                match chat.await {
                    Ok(chat) => view! { <Open loaded=Some(chat) /> }.into_any(),
                    Err(error) if error.0 == domain::AppError::NotFound => {
                        #[cfg(feature = "ssr")]
                        if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
                            options.set_status(http::StatusCode::NOT_FOUND);
                        }
                        view! { <NoChat /> }.into_any()
                    }
                    Err(error) => {
                        let reader = Reader::here();
                        let l = reader.locale;
                        let told = words(&reader, &error.0);
                        view! {
                            <Empty icon=IconName::Warning title=text::common::error_title(l) text=told />
                        }
                        .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

/// No such chat, or somebody else's.
#[component]
fn NoChat() -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <Title text=text::errors::not_found_title(l) />
        <Empty
            icon=IconName::Chat
            title=text::errors::not_found_title(l)
            text=text::notices::not_found(l)
        >
            <a class="button button-primary" href="/">{text::nav::new_chat(l)}</a>
        </Empty>
    }
}

/// An open conversation: head, messages, composer.
#[component]
fn Open(
    /// What the server told; `None` for a new chat.
    loaded: Option<ChatView>,
    /// Whether it was begun on the page before: then the server is asked once more.
    #[prop(optional)]
    begun: bool,
) -> impl IntoView {
    let l = Reader::here().locale;
    let title = loaded.as_ref().and_then(|chat| chat.title.clone());
    let talk = Conversation::provide(loaded);
    super::composer::Draft::provide();
    let choices = Resource::new(|| (), |()| load_models());
    Models::provide(choices);
    let history = expect_context::<History>();
    let shown = Signal::derive(move || {
        talk.chat_id
            .get()
            .and_then(|id| history.title(id))
            .or_else(|| title.clone())
    });
    if begun {
        Effect::new(move || talk.reload());
    }
    let scroll = NodeRef::<leptos::html::Div>::new();
    let at_end = super::scroll::stick_to_end(scroll, talk);
    let earlier = Action::new(move |(): &()| talk.load_earlier());
    let total = move || {
        let reader = Reader::here();
        let (cost, unpriced) = talk.cost.get();
        let told = text::chat::cost_of_chat(l, &reader.money(cost));
        if unpriced > 0 {
            format!("{told} + {}", text::calls::total_unpriced(l, unpriced))
        } else {
            told
        }
    };
    view! {
        <Title text=move || shown.get().unwrap_or_default() />
        <div class="chat">
            <header class="chat-head">
                <h1 class="chat-title" dir="auto">
                    {move || shown.get().unwrap_or_else(|| match talk.chat_id.get() {
                        Some(_) => text::chat::untitled(l).to_owned(),
                        None => text::nav::new_chat(l).to_owned(),
                    })}
                </h1>
                <Show when=move || talk.chat_id.get().is_some()>
                    <span class="chat-total number">{total}</span>
                </Show>
            </header>
            <div class="chat-scroll" node_ref=scroll tabindex="-1">
                <Show
                    when=move || !talk.cells.with(Vec::is_empty)
                    fallback=|| view! { <Start /> }
                >
                    <div class="messages">
                        <Show when=move || talk.earlier.get().is_some()>
                            <button
                                type="button"
                                class="button button-quiet button-small"
                                disabled=move || earlier.pending().get()
                                on:click=move |_| { earlier.dispatch(()); }
                            >
                                {text::chat::load_older(l)}
                            </button>
                        </Show>
                        <For each=move || talk.cells.get() key=|cell| cell.id let:cell>
                            <MessageItem cell />
                        </For>
                        <Show when=move || !at_end.get()>
                            <button
                                type="button"
                                class="button button-icon chat-down"
                                aria-label=text::chat::scroll_to_end(l)
                                on:click=move |_| super::scroll::to_end(scroll)
                            >
                                <Icon name=IconName::ChevronDown />
                            </button>
                        </Show>
                    </div>
                </Show>
            </div>
            <Composer />
            <p class="only-read" role="status">{talk.announced}</p>
        </div>
    }
}

/// What a new chat shows: how to begin.
#[component]
fn Start() -> impl IntoView {
    let l = Reader::here().locale;
    let draft = expect_context::<super::composer::Draft>();
    let examples = [
        text::chat::example_explain(l),
        text::chat::example_write(l),
        text::chat::example_plan(l),
    ];
    view! {
        <div class="chat-start">
            <Mark />
            <h2>{text::chat::empty_title(l)}</h2>
            <p class="faint">{text::chat::empty_text(l)}</p>
            <div class="chips">
                {examples.into_iter().map(|example| view! {
                    <button type="button" class="chip" on:click=move |_| draft.fill(example)>
                        {example}
                    </button>
                }).collect_view()}
            </div>
        </div>
    }
}
