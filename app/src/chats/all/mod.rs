//! All chats in one table: looked for by their titles, renamed, and deleted, several at once too.

mod address;
mod chosen;
mod functions;
mod list;
mod listing;
mod page;
mod row;
mod search;

pub use functions::{delete_chats, survey_chats};
pub use page::HistoryPage;
