//! Reading calls, newest first, by keyset.

use domain::time::Times;
use domain::{CallId, ChatId, MemberId, MessageId, NanoUsd, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::{Attempt, Call, call};
use crate::convert::{maybe_word, money, word};
use crate::entities::{call_attempts, calls, message_calls};
use crate::{Result, Store};

/// Which calls. Ids grow with time, so the id alone is the cursor.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// Only this member's.
    pub member_id: Option<MemberId>,
    /// Only calls with these ids.
    pub ids: Option<Vec<CallId>>,
    /// Only those of this model, to the letter.
    pub model: Option<String>,
    /// Only those admitted in this time.
    pub times: Times,
}

/// Where a page starts: only calls before this one.
pub type CallCursor = Option<CallId>;

impl Store {
    /// Calls, newest first.
    pub async fn call_list(
        &self,
        filter: &CallFilter,
        before: CallCursor,
        most: u64,
    ) -> Result<Vec<Call>> {
        let page = filtered(filter, before)
            .order_by_desc(calls::Column::Id)
            .limit(most);
        // The index of a model's calls names their members too: found in it alone, those of others are
        // passed over without reading their rows.
        let page = if filter.model.is_some() {
            let ids = page.select_only().column(calls::Column::Id).into_query();
            calls::Entity::find()
                .filter(calls::Column::Id.in_subquery(ids))
                .order_by_desc(calls::Column::Id)
        } else {
            page
        };
        page.all(self.reader())
            .await?
            .into_iter()
            .map(call)
            .collect()
    }

    /// The providers tried for a call, in order.
    pub async fn call_attempt_list(&self, id: CallId) -> Result<Vec<Attempt>> {
        let rows = call_attempts::Entity::find()
            .filter(call_attempts::Column::CallId.eq(id.0))
            .order_by_asc(call_attempts::Column::Number)
            .all(self.reader())
            .await?;
        rows.iter().map(attempt).collect()
    }

    /// The calls that made some messages.
    pub async fn message_call_list(&self, ids: &[MessageId]) -> Result<Vec<(MessageId, CallId)>> {
        let rows = message_calls::Entity::find()
            .filter(message_calls::Column::MessageId.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(message_calls::Column::CallId)
            .all(self.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (MessageId(row.message_id), CallId(row.call_id)))
            .collect())
    }

    /// What the calls of a chat have cost, and how many of them have no price.
    pub async fn chat_cost(&self, chat: ChatId) -> Result<(NanoUsd, i64)> {
        let ids: Vec<uuid::Uuid> = message_calls::Entity::find()
            .select_only()
            .column(message_calls::Column::CallId)
            .filter(message_calls::Column::ChatId.eq(chat.0))
            .into_tuple()
            .all(self.reader())
            .await?;
        let mut cost = NanoUsd::ZERO;
        let mut unpriced = 0;
        for chunk in ids.chunks(5_000) {
            let costs: Vec<(Option<i64>, String)> = calls::Entity::find()
                .select_only()
                .column(calls::Column::ChargeNanoUsd)
                .column(calls::Column::PriceState)
                .filter(calls::Column::Id.is_in(chunk.iter().copied()))
                .filter(calls::Column::State.ne("open"))
                .into_tuple()
                .all(self.reader())
                .await?;
            for (charge, price_state) in costs {
                cost = cost.saturating_add(NanoUsd(charge.unwrap_or(0)));
                unpriced += i64::from(price_state == "unpriced");
            }
        }
        Ok((cost, unpriced))
    }
}

/// The calls that fit a filter, before one of them.
fn filtered(filter: &CallFilter, before: CallCursor) -> Select<calls::Entity> {
    let mut query = calls::Entity::find();
    if let Some(member) = filter.member_id {
        query = query.filter(calls::Column::MemberId.eq(member.0));
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(calls::Column::Id.is_in(ids.iter().map(|id| id.0)));
    }
    if let Some(model) = &filter.model {
        query = query.filter(calls::Column::Model.eq(model.as_str()));
    }
    // An id begins with the instant its call was admitted at.
    if let Some(from) = filter.times.from {
        query = query.filter(calls::Column::Id.gte(first_id(from)));
    }
    if let Some(until) = filter.times.until {
        query = query.filter(calls::Column::Id.lt(first_id(until)));
    }
    if let Some(before) = before {
        query = query.filter(calls::Column::Id.lt(before.0));
    }
    query
}

/// The smallest id that can be made at an instant.
fn first_id(at: Timestamp) -> uuid::Uuid {
    let ms = u128::try_from(at.0.clamp(0, (1 << 48) - 1)).unwrap_or(0);
    uuid::Uuid::from_u128(ms << 80)
}

pub(super) fn attempt(row: &call_attempts::Model) -> Result<Attempt> {
    Ok(Attempt {
        connection_id: domain::ConnectionId(row.connection_id),
        price_id: row.price_id.map(domain::PriceId),
        outcome: word("call_attempts", "outcome", &row.outcome)?,
        usage: domain::Usage {
            input: row.input,
            cached_input: row.cached_input,
            cache_write: row.cache_write,
            cache_write_1h: row.cache_write_1h,
            output: row.output,
            reasoning: row.reasoning,
            searches: row.searches,
            requests: row.requests,
        },
        usage_source: maybe_word("call_attempts", "usage_source", row.usage_source.as_deref())?,
        cost: money(row.cost_nano_usd),
        reported_cost: money(row.reported_cost_nano_usd),
    })
}
