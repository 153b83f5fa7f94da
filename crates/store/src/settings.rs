//! Settings of the house: names and values.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::entities::settings::{ActiveModel, Column, Entity};
use crate::{Result, Store, WriteTx};

impl Store {
    /// All settings.
    pub async fn setting_list(&self) -> Result<HashMap<String, String>> {
        let rows = Entity::find().all(self.reader()).await?;
        Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
    }
}

impl WriteTx {
    /// Sets one.
    pub async fn setting_set(&self, name: &str, value: &str) -> Result<()> {
        let row = ActiveModel {
            name: Set(name.to_owned()),
            value: Set(value.to_owned()),
        };
        let replace = OnConflict::column(Column::Name)
            .update_column(Column::Value)
            .to_owned();
        Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Sets one to another value; false when it does not have the old one any more.
    pub async fn setting_replace(&self, name: &str, old: &str, new: &str) -> Result<bool> {
        let done = Entity::update_many()
            .col_expr(Column::Value, Expr::value(new))
            .filter(Column::Name.eq(name))
            .filter(Column::Value.eq(old))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Sets one that nobody has set yet; false when somebody has.
    pub async fn setting_claim(&self, name: &str, value: &str) -> Result<bool> {
        let row = ActiveModel {
            name: Set(name.to_owned()),
            value: Set(value.to_owned()),
        };
        let keep = OnConflict::column(Column::Name).do_nothing().to_owned();
        let inserted = Entity::insert(row)
            .on_conflict(keep)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(inserted > 0)
    }
}
