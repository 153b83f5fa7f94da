//! Providers tried within a call.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "call_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub call_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub connection_id: Uuid,
    pub price_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    pub input: Option<i64>,
    pub cached_input: Option<i64>,
    pub cache_write: Option<i64>,
    #[sea_orm(column_name = "cache_write_1h")]
    pub cache_write_1h: Option<i64>,
    pub output: Option<i64>,
    pub reasoning: Option<i64>,
    pub searches: Option<i64>,
    pub requests: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub usage_source: Option<String>,
    pub cost_nano_usd: Option<i64>,
    pub reported_cost_nano_usd: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
