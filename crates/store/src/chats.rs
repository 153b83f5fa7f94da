//! Conversations. Every query carries their owner.

mod figures;

pub use figures::ChatFigures;

use domain::{ChatId, MemberId, MessageId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};

use crate::entities::{chats, message_calls, messages, reply_events};
use crate::{Result, Store, WriteTx};

/// Stands before a wildcard that is meant as it is written. No backslash: engines disagree on how
/// one is written in a statement.
const ESCAPE: char = '!';

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

    /// Which of some chats are there and a member's, in no order.
    pub async fn chat_list_there(&self, owner: MemberId, ids: &[ChatId]) -> Result<Vec<ChatId>> {
        let found: Vec<uuid::Uuid> = chats::Entity::find()
            .select_only()
            .column(chats::Column::Id)
            .filter(chats::Column::MemberId.eq(owner.0))
            .filter(chats::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(found.into_iter().map(ChatId).collect())
    }

    /// A member's chats, last changed first, after a given one.
    pub async fn chat_list(
        &self,
        owner: MemberId,
        after: Option<(Timestamp, ChatId)>,
        most: u64,
    ) -> Result<Vec<Chat>> {
        let rows = listed(owner, after, most).all(self.reader()).await?;
        Ok(rows.into_iter().map(Chat::from).collect())
    }

    /// A member's chats whose title holds each of some words, in the order of [`Self::chat_list`].
    pub async fn chat_search(
        &self,
        owner: MemberId,
        words: &[&str],
        after: Option<(Timestamp, ChatId)>,
        most: u64,
    ) -> Result<Vec<Chat>> {
        let mut query = listed(owner, after, most);
        for word in words {
            query = query.filter(title_holds(word));
        }
        let rows = query.all(self.reader()).await?;
        Ok(rows.into_iter().map(Chat::from).collect())
    }
}

/// A member's chats, last changed first, after a given one.
fn listed(owner: MemberId, after: Option<(Timestamp, ChatId)>, most: u64) -> Select<chats::Entity> {
    use chats::Column::{Id, MemberId as Owner, UpdatedAt};
    let query = chats::Entity::find()
        .filter(Owner.eq(owner.0))
        .order_by_desc(UpdatedAt)
        .order_by_desc(Id)
        .limit(most);
    let Some((updated_at, id)) = after else {
        return query;
    };
    query.filter(
        Condition::any().add(UpdatedAt.lt(updated_at.0)).add(
            Condition::all()
                .add(UpdatedAt.eq(updated_at.0))
                .add(Id.lt(id.0)),
        ),
    )
}

/// Whether a title holds a word, in any case. SQLite folds the letters of ASCII alone, so the word
/// counts as it was written as well.
fn title_holds(word: &str) -> Condition {
    let title = || Expr::col(chats::Column::Title);
    Condition::any()
        .add(Expr::from(Func::lower(title())).like(anywhere(&word.to_lowercase())))
        .add(title().like(anywhere(word)))
}

/// A pattern that finds a text anywhere. What is a wildcard in a pattern is none in the text.
fn anywhere(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(text))).escape(ESCAPE)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '%' | '_' | ESCAPE) {
            escaped.push(ESCAPE);
        }
        escaped.push(char);
    }
    escaped
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn wildcards_of_a_searched_text_are_letters() {
        assert_eq!(escaped("50%_off!"), "50!%!_off!!");
        assert_eq!(escaped("예산"), "예산");
    }

    #[tokio::test]
    async fn every_word_must_be_in_the_title_of_an_own_chat() {
        let folder = tempfile::tempdir().unwrap();
        let options = crate::OpenOptions {
            url: None,
            data_dir: folder.path().to_owned(),
            server: true,
        };
        let store = Store::open(&options).await.unwrap();
        let (ann, bob) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        let titles = [
            (ann, Some("Budget for May")),
            (ann, Some("예산을 100% 쓰기")),
            (ann, None),
            (bob, Some("Budget of Bob")),
            (ann, Some("may_be a BUDGET")),
        ];
        let tx = store.write().await.unwrap();
        for (number, (owner, title)) in (1..).zip(titles) {
            let chat = Chat {
                id: ChatId(Uuid::from_u128(number)),
                member_id: owner,
                title: title.map(str::to_owned),
                active_leaf_id: None,
                model: None,
                created_at: Timestamp(0),
                updated_at: Timestamp(7),
            };
            tx.chat_create(&chat).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = async |words: &[&str], after| {
            let found = store.chat_search(ann, words, after, 50).await.unwrap();
            let ids = found.into_iter().map(|chat| chat.id.0.as_u128());
            ids.collect::<Vec<u128>>()
        };
        assert_eq!(found(&["budget", "May"], None).await, [5, 1]);
        assert_eq!(found(&["예산"], None).await, [2]);
        assert_eq!(found(&["100%"], None).await, [2]);
        assert_eq!(found(&["_"], None).await, [5]);
        assert_eq!(found(&["%", "budget"], None).await, [] as [u128; 0]);
        let after = Some((Timestamp(7), ChatId(Uuid::from_u128(5))));
        assert_eq!(found(&["budget"], after).await, [1]);
    }
}
