//! The only place with DDL: one migration a change, forward only, on SQLite and PostgreSQL alike.

mod m0001_the_house;
mod m0002_problems;
mod table;

use sea_orm_migration::prelude::*;

/// Every migration in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_the_house::Migration),
            Box::new(m0002_problems::Migration),
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
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    if !SchemaManager::new(connection)
        .has_table("seaql_migrations")
        .await?
    {
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
