//! A running server tells which master keys it has: nothing is sealed with a new one before every
//! server can open it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = ColumnDef::new(Alias::new("master_keys"))
            .text()
            .not_null()
            .default("")
            .take();
        let change = Table::alter()
            .table(Alias::new("instances"))
            .add_column(keys)
            .take();
        manager.alter_table(change).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
