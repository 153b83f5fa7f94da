//! Settling calls, once each, and correcting those that were settled from an estimate.

use std::collections::HashMap;

use domain::CallId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set, Statement,
};

use super::list::attempt;
use super::{Attempt, Call, SettledCall, active_call, call};
use crate::entities::{call_attempts, calls, open_calls};
use crate::{Engine, Result, WriteTx};

/// What is only known at the end of a call.
pub(crate) const FINAL_COLUMNS: [calls::Column; 18] = [
    calls::Column::ConnectionId,
    calls::Column::State,
    calls::Column::Outcome,
    calls::Column::Input,
    calls::Column::CachedInput,
    calls::Column::CacheWrite,
    calls::Column::CacheWrite1h,
    calls::Column::Output,
    calls::Column::Reasoning,
    calls::Column::Searches,
    calls::Column::Requests,
    calls::Column::UsageSource,
    calls::Column::PriceState,
    calls::Column::CostNanoUsd,
    calls::Column::ChargeNanoUsd,
    calls::Column::Overrun,
    calls::Column::FirstTokenMs,
    calls::Column::DurationMs,
];

impl WriteTx {
    /// Settles calls that [`WriteTx::open_call_lock`] found open: final rows, attempts, and the end
    /// of their open state, three statements for all.
    pub async fn calls_settle(&self, batch: &[SettledCall]) -> Result<()> {
        self.run(settling(batch, self.engine)).await
    }

    /// Calls that are settled already, locked, each with the attempts booked for it.
    pub async fn call_lock_settled(
        &self,
        ids: &[CallId],
    ) -> Result<HashMap<CallId, (Call, Vec<Attempt>)>> {
        let mut query = calls::Entity::find()
            .filter(calls::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(calls::Column::State.ne("open"))
            .order_by_asc(calls::Column::Id);
        if self.engine == Engine::Postgres {
            query = query.lock_exclusive();
        }
        let mut found = HashMap::new();
        for row in query.all(&self.tx).await? {
            found.insert(CallId(row.id), (call(row)?, Vec::new()));
        }
        let booked = call_attempts::Entity::find()
            .filter(call_attempts::Column::CallId.is_in(found.keys().map(|id| id.0)))
            .order_by_asc(call_attempts::Column::CallId)
            .order_by_asc(call_attempts::Column::Number)
            .all(&self.tx)
            .await?;
        for row in booked {
            if let Some((_, attempts)) = found.get_mut(&CallId(row.call_id)) {
                attempts.push(attempt(&row)?);
            }
        }
        Ok(found)
    }

    /// Writes what settled calls turned out to be. Their attempts follow those that were booked
    /// before, which stay: the caller takes them back by attempts with negative figures.
    pub async fn calls_correct(&self, batch: &[(SettledCall, i32)]) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let mut statements = vec![saving(
            batch.iter().map(|(corrected, _)| &corrected.call),
            self.engine,
        )];
        let numbered = batch
            .iter()
            .map(|(corrected, booked)| (corrected, booked.saturating_add(1)));
        statements.extend(adding(numbered, self.engine));
        self.run(statements).await
    }
}

/// Final rows, attempts, and the end of the open state.
pub(super) fn settling(batch: &[SettledCall], engine: Engine) -> Vec<Statement> {
    if batch.is_empty() {
        return Vec::new();
    }
    let mut statements = vec![saving(batch.iter().map(|settled| &settled.call), engine)];
    statements.extend(adding(batch.iter().map(|settled| (settled, 1)), engine));
    let ids = batch.iter().map(|settled| settled.call.id.0);
    let closing = open_calls::Entity::delete_many()
        .filter(open_calls::Column::CallId.is_in(ids))
        .build(engine.backend());
    statements.push(closing);
    statements
}

/// Writes the final figures of rows that exist: an upsert, because it folds any number of
/// different updates into one statement.
fn saving<'a>(rows: impl Iterator<Item = &'a Call>, engine: Engine) -> Statement {
    let finish = OnConflict::column(calls::Column::Id)
        .update_columns(FINAL_COLUMNS)
        .to_owned();
    calls::Entity::insert_many(rows.map(active_call))
        .on_conflict(finish)
        .build(engine.backend())
}

/// Adds the attempts of calls, numbered from the given number on.
fn adding<'a>(
    batch: impl Iterator<Item = (&'a SettledCall, i32)>,
    engine: Engine,
) -> Vec<Statement> {
    let attempts: Vec<_> = batch
        .flat_map(|(settled, first)| active_attempts(settled, first))
        .collect();
    // Sixteen values each: SQLite takes 32,766 in one statement.
    attempts
        .chunks(1_000)
        .map(|chunk| {
            call_attempts::Entity::insert_many(chunk.iter().cloned()).build(engine.backend())
        })
        .collect()
}

pub(crate) fn active_attempts(
    settled: &SettledCall,
    first: i32,
) -> impl Iterator<Item = call_attempts::ActiveModel> {
    let call_id = settled.call.id.0;
    settled
        .attempts
        .iter()
        .zip(first..)
        .map(move |(attempt, number)| {
            let usage = attempt.usage;
            call_attempts::ActiveModel {
                call_id: Set(call_id),
                number: Set(number),
                connection_id: Set(attempt.connection_id.0),
                price_id: Set(attempt.price_id.map(|id| id.0)),
                outcome: Set(attempt.outcome.word().to_owned()),
                input: Set(usage.input),
                cached_input: Set(usage.cached_input),
                cache_write: Set(usage.cache_write),
                cache_write_1h: Set(usage.cache_write_1h),
                output: Set(usage.output),
                reasoning: Set(usage.reasoning),
                searches: Set(usage.searches),
                requests: Set(usage.requests),
                usage_source: Set(attempt.usage_source.map(|source| source.word().to_owned())),
                cost_nano_usd: Set(attempt.cost.map(|cost| cost.0)),
                reported_cost_nano_usd: Set(attempt.reported_cost.map(|cost| cost.0)),
            }
        })
}
