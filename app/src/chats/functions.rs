//! Server functions of conversations.

use domain::chats::{ChatRow, ChatView, Page, SendMessage, Started};
use domain::models::ModelChoice;
use domain::{ChatId, MessageId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// A page of the history with the server's clock, by which days are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// The chats.
    pub page: Page<ChatRow>,
    /// When they were read.
    pub now: Timestamp,
}

/// The member's chats, last changed first.
///
/// # Errors
/// `Invalid` for a cursor that is none of ours.
#[server(prefix = "/fn", endpoint = "chats/list", input = server_fn::codec::Json)]
pub async fn list_chats(cursor: Option<String>) -> Answer<HistoryPage> {
    let (services, who) = context::signed_in()?;
    let page = answer(services.chat_list(&who, cursor.as_deref()).await)?;
    Ok(HistoryPage {
        page,
        now: services.runtime().now(),
    })
}

/// A chat with the end of its shown branch, or the page before a message of it.
///
/// # Errors
/// `NotFound` also when the chat belongs to someone else.
#[server(prefix = "/fn", endpoint = "chats/open", input = server_fn::codec::Json)]
pub async fn open_chat(id: ChatId, before: Option<MessageId>) -> Answer<ChatView> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_open(&who, id, before).await)
}

/// Gives a chat another title.
///
/// # Errors
/// `NotFound`, or `Invalid`.
#[server(prefix = "/fn", endpoint = "chats/rename", input = server_fn::codec::Json)]
pub async fn rename_chat(id: ChatId, title: String) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_rename(&who, id, &title).await)
}

/// Deletes a chat; its calls stay.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "chats/delete", input = server_fn::codec::Json)]
pub async fn delete_chat(id: ChatId) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_delete(&who, id).await)
}

/// Sends a message and starts its reply.
///
/// # Errors
/// `Invalid`, `NotFound`, or a reply that still runs.
#[server(prefix = "/fn", endpoint = "chats/send", input = server_fn::codec::Json)]
pub async fn post_message(send: SendMessage) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(services.message_send(&who, &send).await)
}

/// Asks again with a changed text, as a branch beside the first.
///
/// # Errors
/// As [`post_message`].
#[server(prefix = "/fn", endpoint = "chats/edit", input = server_fn::codec::Json)]
pub async fn edit_message(
    chat: ChatId,
    message: MessageId,
    text: String,
    model: String,
) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(
        services
            .message_edit(&who, chat, message, &text, &model)
            .await,
    )
}

/// Writes another reply to the same message.
///
/// # Errors
/// As [`post_message`].
#[server(prefix = "/fn", endpoint = "chats/regenerate", input = server_fn::codec::Json)]
pub async fn regenerate_reply(chat: ChatId, message: MessageId, model: String) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(services.reply_again(&who, chat, message, &model).await)
}

/// Goes on with a reply that ended early.
///
/// # Errors
/// As [`post_message`].
#[server(prefix = "/fn", endpoint = "chats/continue", input = server_fn::codec::Json)]
pub async fn continue_reply(chat: ChatId, message: MessageId, model: String) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(services.reply_continue(&who, chat, message, &model).await)
}

/// Stops a running reply.
///
/// # Errors
/// `NotFound` when it is not theirs or does not run.
#[server(prefix = "/fn", endpoint = "chats/stop", input = server_fn::codec::Json)]
pub async fn stop_reply(message: MessageId) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.reply_stop(&who, message))
}

/// Shows the newest branch through a message.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "chats/branch", input = server_fn::codec::Json)]
pub async fn show_branch(chat: ChatId, message: MessageId) -> Answer<ChatView> {
    let (services, who) = context::signed_in()?;
    answer(services.branch_show(&who, chat, message).await)
}

/// The Markdown of a message.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "chats/text", input = server_fn::codec::Json)]
pub async fn load_text(chat: ChatId, message: MessageId) -> Answer<String> {
    let (services, who) = context::signed_in()?;
    answer(services.message_text(&who, chat, message).await)
}

/// The models the member may chat with.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/fn", endpoint = "models/choices", input = server_fn::codec::Json)]
pub async fn load_models() -> Answer<Vec<ModelChoice>> {
    let (services, who) = context::signed_in()?;
    Ok(services.model_list(&who.caller()))
}
