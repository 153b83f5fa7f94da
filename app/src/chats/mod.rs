//! Conversations.
//!
//! [`OpenChat`](open::OpenChat) is what a tab knows of the chat it shows. It outlives the page, so
//! that a new chat moves to its own address without losing a token, and everything else reads and
//! changes it: the page loads into it, commands act on it, the live connection keeps it current.

mod acts;
mod all;
mod batches;
mod blocks;
mod branch;
mod commands;
mod composer;
mod conversation;
mod drafts;
mod edit;
mod figures;
mod follow;
mod functions;
mod given;
mod head;
mod hear;
mod held;
mod history;
mod history_item;
mod history_list;
mod history_search;
#[cfg(feature = "hydrate")]
mod kept;
mod last;
mod line;
mod live;
mod message;
mod message_actions;
mod note;
mod open;
mod page;
mod pastes;
mod picker;
mod picker_list;
mod preferred;
mod price;
mod rename;
mod reply;
mod sent;
mod shelf;
mod start;
mod thread;
mod tools;
mod writing;

pub(crate) use acts::ChatAct;
pub use all::{HistoryPage, delete_chats, survey_chats};
pub(crate) use composer::bring_keyboard_back;
pub(crate) use drafts::forget_drafts;
pub use functions::{
    ChatList, continue_reply, delete_chat, edit_message, list_chats, load_chat, load_text,
    regenerate_reply, rename_chat, search_chats, send_message, show_branch, stop_reply,
};
pub use given::DRAFT;
pub use history::History;
pub use history_list::{ChatDialogs, HistoryList};
pub use live::Live;
pub(crate) use open::OpenChat;
pub use page::ChatPage;
pub(crate) use tools::ChatTools;
