//! Leases: an instance counts one row up; one that stands still is dead.

use domain::{InstanceId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set};

use crate::convert::time;
use crate::entities::instances::{ActiveModel, Column, Entity, Model};
use crate::{Result, Store, WriteTx};

/// A running process, or one that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Which.
    pub id: InstanceId,
    /// Counts up while it lives.
    pub counter: i64,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// When it last showed that it lives, by its own clock.
    pub seen_at: Option<Timestamp>,
    /// Ids of the master keys that it has.
    pub master_keys: Vec<String>,
}

impl Store {
    /// Every lease, oldest first.
    pub async fn lease_list(&self) -> Result<Vec<Lease>> {
        let rows = Entity::find()
            .order_by_asc(Column::StartedAt)
            .order_by_asc(Column::Id)
            .all(self.reader())
            .await?;
        let lease = |row: Model| Lease {
            id: InstanceId(row.id),
            counter: row.counter,
            started_at: Timestamp(row.started_at),
            seen_at: time(row.seen_at),
            master_keys: row.master_keys.split(' ').map(str::to_owned).collect(),
        };
        Ok(rows.into_iter().map(lease).collect())
    }

    /// Every instance's counter.
    pub async fn instance_list(&self) -> Result<Vec<(InstanceId, i64)>> {
        let rows = Entity::find().all(self.reader()).await?;
        Ok(rows
            .into_iter()
            .map(|row| (InstanceId(row.id), row.counter))
            .collect())
    }
}

impl WriteTx {
    /// Announces this process, and the master keys it has.
    pub async fn instance_create(
        &self,
        id: InstanceId,
        now: Timestamp,
        master_keys: &[String],
    ) -> Result<()> {
        let row = ActiveModel {
            id: Set(id.0),
            counter: Set(0),
            started_at: Set(now.0),
            seen_at: Set(Some(now.0)),
            master_keys: Set(master_keys.join(" ")),
        };
        Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Shows that it lives; makes the lease again if another instance took it away.
    pub async fn instance_beat(
        &self,
        id: InstanceId,
        now: Timestamp,
        master_keys: &[String],
    ) -> Result<()> {
        let beaten = Entity::update_many()
            .col_expr(Column::Counter, Expr::col(Column::Counter).add(1))
            .col_expr(Column::SeenAt, Expr::value(now.0))
            .col_expr(Column::MasterKeys, Expr::value(master_keys.join(" ")))
            .filter(Column::Id.eq(id.0))
            .exec(&self.tx)
            .await?;
        if beaten.rows_affected == 0 {
            self.instance_create(id, now, master_keys).await?;
        }
        Ok(())
    }

    /// Removes a lease whose calls are all resolved.
    pub async fn instance_delete(&self, id: InstanceId) -> Result<()> {
        Entity::delete_by_id(id.0).exec(&self.tx).await?;
        Ok(())
    }
}
