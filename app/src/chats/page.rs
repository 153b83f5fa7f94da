//! The chat page.

use domain::ChatId;
use domain::chats::ChatView;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use locales::text;
use serde::{Deserialize, Serialize};

use super::conversation::Conversation;
use super::open::OpenChat;
use crate::error::missing;
use crate::later::{list_models, load_chat};
use crate::page_data::PageData;
use crate::reader::Reader;
use crate::ui::{FirstTitle, Skeleton, Trouble, in_turn, trouble_title};

/// What the address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// No chat yet.
    New,
    /// A chat.
    Chat(ChatId),
    /// Something that cannot be a chat.
    Nowhere,
}

/// What was found there.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Found {
    /// No chat yet.
    New,
    /// The chat this tab has just begun; nothing needs to be loaded.
    Here,
    /// A chat.
    Chat(Box<ChatView>),
}

/// A chat, or the beginning of one.
#[component]
pub fn ChatPage() -> impl IntoView {
    view! { <div class="part">{in_turn(|| view! { <ChatHere /> })}</div> }
}

/// The chat at the address.
#[component]
fn ChatHere() -> impl IntoView {
    let open = OpenChat::here();
    let params = use_params_map();
    let place = Memo::new(move |_| match params.read().get("id") {
        None => Place::New,
        Some(id) => id.parse().map_or(Place::Nowhere, Place::Chat),
    });
    // Blocking, because a chat that is not there answers with another status.
    let l = Reader::here().locale;
    let title = FirstTitle::default();
    let first_title = title.clone();
    let chat = Resource::<_, PageData>::new_with_options(
        move || place.get(),
        move |place| {
            let title = title.clone();
            async move {
                let found = match place {
                    Place::New => Ok(Found::New),
                    Place::Chat(id) if open.is_moving_to(id) => Ok(Found::Here),
                    Place::Chat(id) => load_chat(id, None)
                        .await
                        .map(|view| Found::Chat(Box::new(view))),
                    Place::Nowhere => missing(),
                };
                title.set(match &found {
                    Ok(Found::New | Found::Here) => text::nav::new_chat(l),
                    Ok(Found::Chat(view)) => {
                        view.title.as_deref().unwrap_or(text::chat::untitled(l))
                    }
                    Err(error) => trouble_title(l, &error.0),
                });
                found
            }
        },
        true,
    );
    let models = Resource::<_, PageData>::new_with_options(
        || (),
        move |()| async move {
            if open.is_moving() {
                return Ok(open.models.get_untracked());
            }
            list_models().await
        },
        true,
    );
    go_along(place);
    view! {
        {first_title.into_head()}
        <Transition fallback=|| view! { <div class="messages"><Skeleton count=6 /></div> }>
            {move || Suspend::new(async move {
                match (chat.await, models.await) {
                    (Ok(found), Ok(models)) => {
                        match found {
                            Found::New => open.clear(),
                            Found::Here => {}
                            Found::Chat(view) => open.put(*view),
                        }
                        open.models.set(models);
                        view! { <Conversation /> }.into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => view! {
                        <Trouble error heads_page=true />
                    }
                    .into_any(),
                }
            })}
        </Transition>
    }
}

/// Follows the chat to its address once it has one, and leaves it once it is deleted.
fn go_along(place: Memo<Place>) {
    let open = OpenChat::here();
    let navigate = use_navigate();
    let options = || NavigateOptions {
        replace: true,
        scroll: false,
        ..NavigateOptions::default()
    };
    let leave = navigate.clone();
    Effect::new(move || {
        if let Some(id) = open.born.get() {
            open.born.set(None);
            navigate(&format!("/chats/{id}"), options());
        }
    });
    Effect::new(move || {
        if let Some(id) = open.gone.get()
            && place.get_untracked() == Place::Chat(id)
        {
            leave("/", options());
        }
    });
}
