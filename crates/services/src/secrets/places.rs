//! Every column that holds sealed values. Turning the master key, checking a backup and the test
//! that nothing is left out go by this list.

use uuid::Uuid;

use super::Place;

/// The setting that holds the id of the active master key.
pub(crate) const MASTER_KEY_SETTING: &str = "master_key_id";

/// A column of sealed values; its table's key is `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
}

impl SealedColumn {
    /// Where a row's value belongs.
    pub fn place(self, row: Uuid) -> Place<'static> {
        Place {
            table: self.table,
            row,
            field: self.column,
        }
    }
}

/// Keys of providers.
pub(crate) const CONNECTION_KEY: SealedColumn = SealedColumn {
    table: "connections",
    column: "sealed_key",
};

/// All of them.
pub const SEALED: &[SealedColumn] = &[CONNECTION_KEY];

#[cfg(test)]
mod tests {
    use store::backup::{Kind, known_migrations, tables_at};

    use super::*;

    /// Columns of bytes that are no secrets: hashes.
    const PLAIN: [&str; 1] = ["secret_hash"];

    #[tokio::test]
    async fn every_column_of_bytes_is_listed_as_sealed_or_known_as_plain() {
        let mut sealed = Vec::new();
        for table in tables_at(&known_migrations()).await.unwrap() {
            for column in &table.columns {
                if column.kind == Kind::Bytes && !PLAIN.contains(&column.name.as_str()) {
                    assert_eq!(table.key, ["id"], "sealed values are turned row by row");
                    sealed.push((table.name.clone(), column.name.clone()));
                }
            }
        }
        let listed: Vec<_> = SEALED
            .iter()
            .map(|known| (known.table.to_owned(), known.column.to_owned()))
            .collect();
        assert_eq!(
            sealed, listed,
            "add the column to SEALED, or turning the master key misses it"
        );
    }
}
