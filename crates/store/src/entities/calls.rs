//! Calls: the accounting row of one paid use of a model.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub member_id: Uuid,
    pub key_id: Uuid,
    pub group_id: Uuid,
    pub connection_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub door: String,
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    pub parent_call_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub model: String,
    pub admitted_at: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub outcome: Option<String>,
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
    #[sea_orm(column_type = "Text")]
    pub price_state: String,
    pub hold_nano_usd: i64,
    pub cost_nano_usd: Option<i64>,
    pub charge_nano_usd: Option<i64>,
    pub overrun: bool,
    #[sea_orm(column_type = "Text")]
    pub tag: Option<String>,
    pub first_token_ms: Option<i64>,
    pub duration_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
