//! Sealed values of any table, for turning the master key.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{Result, Store, WriteTx};

/// Every table with sealed values has it as its key.
const ID: &str = "id";

impl Store {
    /// Sealed values of a column in the order of their rows, after a given row.
    pub async fn sealed_list(
        &self,
        table: &str,
        column: &str,
        after: Uuid,
        most: u64,
    ) -> Result<Vec<(Uuid, Vec<u8>)>> {
        let values = Query::select()
            .columns([ID, column].map(Alias::new))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new(column)).is_not_null())
            .and_where(Expr::col(Alias::new(ID)).gt(after))
            .order_by(Alias::new(ID), Order::Asc)
            .limit(most)
            .take();
        let rows = self.reader().query_all(&values).await?;
        let read: std::result::Result<_, DbErr> = rows
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect();
        Ok(read?)
    }
}

impl WriteTx {
    /// Puts another sealing of the same value in its place; false when somebody has changed the
    /// value meanwhile.
    pub async fn sealed_replace(
        &self,
        table: &str,
        column: &str,
        row: Uuid,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool> {
        let replace = Query::update()
            .table(Alias::new(table))
            .value(Alias::new(column), Expr::value(new.to_vec()))
            .and_where(Expr::col(Alias::new(ID)).eq(row))
            .and_where(Expr::col(Alias::new(column)).eq(old.to_vec()))
            .take();
        Ok(self.tx.execute(&replace).await?.rows_affected() == 1)
    }
}
