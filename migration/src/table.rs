//! A short way to write a table down: column types that mean the same on both engines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// Column types of the house. Nothing else is used: see the fact sheet on one code for two engines.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A `UUIDv7`, 16 bytes.
    Id,
    /// Money in nano-USD, instants in milliseconds, counts.
    Int,
    /// A small number.
    Small,
    /// Yes or no.
    Flag,
    /// Text, also JSON.
    Text,
    /// Bytes.
    Bytes,
}
pub(crate) use Kind::{Bytes, Flag, Id, Int, Small, Text};

/// A column that always has a value.
pub(crate) const fn must(name: &'static str, kind: Kind) -> (&'static str, Kind, bool) {
    (name, kind, true)
}

/// A column that may be unknown.
pub(crate) const fn may(name: &'static str, kind: Kind) -> (&'static str, Kind, bool) {
    (name, kind, false)
}

/// A table to create.
pub(crate) struct NewTable {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind, bool)],
    pub(crate) key: &'static [&'static str],
    pub(crate) unique: &'static [&'static [&'static str]],
    pub(crate) indexes: &'static [&'static [&'static str]],
    /// Rows live in the key's tree on SQLite: no second copy of the key, for narrow or large tables.
    pub(crate) clustered: bool,
}

impl NewTable {
    pub(crate) async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let mut table = Table::create();
        table.table(Alias::new(self.name));
        for (name, kind, required) in self.columns {
            let mut column = ColumnDef::new(Alias::new(*name));
            match kind {
                Kind::Id => column.uuid(),
                Kind::Int => column.big_integer(),
                Kind::Small => column.integer(),
                Kind::Flag => column.boolean(),
                Kind::Text => column.text(),
                Kind::Bytes => column.blob(),
            };
            if *required {
                column.not_null();
            }
            table.col(&mut column);
        }
        let mut key = Index::create();
        for column in self.key {
            key.col(Alias::new(*column));
        }
        table.primary_key(&mut key);
        if self.clustered && manager.get_database_backend() == DatabaseBackend::Sqlite {
            table.extra("WITHOUT ROWID");
        }
        manager.create_table(table).await?;
        for (columns, unique) in self
            .unique
            .iter()
            .map(|columns| (columns, true))
            .chain(self.indexes.iter().map(|columns| (columns, false)))
        {
            let mut index = Index::create();
            index.name(format!("{}_{}", self.name, columns.join("_")));
            index.table(Alias::new(self.name));
            for column in *columns {
                index.col(Alias::new(*column));
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
