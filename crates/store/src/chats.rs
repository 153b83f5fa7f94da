//! Conversations. Every query carries their owner.

use domain::{ChatId, MemberId, MessageId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entities::{chats, message_calls, messages, reply_events};
use crate::{Result, Store, WriteTx};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Id.
    pub id: ChatId,
    /// Whose.
    pub member_id: MemberId,
    /// Title; `None` until it has one.
    pub title: Option<String>,
    /// End of the branch that is shown.
    pub active_leaf_id: Option<MessageId>,
    /// The model of its last reply.
    pub model: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl From<chats::Model> for Chat {
    fn from(row: chats::Model) -> Self {
        Self {
            id: ChatId(row.id),
            member_id: MemberId(row.member_id),
            title: row.title,
            active_leaf_id: row.active_leaf_id.map(MessageId),
            model: row.model,
            created_at: Timestamp(row.created_at),
            updated_at: Timestamp(row.updated_at),
        }
    }
}

impl Store {
    /// A member's chat.
    pub async fn chat_find(&self, owner: MemberId, id: ChatId) -> Result<Option<Chat>> {
        let row = chats::Entity::find_by_id(id.0)
            .filter(chats::Column::MemberId.eq(owner.0))
            .one(self.reader())
            .await?;
        Ok(row.map(Chat::from))
    }

    /// A member's chats, last changed first, after a given one.
    pub async fn chat_list(
        &self,
        owner: MemberId,
        after: Option<(Timestamp, ChatId)>,
        most: u64,
    ) -> Result<Vec<Chat>> {
        use chats::Column::{Id, MemberId as Owner, UpdatedAt};
        let mut query = chats::Entity::find()
            .filter(Owner.eq(owner.0))
            .order_by_desc(UpdatedAt)
            .order_by_desc(Id)
            .limit(most);
        if let Some((updated_at, id)) = after {
            query = query.filter(
                Condition::any().add(UpdatedAt.lt(updated_at.0)).add(
                    Condition::all()
                        .add(UpdatedAt.eq(updated_at.0))
                        .add(Id.lt(id.0)),
                ),
            );
        }
        Ok(query
            .all(self.reader())
            .await?
            .into_iter()
            .map(Chat::from)
            .collect())
    }
}

impl WriteTx {
    /// Adds a chat.
    pub async fn chat_create(&self, chat: &Chat) -> Result<()> {
        let row = chats::ActiveModel {
            id: Set(chat.id.0),
            member_id: Set(chat.member_id.0),
            title: Set(chat.title.clone()),
            active_leaf_id: Set(chat.active_leaf_id.map(|id| id.0)),
            model: Set(chat.model.clone()),
            created_at: Set(chat.created_at.0),
            updated_at: Set(chat.updated_at.0),
        };
        chats::Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Sets the title; false when the chat is not theirs or not there.
    pub async fn chat_set_title(&self, owner: MemberId, id: ChatId, title: &str) -> Result<bool> {
        let done = chats::Entity::update_many()
            .col_expr(chats::Column::Title, Expr::value(title))
            .filter(chats::Column::Id.eq(id.0))
            .filter(chats::Column::MemberId.eq(owner.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Sets a title only where there is none yet: a made title never replaces a person's.
    pub async fn chat_set_first_title(&self, id: ChatId, title: &str) -> Result<bool> {
        let done = chats::Entity::update_many()
            .col_expr(chats::Column::Title, Expr::value(title))
            .filter(chats::Column::Id.eq(id.0))
            .filter(chats::Column::Title.is_null())
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Moves the shown branch, and the chat to the top of the list where `now` is given.
    pub async fn chat_set_leaf(
        &self,
        id: ChatId,
        leaf: MessageId,
        model: Option<&str>,
        now: Option<Timestamp>,
    ) -> Result<()> {
        let mut query = chats::Entity::update_many()
            .col_expr(chats::Column::ActiveLeafId, Expr::value(leaf.0))
            .filter(Expr::col(chats::Column::Id).eq(id.0));
        if let Some(model) = model {
            query = query.col_expr(chats::Column::Model, Expr::value(model));
        }
        if let Some(now) = now {
            query = query.col_expr(chats::Column::UpdatedAt, Expr::value(now.0));
        }
        query.exec(&self.tx).await?;
        Ok(())
    }

    /// Deletes a chat with everything said in it. Its calls stay.
    pub async fn chat_delete(&self, owner: MemberId, id: ChatId) -> Result<bool> {
        let done = chats::Entity::delete_many()
            .filter(chats::Column::Id.eq(id.0))
            .filter(chats::Column::MemberId.eq(owner.0))
            .exec(&self.tx)
            .await?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        let theirs = sea_orm::sea_query::Query::select()
            .column(messages::Column::Id)
            .from(messages::Entity)
            .and_where(messages::Column::ChatId.eq(id.0))
            .to_owned();
        reply_events::Entity::delete_many()
            .filter(reply_events::Column::MessageId.in_subquery(theirs))
            .exec(&self.tx)
            .await?;
        message_calls::Entity::delete_many()
            .filter(message_calls::Column::ChatId.eq(id.0))
            .exec(&self.tx)
            .await?;
        messages::Entity::delete_many()
            .filter(messages::Column::ChatId.eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(true)
    }
}
