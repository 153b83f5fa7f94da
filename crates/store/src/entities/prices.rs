//! The price book.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub model: String,
    pub connection_id: Uuid,
    pub valid_from: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "Text")]
    pub source_note: String,
    pub input: i64,
    pub cached_input: Option<i64>,
    pub cache_write: Option<i64>,
    #[sea_orm(column_name = "cache_write_1h")]
    pub cache_write_1h: Option<i64>,
    pub output: i64,
    pub reasoning: Option<i64>,
    pub search: Option<i64>,
    pub request: Option<i64>,
    pub long_above_tokens: Option<i64>,
    pub long_input: Option<i64>,
    pub long_cached_input: Option<i64>,
    pub long_output: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
