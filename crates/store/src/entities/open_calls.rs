//! What is only needed while a call is open.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "open_calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub call_id: Uuid,
    pub instance_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub holds: String,
    pub input_estimate: i64,
    #[sea_orm(column_type = "Text")]
    pub attempt: String,
    pub output_bytes: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
