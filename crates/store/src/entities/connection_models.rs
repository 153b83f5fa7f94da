//! What a connection can serve.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connection_models")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub model: String,
    #[sea_orm(column_type = "Text")]
    pub label: Option<String>,
    pub chat: bool,
    pub enabled: bool,
    pub listed: bool,
    pub context_tokens: Option<i64>,
    pub max_output_tokens: Option<i64>,
    pub vision: bool,
    pub reasoning: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
