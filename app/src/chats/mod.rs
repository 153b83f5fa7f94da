//! Conversations: the list in the sidebar, the page, and the tab's one live connection.

mod actions;
mod blocks;
mod composer;
mod conversation;
mod functions;
mod history;
mod live;
mod message;
mod note;
mod page;
mod picker;
mod rename;
mod scroll;

pub use history::{History, HistoryList};
pub use live::Live;
pub use page::ChatPage;
