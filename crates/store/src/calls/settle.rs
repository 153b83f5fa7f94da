//! Settling calls, once each.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{SettledCall, active};
use crate::entities::{call_attempts, calls, open_calls};
use crate::{Result, WriteTx};

impl WriteTx {
    /// Settles calls that [`WriteTx::open_call_lock`] found open: final rows, attempts, and the end
    /// of their open state, three statements for all.
    pub async fn calls_settle(&self, batch: &[SettledCall]) -> Result<()> {
        use calls::Column;
        if batch.is_empty() {
            return Ok(());
        }
        // An upsert, because it folds any number of different updates into one statement.
        let finish = OnConflict::column(Column::Id)
            .update_columns([
                Column::ConnectionId,
                Column::State,
                Column::Outcome,
                Column::Input,
                Column::CachedInput,
                Column::CacheWrite,
                Column::CacheWrite1h,
                Column::Output,
                Column::Reasoning,
                Column::Searches,
                Column::Requests,
                Column::UsageSource,
                Column::PriceState,
                Column::CostNanoUsd,
                Column::ChargeNanoUsd,
                Column::Overrun,
                Column::FirstTokenMs,
                Column::DurationMs,
            ])
            .to_owned();
        calls::Entity::insert_many(batch.iter().map(|settled| active(&settled.call)))
            .on_conflict(finish)
            .exec_without_returning(&self.tx)
            .await?;
        let attempts: Vec<_> = batch.iter().flat_map(attempts).collect();
        // Sixteen values each: SQLite takes 32,766 in one statement.
        for chunk in attempts.chunks(1_000) {
            call_attempts::Entity::insert_many(chunk.iter().cloned())
                .exec_without_returning(&self.tx)
                .await?;
        }
        open_calls::Entity::delete_many()
            .filter(open_calls::Column::CallId.is_in(batch.iter().map(|settled| settled.call.id.0)))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

fn attempts(settled: &SettledCall) -> impl Iterator<Item = call_attempts::ActiveModel> {
    let call_id = settled.call.id.0;
    settled
        .attempts
        .iter()
        .zip(1i32..)
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
