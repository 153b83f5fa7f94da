//! Sums in 15-minute buckets of the admission time.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "rollups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bucket: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub model: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub door: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub usage_source: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub price_state: String,
    pub calls: i64,
    pub failed_calls: i64,
    pub input: i64,
    pub cached_input: i64,
    pub cache_write: i64,
    pub output: i64,
    pub reasoning: i64,
    pub searches: i64,
    pub requests: i64,
    pub cost_nano_usd: i64,
    pub charge_nano_usd: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
