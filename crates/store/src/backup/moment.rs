//! A house as of one moment, beside whatever runs.

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, TransactionTrait,
};

use super::{Rows, Table, tables_at};
use crate::open::{DATABASE_FILE, Waits, connect_postgres, connect_sqlite};
use crate::{Engine, OpenOptions, Result, StoreError};

/// One transaction that only reads. On SQLite it holds the write-ahead log from being folded back
/// while it is open, on PostgreSQL it makes a migration wait; neither keeps anybody from working.
pub struct Moment {
    connection: DatabaseConnection,
    tx: DatabaseTransaction,
    engine: Engine,
    migrations: Vec<String>,
    tables: Vec<Table>,
}

impl Moment {
    /// Begins to read. Nothing is migrated: a newer program reads the house of an older one as it is.
    ///
    /// # Errors
    /// [`StoreError::NoHouse`] when there is none, [`StoreError::Newer`] when a newer program made it.
    pub async fn open(options: &OpenOptions) -> Result<Self> {
        let (connection, engine) = if let Some(url) = &options.url {
            let connection = connect_postgres(url, 1, Waits::Endless).await?;
            (connection, Engine::Postgres)
        } else {
            let file = options.data_dir.join(DATABASE_FILE);
            if !file.is_file() {
                return Err(StoreError::NoHouse(file.display().to_string()));
            }
            (connect_sqlite(&file, 1).await?, Engine::Sqlite)
        };
        let tx = match engine {
            Engine::Sqlite => connection.begin().await?,
            Engine::Postgres => {
                connection
                    .begin_with_config(
                        Some(IsolationLevel::RepeatableRead),
                        Some(AccessMode::ReadOnly),
                    )
                    .await?
            }
        };
        // The first statement fixes the moment.
        let migrations = migration::applied(&tx).await?;
        if migrations.is_empty() {
            return Err(StoreError::NoHouse("this database".to_owned()));
        }
        let tables = tables_at(&migrations).await?;
        let moment = Self {
            connection,
            tx,
            engine,
            migrations,
            tables,
        };
        // PostgreSQL's snapshot is of rows, not of tables: having looked at each keeps it as it is.
        for table in &moment.tables {
            moment.rows().any(&table.name).await?;
        }
        Ok(moment)
    }

    /// Which engine it lies on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The migrations it has, in order.
    pub fn migrations(&self) -> &[String] {
        &self.migrations
    }

    /// Its tables, by name.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Its rows.
    pub fn rows(&self) -> Rows<'_> {
        Rows {
            tx: &self.tx,
            engine: self.engine,
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When the connection fails while closing.
    pub async fn close(self) -> Result<()> {
        self.tx.rollback().await?;
        self.connection.close().await?;
        Ok(())
    }
}
