//! What the tables of a house look like, the same on both engines.

use migration::TABLE as MIGRATIONS;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, DbErr, TransactionTrait, Value,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LEASES;
use crate::{Result, StoreError};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A UUID.
    Id,
    /// A number of at most 64 bits.
    Int,
    /// Yes or no.
    Flag,
    /// Text, also JSON.
    Text,
    /// Bytes.
    Bytes,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns, in the order in which they were made.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub key: Vec<String>,
}

impl Table {
    /// Where a column stands.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// None.
    Null,
    /// A UUID.
    Id(Uuid),
    /// A number.
    Int(i64),
    /// Yes or no.
    Flag(bool),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Cell {
    pub(super) fn value(self, kind: Kind) -> Value {
        match (self, kind) {
            (Self::Null, Kind::Id) => Value::Uuid(None),
            (Self::Null, Kind::Int) => Value::BigInt(None),
            (Self::Null, Kind::Flag) => Value::Bool(None),
            (Self::Null, Kind::Text) => Value::String(None),
            (Self::Null, Kind::Bytes) => Value::Bytes(None),
            (Self::Id(id), _) => Value::Uuid(Some(id)),
            (Self::Int(number), _) => Value::BigInt(Some(number)),
            (Self::Flag(flag), _) => Value::Bool(Some(flag)),
            (Self::Text(text), _) => Value::String(Some(text)),
            (Self::Bytes(bytes), _) => Value::Bytes(Some(bytes)),
        }
    }
}

/// The tables that a house has after these migrations, by name, without the leases of running
/// processes.
///
/// # Errors
/// [`StoreError::Newer`] when this program does not know one of them, [`StoreError::Gap`] when one
/// between them is missing.
pub async fn tables_at(migrations: &[String]) -> Result<Vec<Table>> {
    let mut tables = all_tables_at(migrations).await?;
    tables.retain(|table| table.name != LEASES);
    Ok(tables)
}

/// As [`tables_at`], with the leases. An empty SQLite in memory is migrated and asked.
pub(super) async fn all_tables_at(migrations: &[String]) -> Result<Vec<Table>> {
    let count = count(migrations)?;
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await?;
    let tx = connection.begin().await?;
    migration::up_to(&tx, count).await?;
    let mut tables = Vec::new();
    for name in table_names(&tx).await? {
        tables.push(describe(&tx, name).await?);
    }
    tx.rollback().await?;
    connection.close().await?;
    Ok(tables)
}

/// How many of this program's migrations these are: they must be its first ones.
pub(super) fn count(migrations: &[String]) -> Result<u32> {
    let known = migration::names();
    if let Some(unknown) = migrations.iter().find(|name| !known.contains(name)) {
        return Err(StoreError::Newer(unknown.clone()));
    }
    let missing = known
        .iter()
        .take(migrations.len())
        .find(|name| !migrations.contains(name));
    match missing {
        Some(missing) => Err(StoreError::Gap(missing.clone())),
        None => Ok(u32::try_from(migrations.len()).unwrap_or(u32::MAX)),
    }
}

async fn table_names(tx: &DatabaseTransaction) -> Result<Vec<String>> {
    let tables = Query::select()
        .column(Alias::new("name"))
        .from(Alias::new("sqlite_master"))
        .and_where(Expr::col(Alias::new("type")).eq("table"))
        .order_by(Alias::new("name"), Order::Asc)
        .take();
    let rows = tx.query_all(&tables).await?;
    let names: std::result::Result<Vec<String>, DbErr> =
        rows.iter().map(|row| row.try_get_by_index(0)).collect();
    let mut names = names?;
    names.retain(|name| name != MIGRATIONS && !name.starts_with("sqlite_"));
    Ok(names)
}

async fn describe(tx: &DatabaseTransaction, name: String) -> Result<Table> {
    let columns = Query::select()
        .columns(["name", "type", "pk"].map(Alias::new))
        .from_function(
            Func::cust(Alias::new("pragma_table_info")).arg(name.as_str()),
            Alias::new("info"),
        )
        .order_by(Alias::new("cid"), Order::Asc)
        .take();
    let mut table = Table {
        name,
        columns: Vec::new(),
        key: Vec::new(),
    };
    let mut key = Vec::new();
    for row in tx.query_all(&columns).await? {
        let column: String = row.try_get_by_index(0)?;
        let declared: String = row.try_get_by_index(1)?;
        let place: i64 = row.try_get_by_index(2)?;
        let kind = match declared.to_lowercase().as_str() {
            "uuid_text" => Kind::Id,
            "integer" | "bigint" => Kind::Int,
            "boolean" => Kind::Flag,
            "text" => Kind::Text,
            "blob" => Kind::Bytes,
            _ => {
                return Err(StoreError::Corrupt {
                    table: "the migrations",
                    column: "a type that backups do not know",
                    value: format!("{}.{column} {declared}", table.name),
                });
            }
        };
        if place > 0 {
            key.push((place, column.clone()));
        }
        table.columns.push(Column { name: column, kind });
    }
    key.sort();
    table.key = key.into_iter().map(|(_, column)| column).collect();
    Ok(table)
}
