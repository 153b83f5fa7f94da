//! What the engine finds wrong with its own files.

use sea_orm::{ConnectionTrait, Statement};

use crate::{Engine, Result, Store};

impl Store {
    /// Checks the whole database file and every foreign key; returns what is wrong, which is nothing
    /// in a sound one. It reads everything: for checks, not for requests. PostgreSQL checks its pages
    /// as it reads them, and has nothing to say here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn integrity(&self) -> Result<Vec<String>> {
        if self.engine() == Engine::Postgres {
            return Ok(Vec::new());
        }
        let reader = self.reader();
        let backend = reader.get_database_backend();
        let ask = |pragma: &str| reader.query_all_raw(Statement::from_string(backend, pragma));
        let mut wrong = Vec::new();
        for row in ask("PRAGMA integrity_check").await? {
            let said: String = row.try_get_by_index(0)?;
            if said != "ok" {
                wrong.push(said);
            }
        }
        for row in ask("PRAGMA foreign_key_check").await? {
            let table: String = row.try_get_by_index(0)?;
            wrong.push(format!("{table}: a row leads nowhere"));
        }
        Ok(wrong)
    }
}
