//! Rows of the books in SQLite, one by one: with statements that are parsed once this is as fast as
//! many in one, and their texts do not differ with the size of the batch.
//!
//! Columns stand in the order of the entities, from which the texts are made.

use std::sync::OnceLock;

use domain::calls::UsageSource;
use domain::limits::WindowState;
use domain::{CallId, Usage};
use rusqlite::{OptionalExtension, Transaction, params};
use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, OnConflict, Query, SqliteQueryBuilder};
use sea_orm::{EntityTrait, Iterable};

use crate::Result;
use crate::calls::{Attempt, Call, FINAL_COLUMNS, Held, NewCall};
use crate::convert::json;
use crate::entities::{call_attempts, calls, limit_windows, open_calls, rollups};
use crate::limits::{self, WindowKey};
use crate::rollups::{RollupKey, RollupSum, add_to};

/// A row of every column.
fn insert<E: EntityTrait>(on_conflict: Option<OnConflict>) -> String {
    let mut insert = Query::insert();
    insert
        .into_table(E::default().into_iden())
        .columns(E::Column::iter())
        .values_panic(E::Column::iter().map(|_| Expr::value(0)));
    if let Some(on_conflict) = on_conflict {
        insert.on_conflict(on_conflict);
    }
    insert.build(SqliteQueryBuilder).0
}

/// Runs a statement whose text is made once and parsed once a connection.
macro_rules! execute {
    ($tx:expr, $text:expr, $($value:expr),+ $(,)?) => {{
        static TEXT: OnceLock<String> = OnceLock::new();
        let mut statement = $tx.prepare_cached(TEXT.get_or_init(|| $text))?;
        statement.execute(params![$($value),+])?;
        Ok(())
    }};
}

/// What is held for a call, if it is open.
pub(super) fn holds(tx: &Transaction<'_>, id: CallId) -> Result<Option<Vec<Held>>> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        Query::select()
            .column(open_calls::Column::Holds)
            .from(open_calls::Entity)
            .and_where(Expr::col(open_calls::Column::CallId).eq(0))
            .build(SqliteQueryBuilder)
            .0
    });
    let held: Option<String> = tx
        .prepare_cached(text)?
        .query_row(params![id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    held.map(|held| json("open_calls", "holds", &held))
        .transpose()
}

/// The state of a window that was used before.
pub(super) fn window(tx: &Transaction<'_>, key: WindowKey) -> Result<Option<WindowState>> {
    use limit_windows::Column;
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        Query::select()
            .columns([Column::Spent, Column::Held, Column::TatNs])
            .from(limit_windows::Entity)
            .and_where(Expr::col(Column::LimitId).eq(0))
            .and_where(Expr::col(Column::WindowStart).eq(0))
            .build(SqliteQueryBuilder)
            .0
    });
    let found = tx
        .prepare_cached(text)?
        .query_row(params![key.0.0.as_bytes(), key.1.0], |row| {
            Ok(WindowState {
                spent: row.get(0)?,
                held: row.get(1)?,
                tat_ns: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

pub(super) fn save_window(tx: &Transaction<'_>, key: WindowKey, state: &WindowState) -> Result<()> {
    execute!(
        tx,
        insert::<limit_windows::Entity>(Some(limits::replace())),
        key.0.0.as_bytes(),
        key.1.0,
        state.spent,
        state.held,
        state.tat_ns,
    )
}

pub(super) fn insert_call(tx: &Transaction<'_>, call: &Call) -> Result<()> {
    let Usage {
        input,
        cached_input,
        cache_write,
        cache_write_1h,
        output,
        reasoning,
        searches,
        requests,
    } = call.usage;
    execute!(
        tx,
        insert::<calls::Entity>(None),
        call.id.0.as_bytes(),
        call.member_id.0.as_bytes(),
        call.key_id.0.as_bytes(),
        call.group_id.as_bytes(),
        call.connection_id.0.as_bytes(),
        call.door.word(),
        call.purpose.word(),
        call.parent_call_id.as_ref().map(|id| id.0.as_bytes()),
        call.model,
        call.admitted_at.0,
        call.state.word(),
        call.outcome.map(domain::calls::Outcome::word),
        input,
        cached_input,
        cache_write,
        cache_write_1h,
        output,
        reasoning,
        searches,
        requests,
        call.usage_source.map(UsageSource::word),
        call.price_state.word(),
        call.hold.0,
        call.cost.map(|cost| cost.0),
        call.charge.map(|charge| charge.0),
        call.overrun,
        call.tag,
        call.first_token_ms,
        call.duration_ms,
    )
}

/// Writes what a call turned out to be into its row.
pub(super) fn finish_call(tx: &Transaction<'_>, call: &Call) -> Result<()> {
    let usage = &call.usage;
    execute!(
        tx,
        Query::update()
            .table(calls::Entity)
            .values(FINAL_COLUMNS.map(|column| (column, Expr::value(0))))
            .and_where(Expr::col(calls::Column::Id).eq(0))
            .build(SqliteQueryBuilder)
            .0,
        call.connection_id.0.as_bytes(),
        call.state.word(),
        call.outcome.map(domain::calls::Outcome::word),
        usage.input,
        usage.cached_input,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
        usage.searches,
        usage.requests,
        call.usage_source.map(UsageSource::word),
        call.price_state.word(),
        call.cost.map(|cost| cost.0),
        call.charge.map(|charge| charge.0),
        call.overrun,
        call.first_token_ms,
        call.duration_ms,
        call.id.0.as_bytes(),
    )
}

pub(super) fn insert_attempt(
    tx: &Transaction<'_>,
    call_id: CallId,
    number: i32,
    attempt: &Attempt,
) -> Result<()> {
    let usage = &attempt.usage;
    execute!(
        tx,
        insert::<call_attempts::Entity>(None),
        call_id.0.as_bytes(),
        number,
        attempt.connection_id.0.as_bytes(),
        attempt.price_id.as_ref().map(|id| id.0.as_bytes()),
        attempt.outcome.word(),
        usage.input,
        usage.cached_input,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
        usage.searches,
        usage.requests,
        attempt.usage_source.map(UsageSource::word),
        attempt.cost.map(|cost| cost.0),
        attempt.reported_cost.map(|cost| cost.0),
    )
}

pub(super) fn insert_open(tx: &Transaction<'_>, new: &NewCall) -> Result<()> {
    execute!(
        tx,
        insert::<open_calls::Entity>(None),
        new.call.id.0.as_bytes(),
        new.instance_id.0.as_bytes(),
        crate::convert::to_json(&new.holds),
        new.input_estimate,
        new.attempt,
        0,
    )
}

pub(super) fn delete_open(tx: &Transaction<'_>, id: CallId) -> Result<()> {
    execute!(
        tx,
        Query::delete()
            .from_table(open_calls::Entity)
            .and_where(Expr::col(open_calls::Column::CallId).eq(0))
            .build(SqliteQueryBuilder)
            .0,
        id.0.as_bytes(),
    )
}

pub(super) fn add_rollup(tx: &Transaction<'_>, key: &RollupKey, sum: &RollupSum) -> Result<()> {
    execute!(
        tx,
        insert::<rollups::Entity>(Some(add_to())),
        key.bucket.0,
        key.member_id.0.as_bytes(),
        key.key_id.0.as_bytes(),
        key.group_id.as_bytes(),
        key.connection_id.0.as_bytes(),
        key.model,
        key.door.word(),
        key.usage_source.map_or("none", UsageSource::word),
        key.price_state.word(),
        sum.calls,
        sum.failed_calls,
        sum.input,
        sum.cached_input,
        sum.cache_write,
        sum.output,
        sum.reasoning,
        sum.searches,
        sum.requests,
        sum.cost.0,
        sum.charge.0,
    )
}
