//! Sums in 15-minute buckets, written with every settlement and rebuildable from the calls.

use std::collections::BTreeMap;

use domain::calls::{CallState, Door, UsageSource};
use domain::prices::PriceState;
use domain::{ConnectionId, KeyId, MemberId, NanoUsd, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait, Set, Statement};
use uuid::Uuid;

use crate::calls::Call;
use crate::convert::word;
use crate::entities::rollups::{ActiveModel, Column, Entity, Model};
use crate::{Engine, Result, Store, WriteTx};

/// What a rollup row counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RollupKey {
    /// Start of the 15 minutes.
    pub bucket: Timestamp,
    /// Member.
    pub member_id: MemberId,
    /// Key; nil for none.
    pub key_id: KeyId,
    /// Cost group; nil for the house.
    pub group_id: Uuid,
    /// Connection; nil when none was reached.
    pub connection_id: ConnectionId,
    /// Model.
    pub model: String,
    /// Door.
    pub door: Door,
    /// Who counted; `None` where nothing was used.
    pub usage_source: Option<UsageSource>,
    /// Whether a price was known.
    pub price_state: PriceState,
}

/// The sums of a rollup row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RollupSum {
    /// Calls.
    pub calls: i64,
    /// Calls that failed.
    pub failed_calls: i64,
    /// Prompt tokens.
    pub input: i64,
    /// Of those read from the cache.
    pub cached_input: i64,
    /// Of those written to the cache.
    pub cache_write: i64,
    /// Output tokens.
    pub output: i64,
    /// Of those reasoning.
    pub reasoning: i64,
    /// Searches.
    pub searches: i64,
    /// Requests the providers counted.
    pub requests: i64,
    /// What the providers take.
    pub cost: NanoUsd,
    /// What the members are charged.
    pub charge: NanoUsd,
}

impl RollupSum {
    /// The sum that takes this one back.
    #[must_use]
    fn negated(self) -> Self {
        Self {
            calls: -self.calls,
            failed_calls: -self.failed_calls,
            input: -self.input,
            cached_input: -self.cached_input,
            cache_write: -self.cache_write,
            output: -self.output,
            reasoning: -self.reasoning,
            searches: -self.searches,
            requests: -self.requests,
            cost: NanoUsd(-self.cost.0),
            charge: NanoUsd(-self.charge.0),
        }
    }

    fn add(&mut self, call: &Call) {
        let usage = &call.usage;
        let plus = |sum: &mut i64, more: Option<i64>| *sum = sum.saturating_add(more.unwrap_or(0));
        self.calls += 1;
        self.failed_calls += i64::from(call.state == CallState::Failed);
        plus(&mut self.input, usage.input);
        plus(&mut self.cached_input, usage.cached_input);
        plus(&mut self.cache_write, usage.cache_write);
        plus(&mut self.cache_write, usage.cache_write_1h);
        plus(&mut self.output, usage.output);
        plus(&mut self.reasoning, usage.reasoning);
        plus(&mut self.searches, usage.searches);
        plus(&mut self.requests, usage.requests);
        self.cost = self.cost.saturating_add(call.cost.unwrap_or_default());
        self.charge = self.charge.saturating_add(call.charge.unwrap_or_default());
    }
}

/// Sums settled calls by what their rollup rows count.
pub fn summed<'a>(calls: impl IntoIterator<Item = &'a Call>) -> BTreeMap<RollupKey, RollupSum> {
    let mut sums: BTreeMap<RollupKey, RollupSum> = BTreeMap::new();
    for call in calls {
        let key = RollupKey {
            bucket: call.admitted_at.rollup_bucket(),
            member_id: call.member_id,
            key_id: call.key_id,
            group_id: call.group_id,
            connection_id: call.connection_id,
            model: call.model.clone(),
            door: call.door,
            usage_source: call.usage_source,
            price_state: call.price_state,
        };
        sums.entry(key).or_default().add(call);
    }
    sums
}

pub(crate) const KEY: [Column; 9] = [
    Column::Bucket,
    Column::MemberId,
    Column::KeyId,
    Column::GroupId,
    Column::ConnectionId,
    Column::Model,
    Column::Door,
    Column::UsageSource,
    Column::PriceState,
];

pub(crate) const SUMS: [(Column, &str); 11] = [
    (Column::Calls, "excluded.calls"),
    (Column::FailedCalls, "excluded.failed_calls"),
    (Column::Input, "excluded.input"),
    (Column::CachedInput, "excluded.cached_input"),
    (Column::CacheWrite, "excluded.cache_write"),
    (Column::Output, "excluded.output"),
    (Column::Reasoning, "excluded.reasoning"),
    (Column::Searches, "excluded.searches"),
    (Column::Requests, "excluded.requests"),
    (Column::CostNanoUsd, "excluded.cost_nano_usd"),
    (Column::ChargeNanoUsd, "excluded.charge_nano_usd"),
];

impl WriteTx {
    /// Adds sums to their rows, one statement for all, in key order.
    pub async fn rollup_add(&self, sums: &BTreeMap<RollupKey, RollupSum>) -> Result<()> {
        self.run(adding(sums, self.engine)).await
    }
}

/// A row that is there grows by the new sums.
pub(crate) fn add_to() -> OnConflict {
    let mut add = OnConflict::columns(KEY);
    for (column, excluded) in SUMS {
        add.value(
            column,
            Expr::col((Entity, column)).add(Expr::cust(excluded)),
        );
    }
    add
}

pub(crate) fn active_rollup((key, sum): (&RollupKey, &RollupSum)) -> ActiveModel {
    ActiveModel {
        bucket: Set(key.bucket.0),
        member_id: Set(key.member_id.0),
        key_id: Set(key.key_id.0),
        group_id: Set(key.group_id),
        connection_id: Set(key.connection_id.0),
        model: Set(key.model.clone()),
        door: Set(key.door.word().to_owned()),
        usage_source: Set(key
            .usage_source
            .map_or("none", UsageSource::word)
            .to_owned()),
        price_state: Set(key.price_state.word().to_owned()),
        calls: Set(sum.calls),
        failed_calls: Set(sum.failed_calls),
        input: Set(sum.input),
        cached_input: Set(sum.cached_input),
        cache_write: Set(sum.cache_write),
        output: Set(sum.output),
        reasoning: Set(sum.reasoning),
        searches: Set(sum.searches),
        requests: Set(sum.requests),
        cost_nano_usd: Set(sum.cost.0),
        charge_nano_usd: Set(sum.charge.0),
    }
}

/// Adds sums to their rows.
fn adding(sums: &BTreeMap<RollupKey, RollupSum>, engine: Engine) -> Vec<Statement> {
    if sums.is_empty() {
        return Vec::new();
    }
    let rows = sums.iter().map(active_rollup);
    vec![
        Entity::insert_many(rows)
            .on_conflict(add_to())
            .build(engine.backend()),
    ]
}

impl WriteTx {
    /// Takes sums back, for calls whose figures are corrected; rows that count nothing any more go.
    pub async fn rollup_take_back(&self, sums: &BTreeMap<RollupKey, RollupSum>) -> Result<()> {
        let taken = sums
            .iter()
            .map(|(key, sum)| (key.clone(), sum.negated()))
            .collect();
        self.rollup_add(&taken).await?;
        Entity::delete_many()
            .filter(Column::Bucket.is_in(sums.keys().map(|key| key.bucket.0)))
            .filter(Column::Calls.eq(0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Rollup rows of a time, in key order.
    pub async fn rollup_list(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(RollupKey, RollupSum)>> {
        let mut query = Entity::find()
            .filter(Column::Bucket.gte(from.0))
            .filter(Column::Bucket.lt(to.0));
        for column in KEY {
            query = query.order_by_asc(column);
        }
        query
            .all(self.reader())
            .await?
            .into_iter()
            .map(rollup)
            .collect()
    }
}

fn rollup(row: Model) -> Result<(RollupKey, RollupSum)> {
    let price_state: PriceState = word("rollups", "price_state", &row.price_state)?;
    let usage_source = match row.usage_source.as_str() {
        "none" => None,
        counted => Some(word("rollups", "usage_source", counted)?),
    };
    let key = RollupKey {
        bucket: Timestamp(row.bucket),
        member_id: MemberId(row.member_id),
        key_id: KeyId(row.key_id),
        group_id: row.group_id,
        connection_id: ConnectionId(row.connection_id),
        model: row.model,
        door: word("rollups", "door", &row.door)?,
        usage_source,
        price_state,
    };
    let sum = RollupSum {
        calls: row.calls,
        failed_calls: row.failed_calls,
        input: row.input,
        cached_input: row.cached_input,
        cache_write: row.cache_write,
        output: row.output,
        reasoning: row.reasoning,
        searches: row.searches,
        requests: row.requests,
        cost: NanoUsd(row.cost_nano_usd),
        charge: NanoUsd(row.charge_nano_usd),
    };
    Ok((key, sum))
}
