//! The first five minutes: one owner, made once, by whoever reads the server's console.

use domain::error::Conflict;
use domain::people::{Email, MemberStatus, Role, check_password, parse_name};
use domain::time::DAY_MS;
use domain::{AppError, MemberId};
use store::members::Member;
use store::revisions::Subject;
use store::sessions::OneTimePurpose;
use uuid::Uuid;

use crate::access::Origin;
use crate::audit::{Act, Action};
use crate::house::SET_UP_SETTING;
use crate::secrets::{Token, hash};
use crate::{Error, Result, Services};

/// What the set-up page asks for.
pub struct NewOwner {
    /// The token from the console.
    pub token: String,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Longest name of a member.
pub(crate) const NAME_MOST: usize = 80;

impl Services {
    /// Whether the house has its owner.
    pub fn is_set_up(&self) -> bool {
        self.house().settings.is_set_up
    }

    /// The token that makes the first owner; `None` when the house has one. A token that was made
    /// before and is still known to the caller is kept, so that a restart does not change it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_up_token(&self, known: Option<String>) -> Result<Option<String>> {
        if self.is_set_up() {
            return Ok(None);
        }
        let now = self.runtime().now();
        if let Some(known) = known {
            let valid = self
                .store()
                .one_time_peek(&hash(&known), OneTimePurpose::SetUp, now)
                .await?;
            if valid.is_some() {
                return Ok(Some(known));
            }
        }
        let token = Token::new(self.runtime(), "");
        let tx = self.store().write().await?;
        tx.one_time_create(
            &token.hash(),
            OneTimePurpose::SetUp,
            MemberId::NIL,
            now,
            now.plus(365 * DAY_MS),
        )
        .await?;
        tx.commit().await?;
        Ok(Some(token.reveal()))
    }

    /// Makes the first owner and signs them in. One of any number of parallel tries succeeds.
    ///
    /// # Errors
    /// A wrong token, unacceptable fields, or a house that is set up already.
    pub async fn set_up(&self, new: NewOwner, origin: &Origin) -> Result<String> {
        let name =
            parse_name(&new.name, NAME_MOST).map_err(|fault| Error::invalid("name", fault))?;
        let email = Email::parse(&new.email).map_err(|fault| Error::invalid("email", fault))?;
        check_password(&new.password).map_err(|fault| Error::invalid("password", fault))?;
        if self.is_set_up() {
            return Err(Error::conflict(Conflict::AlreadySetUp));
        }
        let now = self.runtime().now();
        let token = hash(new.token.trim());
        // Looked at before the costly hash, spent after it.
        let now_ms = self.runtime().clock.monotonic_ms();
        self.inner.throttles.check(now_ms, origin.address, None)?;
        let valid = self
            .store()
            .one_time_peek(&token, OneTimePurpose::SetUp, now)
            .await?;
        if valid.is_none() {
            self.inner.throttles.count(now_ms, origin.address, None);
            return Err(AppError::WrongCredentials.into());
        }
        let password_hash = self.inner.passwords.hash(new.password).await?;
        let member = Member {
            id: self.runtime().id::<Uuid>().into(),
            name,
            role: Role::Owner,
            status: MemberStatus::Active,
            group_id: Uuid::nil(),
            password_hash: Some(password_hash),
            locale: None,
            time_zone: None,
            created_at: now,
        };
        let tx = self.store().write().await?;
        let spent = tx
            .one_time_spend(&token, OneTimePurpose::SetUp, now)
            .await?;
        if !spent || !self.claim_set_up(&tx).await? {
            return Err(Error::conflict(Conflict::AlreadySetUp));
        }
        tx.member_create(&member, Some(email.as_str())).await?;
        tx.revision_bump(Subject::Access).await?;
        let act = Act {
            actor: member.id,
            address: &origin.address.to_string(),
            action: Action::HouseSetUp,
            subject_id: member.id.0,
            subject: &member.name,
            detail: member.role.word(),
        };
        self.write_act(&tx, &act).await?;
        let secret = self.session_create_in_tx(&tx, member.id, origin).await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(secret)
    }

    /// Closes the set-up page; false when it is closed already.
    pub(crate) async fn claim_set_up(&self, tx: &store::WriteTx) -> Result<bool> {
        let first = tx.setting_claim(SET_UP_SETTING, "1").await?;
        if first {
            tx.one_time_delete(OneTimePurpose::SetUp, MemberId::NIL)
                .await?;
            tx.revision_bump(Subject::Settings).await?;
        }
        Ok(first)
    }
}
