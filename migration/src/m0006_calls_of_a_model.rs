//! The calls of one model, newest first, for everybody or for one member. Without an index a rare model
//! would be looked for among all calls. The member stands at the end, so that the calls of others are
//! passed over within the index.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create()
            .name("calls_model_id_member_id")
            .table(Alias::new("calls"))
            .col(Alias::new("model"))
            .col(Alias::new("id"))
            .col(Alias::new("member_id"))
            .take();
        manager.create_index(index).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
