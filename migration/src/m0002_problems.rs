//! What an operator looks after: failures grouped by what and whom they concern, and when each
//! instance was last seen.

use sea_orm_migration::prelude::*;

use crate::table::{Id, Int, NewTable, Text, may, must};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        PROBLEMS.create(manager).await?;
        let mut seen = ColumnDef::new(Alias::new("seen_at"));
        seen.big_integer();
        let mut alter = Table::alter();
        alter.table(Alias::new("instances")).add_column(&mut seen);
        manager.alter_table(alter).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const PROBLEMS: NewTable = NewTable {
    name: "problems",
    columns: &[
        must("id", Id),
        must("kind", Text),
        must("subject_id", Id),
        must("cause", Text),
        must("subject", Text),
        must("detail", Text),
        must("state", Text),
        must("count", Int),
        must("first_seen", Int),
        must("last_seen", Int),
        must("changed_by", Id),
        may("changed_at", Int),
    ],
    key: &["id"],
    // One row for equal failures, whichever instance notes them.
    unique: &[&["kind", "subject_id", "cause"]],
    indexes: &[&["last_seen"]],
    clustered: false,
};
