//! State of the limits' windows.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "limit_windows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub limit_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub window_start: i64,
    pub spent: i64,
    pub held: i64,
    pub tat_ns: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
