//! Rows of any table, in and out.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult};

use super::{Cell, Kind, Table};
use crate::{Engine, Result, StoreError};

/// Values in one statement: SQLite takes 32,766, PostgreSQL 65,535.
const MOST_VALUES: usize = 20_000;

/// A transaction whose rows are read.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) engine: Engine,
}

impl Rows<'_> {
    /// Rows in the order of the primary key, after a given one. A page at a time and not one long
    /// answer: memory stays bounded, and no statement runs for as long as the whole reading.
    ///
    /// # Errors
    /// When the database fails, or a row does not fit its table.
    pub async fn page(
        &self,
        table: &Table,
        after: Option<&[Cell]>,
        most: u64,
    ) -> Result<Vec<Vec<Cell>>> {
        let rows = self.tx.query_all(&self.select(table, after, most)).await?;
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            page.push(cells(table, &row)?);
        }
        Ok(page)
    }

    fn select(&self, table: &Table, after: Option<&[Cell]>, most: u64) -> SelectStatement {
        let mut select = Query::select();
        select.from(Alias::new(&table.name)).limit(most);
        for column in &table.columns {
            let name = Expr::col(Alias::new(&column.name));
            // Numbers are of two widths there.
            let wide = column.kind == Kind::Int && self.engine == Engine::Postgres;
            select.expr(if wide {
                name.cast_as(Alias::new("bigint"))
            } else {
                name
            });
        }
        for column in &table.key {
            select.order_by(Alias::new(column), Order::Asc);
        }
        if let Some(after) = after {
            let names = table.key.iter().map(|name| Expr::col(Alias::new(name)));
            let kinds = table.columns.iter();
            let values = table.key.iter().zip(after).map(|(name, cell)| {
                let kind = kinds
                    .clone()
                    .find(|column| column.name == *name)
                    .map_or(Kind::Text, |column| column.kind);
                Expr::value(cell.clone().value(kind))
            });
            select.and_where(Expr::tuple(names).gt(Expr::tuple(values)));
        }
        select
    }

    /// Whether a table holds anything.
    pub(super) async fn any(&self, table: &str) -> Result<bool> {
        let one = Query::select()
            .expr(Expr::value(1))
            .from(Alias::new(table))
            .limit(1)
            .take();
        Ok(self.tx.query_one(&one).await?.is_some())
    }

    /// Adds rows.
    pub(super) async fn insert(&self, table: &Table, rows: Vec<Vec<Cell>>) -> Result<()> {
        let most = (MOST_VALUES / table.columns.len().max(1)).max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new(&table.name))
                .columns(table.columns.iter().map(|column| Alias::new(&column.name)));
            for row in rows.by_ref().take(most) {
                let values = row
                    .into_iter()
                    .zip(&table.columns)
                    .map(|(cell, column)| Expr::value(cell.value(column.kind)));
                insert
                    .values(values)
                    .map_err(|error| StoreError::Driver(DbErr::Custom(error.to_string())))?;
            }
            self.tx.execute(&insert).await?;
        }
        Ok(())
    }
}

/// About how much memory a row takes.
pub fn size_bytes(row: &[Cell]) -> usize {
    row.iter()
        .map(|cell| match cell {
            Cell::Null | Cell::Flag(_) | Cell::Int(_) | Cell::Id(_) => 32,
            Cell::Text(text) => 32 + text.len(),
            Cell::Bytes(bytes) => 32 + bytes.len(),
        })
        .sum()
}

fn cells(table: &Table, row: &QueryResult) -> Result<Vec<Cell>> {
    let columns = table.columns.iter().enumerate();
    let read: std::result::Result<Vec<Cell>, DbErr> = columns
        .map(|(index, column)| {
            let cell = match column.kind {
                Kind::Id => row.try_get_by_index::<Option<_>>(index)?.map(Cell::Id),
                Kind::Int => row.try_get_by_index::<Option<_>>(index)?.map(Cell::Int),
                Kind::Flag => row.try_get_by_index::<Option<_>>(index)?.map(Cell::Flag),
                Kind::Text => row.try_get_by_index::<Option<_>>(index)?.map(Cell::Text),
                Kind::Bytes => row.try_get_by_index::<Option<_>>(index)?.map(Cell::Bytes),
            };
            Ok(cell.unwrap_or(Cell::Null))
        })
        .collect();
    Ok(read?)
}
