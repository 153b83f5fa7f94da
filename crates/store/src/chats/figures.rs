//! What chats hold and what they have cost. Counted in indexes: what was said is not read.

use std::collections::HashMap;

use domain::calls::CallState;
use domain::prices::PriceState;
use domain::{ChatId, MemberId, NanoUsd, Timestamp};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::entities::{calls, chats, message_calls, messages};
use crate::{Result, Store};

/// The figures of a chat, all its branches included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatFigures {
    /// When it was made.
    pub created_at: Timestamp,
    /// Messages of both sides.
    pub messages: i64,
    /// What its calls have cost.
    pub cost: NanoUsd,
    /// Calls that could not be priced.
    pub unpriced_calls: i64,
}

impl Store {
    /// The figures of those of some chats that are a member's.
    pub async fn chat_figures(
        &self,
        owner: MemberId,
        ids: &[ChatId],
    ) -> Result<HashMap<ChatId, ChatFigures>> {
        let made: Vec<(Uuid, i64)> = chats::Entity::find()
            .select_only()
            .column(chats::Column::Id)
            .column(chats::Column::CreatedAt)
            .filter(chats::Column::MemberId.eq(owner.0))
            .filter(chats::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(self.reader())
            .await?;
        let own: Vec<Uuid> = made.iter().map(|(id, _)| *id).collect();
        if own.is_empty() {
            return Ok(HashMap::new());
        }
        let said = self.messages_in(&own).await?;
        let spent = self.cost_of(&own).await?;
        let figures = made.into_iter().map(|(id, created_at)| {
            let (cost, unpriced_calls) = spent.get(&id).copied().unwrap_or_default();
            let figures = ChatFigures {
                created_at: Timestamp(created_at),
                messages: said.get(&id).copied().unwrap_or_default(),
                cost: NanoUsd(cost),
                unpriced_calls,
            };
            (ChatId(id), figures)
        });
        Ok(figures.collect())
    }

    async fn messages_in(&self, chats: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
        let counts: Vec<(Uuid, i64)> = messages::Entity::find()
            .select_only()
            .column(messages::Column::ChatId)
            .column_as(messages::Column::Id.count(), "messages")
            .filter(messages::Column::ChatId.is_in(chats.iter().copied()))
            .group_by(messages::Column::ChatId)
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(counts.into_iter().collect())
    }

    /// As [`Store::chat_cost`] has it for one chat.
    async fn cost_of(&self, chats: &[Uuid]) -> Result<HashMap<Uuid, (i64, i64)>> {
        // PostgreSQL sums whole numbers into decimals.
        let sum = |of: Expr| of.sum().cast_as(Alias::new("bigint"));
        let unpriced = Expr::case(
            calls::Column::PriceState.eq(PriceState::Unpriced.word()),
            1i64,
        )
        .finally(0i64);
        let charge = Expr::col((calls::Entity, calls::Column::ChargeNanoUsd));
        let sums: Vec<(Uuid, Option<i64>, Option<i64>)> = message_calls::Entity::find()
            .select_only()
            .column(message_calls::Column::ChatId)
            .column_as(sum(charge), "cost")
            .column_as(sum(unpriced.into()), "unpriced_calls")
            .join(
                JoinType::InnerJoin,
                message_calls::Entity::belongs_to(calls::Entity)
                    .from(message_calls::Column::CallId)
                    .to(calls::Column::Id)
                    .into(),
            )
            .filter(message_calls::Column::ChatId.is_in(chats.iter().copied()))
            .filter(calls::Column::State.ne(CallState::Open.word()))
            .group_by(message_calls::Column::ChatId)
            .into_tuple()
            .all(self.reader())
            .await?;
        let sums = sums.into_iter().map(|(chat, cost, unpriced)| {
            (
                chat,
                (cost.unwrap_or_default(), unpriced.unwrap_or_default()),
            )
        });
        Ok(sums.collect())
    }
}
