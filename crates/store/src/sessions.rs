//! Browsers' logins and one-time secrets. Of both only hashes are kept.

use domain::calls::Word;
use domain::{MemberId, SessionId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entities::{one_time_secrets, sessions};
use crate::{Result, Store, WriteTx};

/// A browser's login.
#[derive(Debug, Clone)]
pub struct Session {
    /// Id; not the secret.
    pub id: SessionId,
    /// Whose.
    pub member_id: MemberId,
    /// What the browser calls itself.
    pub agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last seen, to the minute.
    pub seen_at: Timestamp,
    /// When the password was last entered.
    pub proved_at: Timestamp,
}

impl From<sessions::Model> for Session {
    fn from(row: sessions::Model) -> Self {
        Self {
            id: SessionId(row.id),
            member_id: MemberId(row.member_id),
            agent: row.agent,
            created_at: Timestamp(row.created_at),
            seen_at: Timestamp(row.seen_at),
            proved_at: Timestamp(row.proved_at),
        }
    }
}

/// What a one-time secret is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneTimePurpose {
    /// Making the house's first owner.
    SetUp,
    /// Choosing a password: a new member, or one whose password an admin reset.
    ChoosePassword,
}

impl Word for OneTimePurpose {
    fn spelling(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::ChoosePassword => "choose_password",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::SetUp, Self::ChoosePassword]
            .into_iter()
            .find(|purpose| purpose.spelling() == word)
    }
}

impl Store {
    /// The login that a secret's hash belongs to.
    pub async fn session_find(&self, secret_hash: &[u8]) -> Result<Option<Session>> {
        let row = sessions::Entity::find()
            .filter(sessions::Column::SecretHash.eq(secret_hash.to_vec()))
            .one(self.reader())
            .await?;
        Ok(row.map(Session::from))
    }

    /// A login by its id: what a long-lived connection asks again and again.
    pub async fn session_find_by_id(&self, id: SessionId) -> Result<Option<Session>> {
        let row = sessions::Entity::find_by_id(id.0)
            .one(self.reader())
            .await?;
        Ok(row.map(Session::from))
    }

    /// A member's logins, newest first.
    pub async fn session_list(&self, member: MemberId) -> Result<Vec<Session>> {
        let rows = sessions::Entity::find()
            .filter(sessions::Column::MemberId.eq(member.0))
            .order_by_desc(sessions::Column::Id)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Whom an unspent secret belongs to, without spending it.
    pub async fn one_time_peek(
        &self,
        secret_hash: &[u8],
        purpose: OneTimePurpose,
        now: Timestamp,
    ) -> Result<Option<MemberId>> {
        let row = one_time_secrets::Entity::find_by_id(secret_hash.to_vec())
            .filter(one_time_secrets::Column::Purpose.eq(purpose.spelling()))
            .filter(one_time_secrets::Column::ExpiresAt.gt(now.0))
            .one(self.reader())
            .await?;
        Ok(row.map(|row| MemberId(row.member_id)))
    }
}

impl WriteTx {
    /// Adds a login.
    pub async fn session_create(&self, session: &Session, secret_hash: &[u8]) -> Result<()> {
        let row = sessions::ActiveModel {
            id: Set(session.id.0),
            secret_hash: Set(secret_hash.to_vec()),
            member_id: Set(session.member_id.0),
            agent: Set(session.agent.clone()),
            created_at: Set(session.created_at.0),
            seen_at: Set(session.seen_at.0),
            proved_at: Set(session.proved_at.0),
        };
        sessions::Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Notes that a login was seen.
    pub async fn session_seen(&self, id: SessionId, now: Timestamp) -> Result<()> {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::SeenAt, Expr::value(now.0))
            .filter(sessions::Column::Id.eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Ends one login of a member; false when it is not theirs or not there.
    pub async fn session_delete(&self, member: MemberId, id: SessionId) -> Result<bool> {
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::Id.eq(id.0))
            .filter(sessions::Column::MemberId.eq(member.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Ends every login of a member, except one if given.
    pub async fn session_delete_all(
        &self,
        member: MemberId,
        keep: Option<SessionId>,
    ) -> Result<u64> {
        let mut query =
            sessions::Entity::delete_many().filter(sessions::Column::MemberId.eq(member.0));
        if let Some(keep) = keep {
            query = query.filter(sessions::Column::Id.ne(keep.0));
        }
        Ok(query.exec(&self.tx).await?.rows_affected)
    }

    /// Removes logins that have ended by themselves: unseen since one instant, or older than another.
    pub async fn session_delete_stale(
        &self,
        unseen_since: Timestamp,
        made_before: Timestamp,
    ) -> Result<u64> {
        let stale = sessions::Column::SeenAt
            .lt(unseen_since.0)
            .or(sessions::Column::CreatedAt.lt(made_before.0));
        Ok(sessions::Entity::delete_many()
            .filter(stale)
            .exec(&self.tx)
            .await?
            .rows_affected)
    }

    /// Adds a one-time secret; earlier ones of the same member and purpose die.
    pub async fn one_time_create(
        &self,
        secret_hash: &[u8],
        purpose: OneTimePurpose,
        member: MemberId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.one_time_delete(purpose, member).await?;
        let row = one_time_secrets::ActiveModel {
            secret_hash: Set(secret_hash.to_vec()),
            purpose: Set(purpose.spelling().to_owned()),
            member_id: Set(member.0),
            created_at: Set(now.0),
            expires_at: Set(expires_at.0),
        };
        one_time_secrets::Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Removes the unspent secrets of a member for a purpose.
    pub async fn one_time_delete(&self, purpose: OneTimePurpose, member: MemberId) -> Result<()> {
        one_time_secrets::Entity::delete_many()
            .filter(one_time_secrets::Column::MemberId.eq(member.0))
            .filter(one_time_secrets::Column::Purpose.eq(purpose.spelling()))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Spends a secret: true for exactly one of any number of tries.
    pub async fn one_time_spend(
        &self,
        secret_hash: &[u8],
        purpose: OneTimePurpose,
        now: Timestamp,
    ) -> Result<bool> {
        let spent = one_time_secrets::Entity::delete_many()
            .filter(one_time_secrets::Column::SecretHash.eq(secret_hash.to_vec()))
            .filter(one_time_secrets::Column::Purpose.eq(purpose.spelling()))
            .filter(one_time_secrets::Column::ExpiresAt.gt(now.0))
            .exec(&self.tx)
            .await?;
        Ok(spent.rows_affected == 1)
    }
}
