//! The audit trail: who did what to whom. Rows are only ever added.

use domain::{AuditId, MemberId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::entities::audit::{ActiveModel, Column, Entity, Model};
use crate::{Result, Store, WriteTx};

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; nil for the command line and the house itself.
    pub actor_id: MemberId,
    /// What, by its stable name.
    pub action: String,
    /// To whom or what.
    pub subject_id: Uuid,
    /// Its name at the time.
    pub subject: String,
    /// Details as JSON; never a secret.
    pub detail: String,
    /// The socket address of the request, or `cli`.
    pub address: String,
}

impl From<Model> for AuditRow {
    fn from(row: Model) -> Self {
        Self {
            id: AuditId(row.id),
            at: Timestamp(row.at),
            actor_id: MemberId(row.actor_id),
            action: row.action,
            subject_id: row.subject_id,
            subject: row.subject,
            detail: row.detail,
            address: row.address,
        }
    }
}

impl Store {
    /// Acts, newest first, before a given one.
    pub async fn audit_list(&self, before: Option<AuditId>, most: u64) -> Result<Vec<AuditRow>> {
        let mut query = Entity::find().order_by_desc(Column::Id).limit(most);
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before.0));
        }
        Ok(query
            .all(self.reader())
            .await?
            .into_iter()
            .map(AuditRow::from)
            .collect())
    }
}

impl WriteTx {
    /// Writes an act down, in the transaction that does it.
    pub async fn audit_create(&self, row: &AuditRow) -> Result<()> {
        let row = ActiveModel {
            id: Set(row.id.0),
            at: Set(row.at.0),
            actor_id: Set(row.actor_id.0),
            action: Set(row.action.clone()),
            subject_id: Set(row.subject_id),
            subject: Set(row.subject.clone()),
            detail: Set(row.detail.clone()),
            address: Set(row.address.clone()),
        };
        Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }
}
