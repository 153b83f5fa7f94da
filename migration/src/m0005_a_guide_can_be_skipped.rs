//! Whoever wants no guide says so once. What the guide shows stands in the house itself; only this wish
//! has no other place.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let skipped = ColumnDef::new(Alias::new("guide_skipped_at"))
            .big_integer()
            .take();
        let change = Table::alter()
            .table(Alias::new("members"))
            .add_column(skipped)
            .take();
        manager.alter_table(change).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
