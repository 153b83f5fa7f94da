//! Limits and the state of their windows.

use std::collections::{BTreeMap, BTreeSet};

use domain::limits::{Limit, WindowState};
use domain::{LimitId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set, Statement,
};

use crate::convert::{maybe_word, word};
use crate::entities::{limit_windows, limits};
use crate::{Durability, Engine, Result, Store, WriteTx};

/// Most windows remembered as existing; forgetting them costs one statement each.
const KNOWN_WINDOWS_MOST: usize = 20_000;

/// Which window of which limit. Ordered: rows are always locked in this order.
pub type WindowKey = (LimitId, Timestamp);

fn limit(row: limits::Model) -> Result<Limit> {
    Ok(Limit {
        id: LimitId(row.id),
        scope_kind: word("limits", "scope_kind", &row.scope_kind)?,
        scope_id: row.scope_id,
        door: maybe_word("limits", "door", row.door.as_deref())?,
        model: row.model,
        unit: word("limits", "unit", &row.unit)?,
        window: word("limits", "window", &row.window)?,
        zone: row.zone,
        ceiling: row.ceiling,
        hard: row.hard,
    })
}

fn state(row: &limit_windows::Model) -> (WindowKey, WindowState) {
    (
        (LimitId(row.limit_id), Timestamp(row.window_start)),
        WindowState {
            spent: row.spent,
            held: row.held,
            tat_ns: row.tat_ns,
        },
    )
}

impl Store {
    /// Every limit, oldest first.
    pub async fn limit_list(&self) -> Result<Vec<Limit>> {
        let rows = limits::Entity::find()
            .order_by_asc(limits::Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(limit).collect()
    }

    /// The state of some windows; one that was never used is missing.
    pub async fn limit_window_list(
        &self,
        keys: &[WindowKey],
    ) -> Result<BTreeMap<WindowKey, WindowState>> {
        let mut found = BTreeMap::new();
        // Two values each: SQLite takes 32,766 in one statement.
        for chunk in keys.chunks(5_000) {
            let rows = limit_windows::Entity::find()
                .filter(windows_in(chunk))
                .all(self.reader())
                .await?;
            found.extend(rows.iter().map(state));
        }
        Ok(found)
    }

    /// Makes the rows of windows that were never used, in a commit of its own.
    ///
    /// Made inside the transaction that locks the others, a new row of one instance could wait for
    /// a lock of another and the other way round.
    pub async fn limit_window_ensure(&self, keys: &BTreeSet<WindowKey>) -> Result<()> {
        use limit_windows::{Column, Entity};
        let unknown: Vec<WindowKey> = {
            let known = self.inner.known_windows.lock().await;
            keys.iter()
                .filter(|key| !known.contains(*key))
                .copied()
                .collect()
        };
        if unknown.is_empty() {
            return Ok(());
        }
        let empty = unknown
            .iter()
            .map(|(limit, start)| limit_windows::ActiveModel {
                limit_id: Set(limit.0),
                window_start: Set(start.0),
                spent: Set(0),
                held: Set(0),
                tat_ns: Set(0),
            });
        let keep = OnConflict::columns([Column::LimitId, Column::WindowStart])
            .do_nothing()
            .to_owned();
        let tx = self.write_with(Durability::Normal).await?;
        Entity::insert_many(empty)
            .on_conflict(keep)
            .exec_without_returning(&tx.tx)
            .await?;
        tx.commit().await?;
        let mut known = self.inner.known_windows.lock().await;
        if known.len() > KNOWN_WINDOWS_MOST {
            known.clear();
        }
        known.extend(unknown);
        Ok(())
    }

    /// Sum of everything held, over all windows: what the holds of open calls must add up to.
    pub async fn limit_window_list_held(&self) -> Result<BTreeMap<WindowKey, WindowState>> {
        let rows = limit_windows::Entity::find()
            .filter(limit_windows::Column::Held.ne(0))
            .all(self.reader())
            .await?;
        Ok(rows.iter().map(state).collect())
    }
}

fn windows_in(keys: &[WindowKey]) -> Expr {
    use limit_windows::Column::{LimitId as Id, WindowStart};
    Expr::tuple([Expr::col(Id), Expr::col(WindowStart)])
        .in_tuples(keys.iter().map(|(limit, start)| (limit.0, start.0)))
}

impl WriteTx {
    /// Adds a limit.
    pub async fn limit_create(&self, new: &Limit, now: Timestamp) -> Result<()> {
        let row = limits::ActiveModel {
            id: Set(new.id.0),
            scope_kind: Set(new.scope_kind.word().to_owned()),
            scope_id: Set(new.scope_id),
            door: Set(new.door.map(|door| door.word().to_owned())),
            model: Set(new.model.clone()),
            unit: Set(new.unit.word().to_owned()),
            window: Set(new.window.word().to_owned()),
            zone: Set(new.zone.clone()),
            ceiling: Set(new.ceiling),
            hard: Set(new.hard),
            created_at: Set(now.0),
        };
        limits::Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Removes a limit and its windows; false when it was not there.
    ///
    /// Another instance that has not heard of it yet may write such a window once more: the next
    /// removal, and every start, sweeps those that were left.
    pub async fn limit_delete(&self, id: LimitId) -> Result<bool> {
        let removed = limits::Entity::delete_by_id(id.0)
            .exec(&self.tx)
            .await?
            .rows_affected;
        self.limit_window_sweep().await?;
        Ok(removed == 1)
    }

    /// Removes windows whose limit is gone.
    pub async fn limit_window_sweep(&self) -> Result<()> {
        let known = limits::Entity::find()
            .select_only()
            .column(limits::Column::Id)
            .into_query();
        limit_windows::Entity::delete_many()
            .filter(limit_windows::Column::LimitId.not_in_subquery(known))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// The state of some windows, locked in key order until this transaction ends. Call
    /// [`Store::limit_window_ensure`] before: a row that is not there cannot be locked.
    pub async fn limit_window_lock(
        &self,
        keys: &[WindowKey],
    ) -> Result<BTreeMap<WindowKey, WindowState>> {
        use limit_windows::{Column, Entity};
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut query = Entity::find()
            .filter(windows_in(keys))
            .order_by_asc(Column::LimitId)
            .order_by_asc(Column::WindowStart);
        if self.engine == Engine::Postgres {
            query = query.lock_exclusive();
        }
        Ok(query.all(&self.tx).await?.iter().map(state).collect())
    }

    /// Writes the state of locked windows back, all in one statement.
    pub async fn limit_window_save(&self, states: &BTreeMap<WindowKey, WindowState>) -> Result<()> {
        self.run(saving(states, self.engine)).await
    }
}

/// A window that is there takes the new state.
pub(crate) fn replace() -> OnConflict {
    use limit_windows::Column;
    OnConflict::columns([Column::LimitId, Column::WindowStart])
        .update_columns([Column::Spent, Column::Held, Column::TatNs])
        .to_owned()
}

pub(crate) fn active_window(
    ((limit, start), state): (&WindowKey, &WindowState),
) -> limit_windows::ActiveModel {
    limit_windows::ActiveModel {
        limit_id: Set(limit.0),
        window_start: Set(start.0),
        spent: Set(state.spent),
        held: Set(state.held),
        tat_ns: Set(state.tat_ns),
    }
}

/// Writes the state of locked windows back.
fn saving(states: &BTreeMap<WindowKey, WindowState>, engine: Engine) -> Vec<Statement> {
    use limit_windows::Entity;
    if states.is_empty() {
        return Vec::new();
    }
    let rows = states.iter().map(active_window);
    vec![
        Entity::insert_many(rows)
            .on_conflict(replace())
            .build(engine.backend()),
    ]
}
