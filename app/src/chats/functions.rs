//! Server functions of chats.

use domain::chats::{ChatRow, ChatView, Page, Started};
use domain::{ChatId, MessageId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// One page of the history, with the server's clock, by which the days are told apart: a clock of
/// the browser's own would draw another first picture than the server's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatList {
    /// The chats.
    pub page: Page<ChatRow>,
    /// When the list was made.
    pub now: Timestamp,
}

/// The member's chats, last changed first, from a cursor on.
///
/// # Errors
/// A cursor that is none of ours.
#[server(prefix = "/fn", endpoint = "chats/list", input = server_fn::codec::Json)]
pub async fn list_chats(cursor: Option<String>) -> Answer<ChatList> {
    let (services, who) = context::signed_in()?;
    let page = answer(services.chat_list(&who, cursor.as_deref()).await)?;
    let now = services.runtime().now();
    Ok(ChatList { page, now })
}

/// The member's chats whose title holds every word of a query, last changed first, from a cursor on.
///
/// # Errors
/// `Invalid` for a query longer than any title, or for a cursor that is none of ours.
#[server(prefix = "/fn", endpoint = "chats/search", input = server_fn::codec::Json)]
pub async fn search_chats(query: String, cursor: Option<String>) -> Answer<ChatList> {
    let (services, who) = context::signed_in()?;
    let page = answer(services.chat_search(&who, &query, cursor.as_deref()).await)?;
    let now = services.runtime().now();
    Ok(ChatList { page, now })
}

/// Which of the chats that a device keeps are still there and theirs. The service worker asks.
///
/// # Errors
/// `Invalid` for more of them than a device keeps.
#[server(prefix = "/fn", endpoint = "chats/there", input = server_fn::codec::Json)]
pub async fn list_chats_there(ids: Vec<ChatId>) -> Answer<Vec<ChatId>> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_list_there(&who, &ids).await)
}

/// A chat with the end of its shown branch, or the page before a message of it.
///
/// # Errors
/// `NotFound` also when the chat belongs to someone else.
#[server(prefix = "/fn", endpoint = "chats/open", input = server_fn::codec::Json)]
pub async fn load_chat(id: ChatId, before: Option<MessageId>) -> Answer<ChatView> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_open(&who, id, before).await)
}

/// Gives a chat another title.
///
/// # Errors
/// `NotFound`, or a title that is empty or too long.
#[server(prefix = "/fn", endpoint = "chats/rename", input = server_fn::codec::Json)]
pub async fn rename_chat(id: ChatId, title: String) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_rename(&who, id, &title).await)
}

/// Deletes a chat with everything said in it. Its calls stay.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/fn", endpoint = "chats/delete", input = server_fn::codec::Json)]
pub async fn delete_chat(id: ChatId) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_delete(&who, id).await)
}

/// Sends a message and starts its reply; without a chat it starts one.
///
/// # Errors
/// An empty or endless text, a chat that is not theirs, or a reply that still runs.
#[server(prefix = "/fn", endpoint = "chats/send", input = server_fn::codec::Json)]
pub async fn send_message(message: domain::chats::SendMessage) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(services.message_send(&who, &message).await)
}

/// Asks again with a changed text: a branch beside the first one.
///
/// # Errors
/// As [`send_message`].
#[server(prefix = "/fn", endpoint = "chats/edit", input = server_fn::codec::Json)]
pub async fn edit_message(
    chat_id: ChatId,
    id: MessageId,
    text: String,
    model: String,
) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(
        services
            .message_edit(&who, chat_id, id, &text, &model)
            .await,
    )
}

/// Writes another reply to the same message.
///
/// # Errors
/// A reply that is not theirs, or one that still runs.
#[server(prefix = "/fn", endpoint = "chats/regenerate", input = server_fn::codec::Json)]
pub async fn regenerate_reply(chat_id: ChatId, id: MessageId, model: String) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(services.reply_again(&who, chat_id, id, &model).await)
}

/// Goes on with a reply that ended early.
///
/// # Errors
/// A reply that is not theirs, is whole, or still runs.
#[server(prefix = "/fn", endpoint = "chats/continue", input = server_fn::codec::Json)]
pub async fn continue_reply(chat_id: ChatId, id: MessageId, model: String) -> Answer<Started> {
    let (services, who) = context::signed_in()?;
    answer(services.reply_continue(&who, chat_id, id, &model).await)
}

/// Stops a running reply; what is there stays.
///
/// # Errors
/// `NotFound` when it is not theirs or does not run.
#[server(prefix = "/fn", endpoint = "chats/stop", input = server_fn::codec::Json)]
pub async fn stop_reply(id: MessageId) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    // Stopping is a word to the writer; every server function is async all the same.
    std::future::ready(answer(services.reply_stop(&who, id))).await
}

/// Shows the newest branch through a message.
///
/// # Errors
/// `NotFound` also when the chat belongs to someone else.
#[server(prefix = "/fn", endpoint = "chats/branch", input = server_fn::codec::Json)]
pub async fn show_branch(chat_id: ChatId, id: MessageId) -> Answer<ChatView> {
    let (services, who) = context::signed_in()?;
    answer(services.branch_show(&who, chat_id, id).await)
}

/// The Markdown of one message, for copying and editing.
///
/// # Errors
/// `NotFound` also when the chat belongs to someone else.
#[server(prefix = "/fn", endpoint = "chats/text", input = server_fn::codec::Json)]
pub async fn load_text(chat_id: ChatId, id: MessageId) -> Answer<String> {
    let (services, who) = context::signed_in()?;
    answer(services.message_text(&who, chat_id, id).await)
}
