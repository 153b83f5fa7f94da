//! The only place with DDL: one migration a change, forward only, on SQLite and PostgreSQL alike.

mod m0001_the_house;
mod m0002_problems;
mod m0003_an_instance_tells_its_keys;
mod m0004_a_tree_without_its_texts;
mod m0005_a_guide_can_be_skipped;
mod m0006_calls_of_a_model;
mod table;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseTransaction};

/// Where the names of applied migrations stand.
pub const TABLE: &str = "seaql_migrations";

/// Every migration in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_the_house::Migration),
            Box::new(m0002_problems::Migration),
            Box::new(m0003_an_instance_tells_its_keys::Migration),
            Box::new(m0004_a_tree_without_its_texts::Migration),
            Box::new(m0005_a_guide_can_be_skipped::Migration),
            Box::new(m0006_calls_of_a_model::Migration),
        ]
    }
}

/// Applies what is missing. The caller holds the lock that keeps two migrators apart.
///
/// # Errors
/// When a statement fails, or the database is newer than this program.
pub async fn up(connection: &sea_orm_migration::sea_orm::DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(connection, None).await
}

/// Names of migrations in the database that this program does not know: it is the older one.
///
/// # Errors
/// When the table of migrations cannot be read.
pub async fn unknown(
    connection: &sea_orm_migration::sea_orm::DatabaseConnection,
) -> Result<Vec<String>, DbErr> {
    let known = names();
    if !SchemaManager::new(connection).has_table(TABLE).await? {
        return Ok(Vec::new());
    }
    let applied = Migrator::get_migration_models(connection).await?;
    Ok(applied
        .into_iter()
        .map(|row| row.version)
        .filter(|name| !known.contains(name))
        .collect())
}

/// Name of the last migration that was applied.
///
/// # Errors
/// When the table of migrations cannot be read.
pub async fn latest(
    connection: &sea_orm_migration::sea_orm::DatabaseConnection,
) -> Result<Option<String>, DbErr> {
    let applied = Migrator::get_migration_models(connection).await?;
    Ok(applied.into_iter().map(|row| row.version).max())
}

/// Names of all migrations, in order.
pub fn names() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect()
}

/// Names of the migrations that a database has, sorted; none when it holds no house. Changes
/// nothing, so that it can be asked within a reading transaction.
///
/// # Errors
/// When the database cannot be read.
pub async fn applied(tx: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    if !SchemaManager::new(tx).has_table(TABLE).await? {
        return Ok(Vec::new());
    }
    let versions = Query::select()
        .column(Alias::new("version"))
        .from(Alias::new(TABLE))
        .order_by(Alias::new("version"), Order::Asc)
        .take();
    let rows = tx.query_all(&versions).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Applies the first migrations only: the house as an older program knew it.
///
/// # Errors
/// When a statement fails.
pub async fn up_to(tx: &DatabaseTransaction, count: u32) -> Result<(), DbErr> {
    Migrator::up(tx, Some(count)).await
}

/// Drops these tables and the names of applied migrations.
///
/// # Errors
/// When a statement fails.
pub async fn drop_tables(tx: &DatabaseTransaction, tables: &[String]) -> Result<(), DbErr> {
    for name in tables.iter().map(String::as_str).chain([TABLE]) {
        let drop = Table::drop().table(Alias::new(name)).if_exists().take();
        tx.execute(&drop).await?;
    }
    Ok(())
}
