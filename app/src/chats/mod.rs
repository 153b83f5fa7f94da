//! Conversations.

mod history;
mod live;
mod page;

pub use history::{History, HistoryList};
pub use live::Live;
pub use page::ChatPage;
