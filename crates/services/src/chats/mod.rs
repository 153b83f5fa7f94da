//! Conversations: written, read, branched, continued and forgotten by their owner.

mod log;
mod orphans;
mod prompt;
mod reply;
mod send;
mod sendings;
mod survey;
mod title;
mod tree;
mod view;

pub(crate) use log::ReplyLog;
pub use orphans::ORPHAN_AFTER_MS;
pub(crate) use sendings::Sendings;

use domain::chats::{ChatRow, Page, TITLE_MOST_CHARS};
use domain::live::LiveEvent;
use domain::people::{Fault, parse_name};
use domain::time::HOUR_MS;
use domain::{AppError, ChatId, Timestamp};
use store::chats::Chat;

use crate::access::SignedIn;
use crate::{Error, Result, Services};

/// How long the log of a final reply is kept for readers that come back.
pub const LOG_KEPT_MS: i64 = HOUR_MS;
/// Several times what a device keeps, see `MOST_CHATS` of the service worker.
const KEPT_MOST: usize = 100;
/// Chats on one page of the history.
const CHATS_A_PAGE: u64 = 40;

impl Services {
    /// The member's chats, last changed first, from a cursor on.
    ///
    /// # Errors
    /// A cursor that is none of ours.
    pub async fn chat_list(&self, who: &SignedIn, cursor: Option<&str>) -> Result<Page<ChatRow>> {
        let after = cursor.map(read_cursor).transpose()?;
        let chats = self
            .store()
            .chat_list(who.member_id, after, CHATS_A_PAGE + 1)
            .await?;
        Ok(page(chats))
    }

    /// The member's chats whose title holds every word of a query, in the order of
    /// [`Self::chat_list`]. Nothing but blanks finds nothing.
    ///
    /// # Errors
    /// A query longer than any title, or a cursor that is none of ours.
    pub async fn chat_search(
        &self,
        who: &SignedIn,
        query: &str,
        cursor: Option<&str>,
    ) -> Result<Page<ChatRow>> {
        if query.chars().count() > TITLE_MOST_CHARS {
            return Err(Error::invalid("query", Fault::TooLong));
        }
        let after = cursor.map(read_cursor).transpose()?;
        // No title holds a control character, and PostgreSQL takes no zero byte.
        let words: Vec<&str> = query
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return Ok(page(Vec::new()));
        }
        let chats = self
            .store()
            .chat_search(who.member_id, &words, after, CHATS_A_PAGE + 1)
            .await?;
        Ok(page(chats))
    }

    /// Which of the chats that a device keeps are still there: what was deleted elsewhere goes there too.
    ///
    /// # Errors
    /// More chats than a device keeps.
    pub async fn chat_list_there(&self, who: &SignedIn, ids: &[ChatId]) -> Result<Vec<ChatId>> {
        if ids.len() > KEPT_MOST {
            return Err(Error::invalid("ids", Fault::TooLong));
        }
        Ok(self.store().chat_list_there(who.member_id, ids).await?)
    }

    /// Gives a chat another title.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a title that is empty or too long.
    pub async fn chat_rename(&self, who: &SignedIn, id: ChatId, title: &str) -> Result<()> {
        let title =
            parse_name(title, TITLE_MOST_CHARS).map_err(|fault| Error::invalid("title", fault))?;
        let tx = self.store().write().await?;
        if !tx.chat_set_title(who.member_id, id, &title).await? {
            return Err(AppError::NotFound.into());
        }
        tx.commit().await?;
        self.tell_chat(who.member_id, id).await
    }

    /// Deletes a chat with everything said in it. Its calls stay.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn chat_delete(&self, who: &SignedIn, id: ChatId) -> Result<()> {
        let tx = self.store().write().await?;
        if !tx.chat_delete(who.member_id, id).await? {
            return Err(AppError::NotFound.into());
        }
        tx.commit().await?;
        self.hub().stop_in(id);
        self.hub()
            .publish(who.member_id, LiveEvent::ChatDeleted { chat_id: id });
        Ok(())
    }

    /// Tells the member's tabs how a chat's row looks now.
    pub(crate) async fn tell_chat(&self, owner: domain::MemberId, id: ChatId) -> Result<()> {
        if let Some(chat) = self.store().chat_find(owner, id).await? {
            self.hub().publish(
                owner,
                LiveEvent::Chat {
                    row: chat_row(&chat),
                },
            );
        }
        Ok(())
    }

    /// A chat, if it is the member's.
    pub(crate) async fn own_chat(&self, who: &SignedIn, id: ChatId) -> Result<Chat> {
        Ok(self
            .store()
            .chat_find(who.member_id, id)
            .await?
            .ok_or(AppError::NotFound)?)
    }
}

pub(crate) fn chat_row(chat: &Chat) -> ChatRow {
    ChatRow {
        id: chat.id,
        title: chat.title.clone(),
        updated_at: chat.updated_at,
    }
}

/// A page of chats, of which one more than [`CHATS_A_PAGE`] was asked for.
fn page(mut chats: Vec<Chat>) -> Page<ChatRow> {
    let most = usize::try_from(CHATS_A_PAGE).unwrap_or(usize::MAX);
    let more = chats.len() > most;
    chats.truncate(most);
    let next = chats
        .last()
        .filter(|_| more)
        .map(|last| format!("{}.{}", last.updated_at.0, last.id));
    Page {
        rows: chats.iter().map(chat_row).collect(),
        next,
    }
}

fn read_cursor(text: &str) -> Result<(Timestamp, ChatId)> {
    let parsed = text
        .split_once('.')
        .and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse().ok()?)));
    parsed.ok_or_else(|| Error::invalid("cursor", Fault::Malformed))
}
