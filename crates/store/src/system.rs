//! What the database tells of itself.

use domain::NanoUsd;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, QuerySelect, Statement};

use crate::entities::{calls, open_calls};
use crate::{Engine, Result, Store};

/// The database's own facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// Its version, in its own words.
    pub version: String,
    /// Bytes it takes.
    pub size_bytes: i64,
    /// The last migration that was applied.
    pub migration: String,
}

/// Connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// In use.
    pub busy: u32,
    /// Waiting for use.
    pub idle: u32,
}

impl Store {
    /// The pools of the writer and of the readers.
    pub fn pools(&self) -> [Pool; 2] {
        let of = |connection: &DatabaseConnection| {
            let (size, idle) = match self.engine() {
                Engine::Sqlite => {
                    let pool = connection.get_sqlite_connection_pool();
                    (pool.size(), pool.num_idle())
                }
                Engine::Postgres => {
                    let pool = connection.get_postgres_connection_pool();
                    (pool.size(), pool.num_idle())
                }
            };
            let idle = u32::try_from(idle).unwrap_or(u32::MAX);
            Pool {
                busy: size.saturating_sub(idle),
                idle,
            }
        };
        [of(&self.inner.writer), of(&self.inner.readers)]
    }

    /// Version, size and last migration.
    pub async fn database_facts(&self) -> Result<DatabaseFacts> {
        let (version, size) = match self.engine() {
            Engine::Sqlite => (
                "SELECT sqlite_version() AS fact",
                "SELECT page_count * page_size AS fact FROM pragma_page_count(), pragma_page_size()",
            ),
            Engine::Postgres => (
                "SELECT current_setting('server_version') AS fact",
                "SELECT pg_database_size(current_database()) AS fact",
            ),
        };
        let reader = self.reader();
        let ask = |sql: &'static str| {
            reader.query_one_raw(Statement::from_string(reader.get_database_backend(), sql))
        };
        let version = ask(version).await?.map(|row| row.try_get("", "fact"));
        let size = ask(size).await?.map(|row| row.try_get("", "fact"));
        Ok(DatabaseFacts {
            version: version.transpose()?.unwrap_or_default(),
            size_bytes: size.transpose()?.unwrap_or_default(),
            migration: migration::latest(reader).await?.unwrap_or_default(),
        })
    }

    /// How many calls are open, and what is held for them.
    pub async fn open_call_sum(&self) -> Result<(i64, NanoUsd)> {
        // PostgreSQL sums whole numbers into decimals.
        let held = Expr::col((calls::Entity, calls::Column::HoldNanoUsd))
            .sum()
            .cast_as(Alias::new("bigint"));
        let sums: Option<(i64, Option<i64>)> = open_calls::Entity::find()
            .select_only()
            .column_as(
                Expr::col((open_calls::Entity, open_calls::Column::CallId)).count(),
                "open",
            )
            .column_as(held, "held")
            .join(
                JoinType::LeftJoin,
                open_calls::Entity::belongs_to(calls::Entity)
                    .from(open_calls::Column::CallId)
                    .to(calls::Column::Id)
                    .into(),
            )
            .into_tuple()
            .one(self.reader())
            .await?;
        let (open, held) = sums.unwrap_or_default();
        Ok((open, NanoUsd(held.unwrap_or(0))))
    }
}
