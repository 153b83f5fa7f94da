//! The same books in PostgreSQL: one statement whose text never changes, with the rows of each table as
//! one JSON value. Its text is parsed once a session; a text for each number of rows was parsed each time,
//! and each statement of its own is one more way there and back.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use domain::CallId;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, IdenStatic, ModelTrait, Statement, TryIntoModel,
};
use serde::Serialize;

use super::{Books, Found, Wanted};
use crate::calls::{FINAL_COLUMNS, Held, active_attempts, active_call, active_open};
use crate::limits::{WindowKey, active_window};
use crate::rollups::{KEY, SUMS, active_rollup};
use crate::{Durability, Result, Store, WriteTx};

/// Everything that is written. The parts touch different rows, so their order does not matter.
fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let rows = |table: &str, number: u8| {
            format!(
                "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, CAST(${number} AS json))"
            )
        };
        let finished = FINAL_COLUMNS
            .map(|column| format!("{0} = excluded.{0}", column.as_str()))
            .join(", ");
        let key = KEY.map(|column| column.as_str()).join(", ");
        let added = SUMS
            .map(|(column, sum)| format!("{0} = rollups.{0} + {sum}", column.as_str()))
            .join(", ");
        format!(
            "WITH finished AS ({calls} ON CONFLICT (id) DO UPDATE SET {finished}), \
             attempted AS ({attempts}), \
             closed AS (DELETE FROM open_calls WHERE call_id IN \
             (SELECT CAST(id AS uuid) FROM json_array_elements_text(CAST($3 AS json)) AS id)), \
             begun AS ({begun}), opened AS ({opened}), \
             moved AS ({windows} ON CONFLICT (limit_id, window_start) \
             DO UPDATE SET spent = excluded.spent, held = excluded.held, tat_ns = excluded.tat_ns), \
             summed AS ({rollups} ON CONFLICT ({key}) DO UPDATE SET {added}) \
             SELECT 1",
            calls = rows("calls", 1),
            attempts = rows("call_attempts", 2),
            begun = rows("calls", 4),
            opened = rows("open_calls", 5),
            windows = rows("limit_windows", 6),
            rollups = rows("rollups", 7),
        )
    })
}

/// Rows as PostgreSQL takes them apart: a list of objects, named like the columns.
fn list<A>(rows: impl Iterator<Item = A>) -> Result<String>
where
    A: ActiveModelTrait + TryIntoModel<<A::Entity as sea_orm::EntityTrait>::Model>,
    <A::Entity as sea_orm::EntityTrait>::Model: ModelTrait + Serialize,
{
    let models = rows
        .map(TryIntoModel::try_into_model)
        .collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(crate::convert::to_json(&models))
}

impl Store {
    /// The commit itself waits for the disk here. A crash of PostgreSQL leaves this process alive, and a
    /// call that runs in it would find its opening, or its settlement, gone.
    pub(super) async fn keep_books_postgres<T>(
        &self,
        wanted: Wanted,
        decide: impl FnOnce(Found) -> (Option<Books>, T),
    ) -> (Result<()>, Option<T>) {
        let (tx, found) = match self.find(wanted).await {
            Ok(found) => found,
            Err(error) => return (Err(error), None),
        };
        let (books, told) = decide(found);
        let Some(books) = books else {
            return (Ok(()), Some(told));
        };
        if let Err(error) = tx.books_write(&books).await {
            return (Err(error), None);
        }
        // From here on an error does not say that nothing was written.
        (tx.commit().await, Some(told))
    }

    async fn find(&self, wanted: Wanted) -> Result<(WriteTx, Found)> {
        self.limit_window_ensure(&wanted.windows).await?;
        let tx = self.write_with(Durability::Full).await?;
        let open: HashMap<CallId, Vec<Held>> = tx
            .open_call_lock(&wanted.ending)
            .await?
            .into_iter()
            .map(|open| (open.call_id, open.holds))
            .collect();
        let keys: BTreeSet<WindowKey> = open
            .values()
            .flatten()
            .map(Held::window)
            .chain(wanted.windows)
            .collect();
        let keys: Vec<WindowKey> = keys.into_iter().collect();
        let windows = tx.limit_window_lock(&keys).await?;
        Ok((tx, Found { open, windows }))
    }
}

impl WriteTx {
    async fn books_write(&self, books: &Books) -> Result<()> {
        let settled = || books.settled.iter();
        let ids: Vec<uuid::Uuid> = settled().map(|settled| settled.call.id.0).collect();
        let values = [
            list(settled().map(|settled| active_call(&settled.call)))?,
            list(settled().flat_map(|settled| active_attempts(settled, 1)))?,
            crate::convert::to_json(&ids),
            list(books.opened.iter().map(|new| active_call(&new.call)))?,
            list(books.opened.iter().map(active_open))?,
            list(books.windows.iter().map(active_window))?,
            list(books.rollups.iter().map(active_rollup))?,
        ];
        let values = values.map(sea_orm::Value::from);
        let all = Statement::from_sql_and_values(DbBackend::Postgres, text(), values);
        self.tx.execute_raw(all).await?;
        Ok(())
    }
}
