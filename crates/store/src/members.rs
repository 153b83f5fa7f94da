//! Members and the addresses that lead to them.

use domain::people::{MemberStatus, Role};
use domain::{MemberId, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::convert::word;
use crate::entities::{member_identities, members};
use crate::{Engine, Result, Store, StoreError, WriteTx};

/// A member.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Id.
    pub id: MemberId,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Status.
    pub status: MemberStatus,
    /// Cost group; nil for the house.
    pub group_id: Uuid,
    /// Argon2id in PHC form; a member may have none.
    pub password_hash: Option<String>,
    /// Language chosen.
    pub locale: Option<String>,
    /// IANA zone.
    pub time_zone: Option<String>,
    /// When they were made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

fn member(row: members::Model) -> Result<Member> {
    Ok(Member {
        id: MemberId(row.id),
        name: row.name,
        role: word("members", "role", &row.role)?,
        status: word("members", "status", &row.status)?,
        group_id: row.group_id,
        password_hash: row.password_hash,
        locale: row.locale,
        time_zone: row.time_zone,
        created_at: Timestamp(row.created_at),
    })
}

const EMAIL: &str = "email";

impl Store {
    /// A member by id.
    pub async fn member_find(&self, id: MemberId) -> Result<Option<Member>> {
        members::Entity::find_by_id(id.0)
            .one(self.reader())
            .await?
            .map(member)
            .transpose()
    }

    /// A member by canonical e-mail address.
    pub async fn member_find_by_email(&self, email: &str) -> Result<Option<Member>> {
        let key = (EMAIL.to_owned(), email.to_owned());
        let identity = member_identities::Entity::find_by_id(key)
            .one(self.reader())
            .await?;
        match identity {
            Some(identity) => self.member_find(MemberId(identity.member_id)).await,
            None => Ok(None),
        }
    }

    /// A member's e-mail address.
    pub async fn member_email(&self, id: MemberId) -> Result<Option<String>> {
        let identity = member_identities::Entity::find()
            .filter(member_identities::Column::MemberId.eq(id.0))
            .filter(member_identities::Column::Kind.eq(EMAIL))
            .order_by_asc(member_identities::Column::Value)
            .one(self.reader())
            .await?;
        Ok(identity.map(|identity| identity.value))
    }

    /// Every member, oldest first.
    pub async fn member_list(&self) -> Result<Vec<Member>> {
        let rows = members::Entity::find()
            .order_by_asc(members::Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(member).collect()
    }

    /// Every e-mail address with its member.
    pub async fn member_email_list(&self) -> Result<Vec<(MemberId, String)>> {
        let rows = member_identities::Entity::find()
            .filter(member_identities::Column::Kind.eq(EMAIL))
            .order_by_asc(member_identities::Column::Value)
            .all(self.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (MemberId(row.member_id), row.value))
            .collect())
    }

    /// Whether a member wants no guide.
    pub async fn guide_is_skipped(&self, id: MemberId) -> Result<bool> {
        let skipped: Option<Option<i64>> = members::Entity::find_by_id(id.0)
            .select_only()
            .column(members::Column::GuideSkippedAt)
            .into_tuple()
            .one(self.reader())
            .await?;
        Ok(skipped.flatten().is_some())
    }

    /// Whether anybody is here yet.
    pub async fn member_exists(&self) -> Result<bool> {
        Ok(members::Entity::find()
            .limit(1)
            .count(self.reader())
            .await?
            > 0)
    }
}

impl WriteTx {
    /// Adds a member and their address.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with [`crate::Taken::Identity`] when the address leads to somebody.
    pub async fn member_create(&self, new: &Member, email: Option<&str>) -> Result<()> {
        let row = members::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            role: Set(new.role.word().to_owned()),
            status: Set(new.status.word().to_owned()),
            group_id: Set(new.group_id),
            password_hash: Set(new.password_hash.clone()),
            locale: Set(new.locale.clone()),
            time_zone: Set(new.time_zone.clone()),
            created_at: Set(new.created_at.0),
            guide_skipped_at: Set(None),
        };
        members::Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await?;
        if let Some(email) = email {
            let row = member_identities::ActiveModel {
                kind: Set(EMAIL.to_owned()),
                value: Set(email.to_owned()),
                member_id: Set(new.id.0),
                verified_at: Set(None),
            };
            let taken = OnConflict::columns([
                member_identities::Column::Kind,
                member_identities::Column::Value,
            ])
            .do_nothing()
            .to_owned();
            // A failed statement would end a PostgreSQL transaction: look at the count instead.
            let inserted = member_identities::Entity::insert(row)
                .on_conflict(taken)
                .exec_without_returning(&self.tx)
                .await?;
            if inserted == 0 {
                return Err(StoreError::Conflict(crate::Taken::Identity));
            }
        }
        Ok(())
    }

    /// A member as this transaction sees and keeps it: nobody else changes the row until it ends.
    pub async fn member_lock(&self, id: MemberId) -> Result<Option<Member>> {
        let mut query = members::Entity::find_by_id(id.0);
        if self.engine == Engine::Postgres {
            query = query.lock_exclusive();
        }
        query.one(&self.tx).await?.map(member).transpose()
    }

    /// These members and every owner, locked, in one statement and one order: two admins who change
    /// each other, or two owners who leave at once, wait instead of blocking each other.
    pub async fn member_lock_with_owners(&self, ids: &[MemberId]) -> Result<Vec<Member>> {
        let wanted = members::Column::Role
            .eq(Role::Owner.word())
            .or(members::Column::Id.is_in(ids.iter().map(|id| id.0)));
        let mut query = members::Entity::find()
            .filter(wanted)
            .order_by_asc(members::Column::Id);
        if self.engine == Engine::Postgres {
            query = query.lock_exclusive();
        }
        query.all(&self.tx).await?.into_iter().map(member).collect()
    }

    /// Sets a role.
    pub async fn member_set_role(&self, id: MemberId, role: Role) -> Result<()> {
        self.member_set(id, members::Column::Role, role.word().into())
            .await
    }

    /// Sets a status.
    pub async fn member_set_status(&self, id: MemberId, status: MemberStatus) -> Result<()> {
        self.member_set(id, members::Column::Status, status.word().into())
            .await
    }

    /// Sets a password hash, or takes it away.
    pub async fn member_set_password(&self, id: MemberId, hash: Option<&str>) -> Result<()> {
        self.member_set(
            id,
            members::Column::PasswordHash,
            Expr::value(hash.map(str::to_owned)),
        )
        .await
    }

    /// Sets the language.
    pub async fn member_set_locale(&self, id: MemberId, locale: &str) -> Result<()> {
        self.member_set(id, members::Column::Locale, locale.into())
            .await
    }

    /// Sets the time zone.
    pub async fn member_set_time_zone(&self, id: MemberId, zone: &str) -> Result<()> {
        self.member_set(id, members::Column::TimeZone, zone.into())
            .await
    }

    /// Remembers that the member wants no guide.
    pub async fn guide_skip(&self, id: MemberId, now: Timestamp) -> Result<()> {
        self.member_set(id, members::Column::GuideSkippedAt, now.0.into())
            .await
    }

    async fn member_set(&self, id: MemberId, column: members::Column, value: Expr) -> Result<()> {
        members::Entity::update_many()
            .col_expr(column, value)
            .filter(Expr::col(members::Column::Id).eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}
