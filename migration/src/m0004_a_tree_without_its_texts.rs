//! The tree of a chat is read from its index alone, in order: without this each place in it costs a
//! look at the row with all its text. Nobody asks for the children of one message.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let messages = || Alias::new("messages");
        let new = Index::create()
            .name("messages_chat_id_id_parent_id")
            .table(messages())
            .col(Alias::new("chat_id"))
            .col(Alias::new("id"))
            .col(Alias::new("parent_id"))
            .take();
        manager.create_index(new).await?;
        let old = Index::drop()
            .name("messages_chat_id_parent_id")
            .table(messages())
            .to_owned();
        manager.drop_index(old).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
