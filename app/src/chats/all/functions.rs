//! Server functions of the table of chats.

use domain::ChatId;
use domain::chats::{ChatEntry, Page};
use leptos::prelude::*;

use crate::error::Answer;
#[cfg(feature = "ssr")]
use crate::{context, error::answer};

/// The member's chats with their figures, last changed first, from a cursor on; with a query only those
/// whose title holds every word of it.
///
/// # Errors
/// `Invalid` for a query longer than any title, or for a cursor that is none of ours.
#[server(prefix = "/fn", endpoint = "chats/survey", input = server_fn::codec::Json)]
pub async fn survey_chats(
    query: Option<String>,
    cursor: Option<String>,
) -> Answer<Page<ChatEntry>> {
    let (services, who) = context::signed_in()?;
    let (query, cursor) = (query.as_deref(), cursor.as_deref());
    answer(services.chat_survey(&who, query, cursor).await)
}

/// Deletes some chats with everything said in them. Their calls stay; what is not there any more is
/// passed over.
///
/// # Errors
/// `NotFound` when none of them is there and theirs, `Invalid` for more than may be asked at once.
#[server(prefix = "/fn", endpoint = "chats/delete_several", input = server_fn::codec::Json)]
pub async fn delete_chats(ids: Vec<ChatId>) -> Answer<()> {
    let (services, who) = context::signed_in()?;
    answer(services.chat_delete_several(&who, &ids).await)
}
