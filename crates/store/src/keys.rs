//! Gateway keys. The secret itself is never here, only its hash.

use domain::{KeyId, MemberId, Timestamp};
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set};

use crate::convert::{json, time, to_json};
use crate::entities::keys::{ActiveModel, Column, Entity, Model};
use crate::{Result, Store, WriteTx};

/// A gateway key.
#[derive(Debug, Clone)]
pub struct Key {
    /// Id.
    pub id: KeyId,
    /// Whose.
    pub member_id: MemberId,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the secret.
    pub secret_hash: Vec<u8>,
    /// Last four characters of the secret.
    pub tail: String,
    /// Models it may use; empty means all that its owner may use.
    pub models: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it dies by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

fn key(row: Model) -> Result<Key> {
    Ok(Key {
        id: KeyId(row.id),
        member_id: MemberId(row.member_id),
        name: row.name,
        secret_hash: row.secret_hash,
        tail: row.tail,
        models: json("keys", "models", &row.models)?,
        created_at: Timestamp(row.created_at),
        expires_at: time(row.expires_at),
        last_used_at: time(row.last_used_at),
        revoked_at: time(row.revoked_at),
    })
}

impl Store {
    /// Every key that could still be good.
    pub async fn key_list_live(&self) -> Result<Vec<Key>> {
        let rows = Entity::find()
            .filter(Column::RevokedAt.is_null())
            .all(self.reader())
            .await?;
        rows.into_iter().map(key).collect()
    }

    /// A member's keys, newest first, revoked ones included.
    pub async fn key_list(&self, member: MemberId) -> Result<Vec<Key>> {
        let rows = Entity::find()
            .filter(Column::MemberId.eq(member.0))
            .order_by_desc(Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(key).collect()
    }

    /// A member's key.
    pub async fn key_find(&self, member: MemberId, id: KeyId) -> Result<Option<Key>> {
        let row = Entity::find_by_id(id.0)
            .filter(Column::MemberId.eq(member.0))
            .one(self.reader())
            .await?;
        row.map(key).transpose()
    }
}

impl WriteTx {
    /// Adds a key.
    pub async fn key_create(&self, new: &Key) -> Result<()> {
        let row = ActiveModel {
            id: Set(new.id.0),
            member_id: Set(new.member_id.0),
            name: Set(new.name.clone()),
            secret_hash: Set(new.secret_hash.clone()),
            tail: Set(new.tail.clone()),
            models: Set(to_json(&new.models)),
            created_at: Set(new.created_at.0),
            expires_at: Set(new.expires_at.map(|at| at.0)),
            last_used_at: Set(None),
            revoked_at: Set(None),
        };
        Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Revokes a member's key; false when it is not theirs, not there, or revoked already.
    pub async fn key_revoke(&self, member: MemberId, id: KeyId, now: Timestamp) -> Result<bool> {
        let done = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(now.0))
            .filter(Column::Id.eq(id.0))
            .filter(Column::MemberId.eq(member.0))
            .filter(Column::RevokedAt.is_null())
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Notes when keys were last used, all in one statement.
    pub async fn key_used(&self, used: &[(KeyId, Timestamp)]) -> Result<()> {
        if used.is_empty() {
            return Ok(());
        }
        let mut at = CaseStatement::new();
        for (id, now) in used {
            at = at.case(Expr::col(Column::Id).eq(id.0), now.0);
        }
        Entity::update_many()
            .col_expr(
                Column::LastUsedAt,
                at.finally(Expr::col(Column::LastUsedAt)).into(),
            )
            .filter(Column::Id.is_in(used.iter().map(|(id, _)| id.0)))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}
