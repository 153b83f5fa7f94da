//! Messages of a chat, as a tree, and the log of replies that are being written.

use domain::messages::{Author, MessagePart, MessageState};
use domain::{CallId, ChatId, MessageId, Notice, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::convert::{json, to_json, word};
use crate::entities::{message_calls, messages, reply_events};
use crate::{Result, Store, WriteTx};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Its chat.
    pub chat_id: ChatId,
    /// What it follows; `None` for a first one.
    pub parent_id: Option<MessageId>,
    /// Distance from the first message.
    pub depth: i32,
    /// Who speaks.
    pub author: Author,
    /// Where it stands.
    pub state: MessageState,
    /// The model of a reply.
    pub model: Option<String>,
    /// What it is made of.
    pub parts: Vec<MessagePart>,
    /// Why it failed, or what was changed.
    pub notice: Option<Notice>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

fn message(row: messages::Model) -> Result<Message> {
    Ok(Message {
        id: MessageId(row.id),
        chat_id: ChatId(row.chat_id),
        parent_id: row.parent_id.map(MessageId),
        depth: row.depth,
        author: word("messages", "author", &row.author)?,
        state: word("messages", "state", &row.state)?,
        model: row.model,
        parts: json("messages", "parts", &row.parts)?,
        notice: row
            .notice
            .as_deref()
            .map(|text| json("messages", "notice", text))
            .transpose()?,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
    })
}

/// A place in the tree: enough to find a branch without reading what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The message.
    pub id: MessageId,
    /// What it follows.
    pub parent_id: Option<MessageId>,
}

impl Store {
    /// Every place of a chat's tree, oldest first.
    pub async fn message_places(&self, chat: ChatId) -> Result<Vec<Place>> {
        let rows: Vec<(uuid::Uuid, Option<uuid::Uuid>)> = messages::Entity::find()
            .select_only()
            .column(messages::Column::Id)
            .column(messages::Column::ParentId)
            .filter(messages::Column::ChatId.eq(chat.0))
            .order_by_asc(messages::Column::Id)
            .into_tuple()
            .all(self.reader())
            .await?;
        let place = |(id, parent): (uuid::Uuid, Option<uuid::Uuid>)| Place {
            id: MessageId(id),
            parent_id: parent.map(MessageId),
        };
        Ok(rows.into_iter().map(place).collect())
    }

    /// Some messages of a chat, oldest first.
    pub async fn message_list(&self, chat: ChatId, ids: &[MessageId]) -> Result<Vec<Message>> {
        let rows = messages::Entity::find()
            .filter(messages::Column::ChatId.eq(chat.0))
            .filter(messages::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(messages::Column::Depth)
            .order_by_asc(messages::Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(message).collect()
    }

    /// Who said what in some messages of a chat, in no order, without the rest of their rows.
    pub async fn message_list_said(
        &self,
        chat: ChatId,
        ids: &[MessageId],
    ) -> Result<Vec<(Author, Vec<MessagePart>)>> {
        let rows: Vec<(String, String)> = messages::Entity::find()
            .select_only()
            .column(messages::Column::Author)
            .column(messages::Column::Parts)
            .filter(messages::Column::ChatId.eq(chat.0))
            .filter(messages::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(self.reader())
            .await?;
        rows.iter()
            .map(|(author, parts)| {
                Ok((
                    word("messages", "author", author)?,
                    json("messages", "parts", parts)?,
                ))
            })
            .collect()
    }

    /// One message of a chat.
    pub async fn message_find(&self, chat: ChatId, id: MessageId) -> Result<Option<Message>> {
        Ok(self.message_list(chat, &[id]).await?.pop())
    }

    /// Replies that are being written according to the database, with the call that writes them.
    pub async fn message_list_streaming(&self) -> Result<Vec<(Message, Option<CallId>)>> {
        let rows = messages::Entity::find()
            .filter(messages::Column::State.eq(MessageState::Streaming.word()))
            .order_by_asc(messages::Column::Id)
            .all(self.reader())
            .await?;
        let links = message_calls::Entity::find()
            .filter(message_calls::Column::MessageId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(message_calls::Column::CallId)
            .all(self.reader())
            .await?;
        rows.into_iter()
            .map(|row| {
                let call = links.iter().rfind(|link| link.message_id == row.id);
                Ok((message(row)?, call.map(|link| CallId(link.call_id))))
            })
            .collect()
    }

    /// The logged pieces of a reply, in order.
    pub async fn reply_event_list(&self, id: MessageId) -> Result<Vec<Vec<MessagePart>>> {
        let rows = reply_events::Entity::find()
            .filter(reply_events::Column::MessageId.eq(id.0))
            .order_by_asc(reply_events::Column::Sequence)
            .all(self.reader())
            .await?;
        rows.into_iter()
            .map(|row| json("reply_events", "parts", &row.parts))
            .collect()
    }
}

/// One flush of a reply's log.
#[derive(Debug, Clone)]
pub struct ReplyFlush {
    /// The reply.
    pub message_id: MessageId,
    /// Its flush number, from 0.
    pub sequence: i32,
    /// What was added since the last one.
    pub parts: Vec<MessagePart>,
}

impl WriteTx {
    /// Adds messages.
    pub async fn message_create(&self, new: &[Message]) -> Result<()> {
        let rows = new.iter().map(|new| messages::ActiveModel {
            id: Set(new.id.0),
            chat_id: Set(new.chat_id.0),
            parent_id: Set(new.parent_id.map(|id| id.0)),
            depth: Set(new.depth),
            author: Set(new.author.word().to_owned()),
            state: Set(new.state.word().to_owned()),
            model: Set(new.model.clone()),
            parts: Set(to_json(&new.parts)),
            notice: Set(new.notice.as_ref().map(to_json)),
            created_at: Set(new.created_at.0),
            updated_at: Set(new.updated_at.0),
        });
        messages::Entity::insert_many(rows)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Ends a reply; false when it was ended before, or is gone.
    pub async fn message_finish(
        &self,
        id: MessageId,
        state: MessageState,
        parts: &[MessagePart],
        notice: Option<&Notice>,
        now: Timestamp,
    ) -> Result<bool> {
        use messages::Column;
        let done = messages::Entity::update_many()
            .col_expr(Column::State, Expr::value(state.word()))
            .col_expr(Column::Parts, Expr::value(to_json(&parts)))
            .col_expr(Column::Notice, Expr::value(notice.map(to_json)))
            .col_expr(Column::UpdatedAt, Expr::value(now.0))
            .filter(Expr::col(Column::Id).eq(id.0))
            .filter(Expr::col(Column::State).eq(MessageState::Streaming.word()))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Opens a final reply again, to be continued.
    pub async fn message_reopen(&self, id: MessageId, now: Timestamp) -> Result<()> {
        use messages::Column;
        messages::Entity::update_many()
            .col_expr(Column::State, Expr::value(MessageState::Streaming.word()))
            .col_expr(Column::Notice, Expr::value(None::<String>))
            .col_expr(Column::UpdatedAt, Expr::value(now.0))
            .filter(Expr::col(Column::Id).eq(id.0))
            .exec(&self.tx)
            .await?;
        // Its text is whole in the row: what the log has of it would be added twice.
        reply_events::Entity::delete_many()
            .filter(reply_events::Column::MessageId.eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Links a reply to a call that makes it.
    pub async fn message_call_create(
        &self,
        message: MessageId,
        call: CallId,
        chat: ChatId,
    ) -> Result<()> {
        let row = message_calls::ActiveModel {
            message_id: Set(message.0),
            call_id: Set(call.0),
            chat_id: Set(chat.0),
        };
        message_calls::Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Appends to the logs of replies, one statement for all. A flush that is there already is
    /// replaced: its commit arrived although its answer did not, and it is written again with what
    /// has come since.
    pub async fn reply_event_append(&self, flushes: &[ReplyFlush], now: Timestamp) -> Result<()> {
        if flushes.is_empty() {
            return Ok(());
        }
        let rows = flushes.iter().map(|flush| reply_events::ActiveModel {
            message_id: Set(flush.message_id.0),
            sequence: Set(flush.sequence),
            parts: Set(to_json(&flush.parts)),
            written_at: Set(now.0),
        });
        let again = OnConflict::columns([
            reply_events::Column::MessageId,
            reply_events::Column::Sequence,
        ])
        .update_columns([reply_events::Column::Parts, reply_events::Column::WrittenAt])
        .to_owned();
        reply_events::Entity::insert_many(rows)
            .on_conflict(again)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Removes logs that were last written before an instant and whose replies are final.
    pub async fn reply_event_delete_old(&self, before: Timestamp) -> Result<u64> {
        let running = sea_orm::sea_query::Query::select()
            .column(messages::Column::Id)
            .from(messages::Entity)
            .and_where(messages::Column::State.eq(MessageState::Streaming.word()))
            .to_owned();
        let done = reply_events::Entity::delete_many()
            .filter(reply_events::Column::WrittenAt.lt(before.0))
            .filter(reply_events::Column::MessageId.not_in_subquery(running))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected)
    }
}
