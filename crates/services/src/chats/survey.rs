//! All of a member's chats in one table, and deleting several of them.

use domain::chats::{ChatEntry, DELETED_MOST, Page};
use domain::people::Fault;
use domain::{AppError, ChatId};

use crate::access::SignedIn;
use crate::{Error, Result, Services};

impl Services {
    /// The member's chats with their figures, last changed first, from a cursor on; with a query only
    /// those that [`Self::chat_search`] finds.
    ///
    /// # Errors
    /// A query longer than any title, or a cursor that is none of ours.
    pub async fn chat_survey(
        &self,
        who: &SignedIn,
        query: Option<&str>,
        cursor: Option<&str>,
    ) -> Result<Page<ChatEntry>> {
        let Page { rows, next } = match query {
            Some(query) => self.chat_search(who, query, cursor).await?,
            None => self.chat_list(who, cursor).await?,
        };
        let ids: Vec<ChatId> = rows.iter().map(|row| row.id).collect();
        let figures = self.store().chat_figures(who.member_id, &ids).await?;
        // One that was deleted between the two looks is left out.
        let rows = rows.into_iter().filter_map(|row| {
            let figures = figures.get(&row.id)?;
            Some(ChatEntry {
                row,
                created_at: figures.created_at,
                messages: figures.messages,
                cost: figures.cost,
                unpriced_calls: figures.unpriced_calls,
            })
        });
        Ok(Page {
            rows: rows.collect(),
            next,
        })
    }

    /// Deletes some chats, one after the other, each as [`Self::chat_delete`] does it. One that is not
    /// there any more is passed over.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when none of them is there and theirs; more than [`DELETED_MOST`].
    pub async fn chat_delete_several(&self, who: &SignedIn, ids: &[ChatId]) -> Result<()> {
        if ids.len() > DELETED_MOST {
            return Err(Error::invalid("ids", Fault::TooLong));
        }
        let mut found = false;
        for id in ids {
            match self.chat_delete(who, *id).await {
                Ok(()) => found = true,
                Err(Error::Known(AppError::NotFound)) => {}
                Err(error) => return Err(error),
            }
        }
        if found {
            Ok(())
        } else {
            Err(AppError::NotFound.into())
        }
    }
}
