//! Signing in and out, and what members do with their own logins and password.

use domain::error::Conflict;
use domain::people::{Email, MemberStatus, SessionRow, check_password};
use domain::{AppError, MemberId, SessionId};
use store::WriteTx;
use store::members::Member;
use store::revisions::Subject;
use store::sessions::{OneTimePurpose, Session};
use uuid::Uuid;

use crate::access::{Guessed, Origin, SignedIn};
use crate::audit::{Act, Action};
use crate::secrets::{Token, hash};
use crate::{Error, Result, Services};

impl Services {
    /// Signs a member in; returns the secret of a new login. A login that the browser brought
    /// along ends, so that a planted one is worth nothing.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for an unknown address, a wrong password and a member who is
    /// not active alike; [`AppError::Throttled`] after too many tries.
    pub async fn sign_in(
        &self,
        email: &str,
        password: String,
        origin: &Origin,
        brought: Option<&str>,
    ) -> Result<String> {
        let email = Email::parse(email).ok();
        // What is no address is nobody's: it counts against its sender only.
        let account = email
            .as_ref()
            .map(|email| Guessed::Password(hash(email.as_str())));
        let now_ms = self.runtime().clock.monotonic_ms();
        let throttles = &self.inner.throttles;
        throttles.check(now_ms, origin.address, account.as_ref())?;
        throttles.count(now_ms, origin.address, account.as_ref());
        let member = match &email {
            Some(email) => self.store().member_find_by_email(email.as_str()).await?,
            None => None,
        };
        let hash = member
            .as_ref()
            .and_then(|member| member.password_hash.clone());
        // Longer ones were never chosen; the work stays the same.
        let password = if password.len() > domain::people::PASSWORD_MOST {
            String::new()
        } else {
            password
        };
        let right = self.inner.passwords.verify(password, hash).await?;
        let member = member
            .filter(|member| right && member.status == MemberStatus::Active)
            .ok_or(AppError::WrongCredentials)?;
        if let Some(account) = &account {
            throttles.forgive(origin.address, account);
        }
        let tx = self.store().write().await?;
        self.still_as_proved(&tx, &member).await?;
        if let Some(brought) = brought {
            self.session_end_in_tx(&tx, brought).await?;
        }
        let secret = self.session_create_in_tx(&tx, member.id, origin).await?;
        self.write_own_act(&tx, &member, Action::SignedIn, &origin.address.to_string())
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Ends the login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, who: &SignedIn) -> Result<()> {
        let tx = self.store().write().await?;
        tx.session_delete(who.member_id, who.session_id).await?;
        tx.revision_bump(Subject::Access).await?;
        self.write_signed_in_act(&tx, who, Action::SignedOut, "")
            .await?;
        tx.commit().await?;
        // Open tabs of this login are asked again, here and on every other instance.
        self.refresh().await
    }

    /// The member's logins, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_list(&self, who: &SignedIn) -> Result<Vec<SessionRow>> {
        let rows = self.store().session_list(who.member_id).await?;
        Ok(rows
            .into_iter()
            .map(|session| SessionRow {
                id: session.id,
                agent: session.agent,
                created_at: session.created_at,
                seen_at: session.seen_at,
                current: session.id == who.session_id,
            })
            .collect())
    }

    /// Ends one of the member's logins, or every other one.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the login is not theirs or not there.
    pub async fn session_end(&self, who: &SignedIn, id: Option<SessionId>) -> Result<()> {
        let tx = self.store().write().await?;
        match id {
            Some(id) => {
                if !tx.session_delete(who.member_id, id).await? {
                    return Err(AppError::NotFound.into());
                }
            }
            None => {
                tx.session_delete_all(who.member_id, Some(who.session_id))
                    .await?;
            }
        }
        tx.revision_bump(Subject::Access).await?;
        self.write_signed_in_act(&tx, who, Action::SessionEnded, "")
            .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(())
    }

    /// Enters the password again for what needs it; returns the secret of a new login that
    /// replaces the present one.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], or [`AppError::Throttled`].
    pub async fn prove(&self, who: &SignedIn, password: String, origin: &Origin) -> Result<String> {
        let member = self.verify_own(who, password, origin).await?;
        let tx = self.store().write().await?;
        self.still_as_proved(&tx, &member).await?;
        if !tx.session_delete(who.member_id, who.session_id).await? {
            // Ended meanwhile: a proof must not bring it back.
            return Err(AppError::SignedOut.into());
        }
        let secret = self
            .session_create_in_tx(&tx, who.member_id, origin)
            .await?;
        // What is connected with the old login asks again.
        tx.revision_bump(Subject::Access).await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(secret)
    }

    /// Changes the member's own password. Every login ends; the secret of a new one comes back.
    ///
    /// # Errors
    /// A wrong current password, or a new one that is not acceptable.
    pub async fn password_change(
        &self,
        who: &SignedIn,
        current: String,
        new: String,
        origin: &Origin,
    ) -> Result<String> {
        check_password(&new).map_err(|fault| Error::invalid("new_password", fault))?;
        let member = self.verify_own(who, current, origin).await?;
        let hash = self.inner.passwords.hash(new).await?;
        let tx = self.store().write().await?;
        self.still_as_proved(&tx, &member).await?;
        if !tx.session_delete(who.member_id, who.session_id).await? {
            return Err(AppError::SignedOut.into());
        }
        tx.member_set_password(who.member_id, Some(&hash)).await?;
        tx.session_delete_all(who.member_id, None).await?;
        tx.one_time_delete(OneTimePurpose::ChoosePassword, who.member_id)
            .await?;
        let secret = self
            .session_create_in_tx(&tx, who.member_id, origin)
            .await?;
        tx.revision_bump(Subject::Access).await?;
        self.write_signed_in_act(&tx, who, Action::PasswordChanged, "")
            .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(secret)
    }

    /// Chooses a password over a one-time link and signs in. Each link works once.
    ///
    /// # Errors
    /// [`Conflict::LinkSpent`] for a link that is unknown, used or expired.
    pub async fn password_choose(
        &self,
        token: &str,
        password: String,
        origin: &Origin,
    ) -> Result<String> {
        check_password(&password).map_err(|fault| Error::invalid("password", fault))?;
        let spent = || Error::conflict(Conflict::LinkSpent);
        let now = self.runtime().now();
        let token = hash(token.trim());
        let purpose = OneTimePurpose::ChoosePassword;
        let now_ms = self.runtime().clock.monotonic_ms();
        self.inner.throttles.check(now_ms, origin.address, None)?;
        let Some(member_id) = self.store().one_time_peek(&token, purpose, now).await? else {
            self.inner.throttles.count(now_ms, origin.address, None);
            return Err(spent());
        };
        let hash = self.inner.passwords.hash(password).await?;
        let tx = self.store().write().await?;
        if !tx.one_time_spend(&token, purpose, now).await? {
            return Err(spent());
        }
        let member = tx.member_lock(member_id).await?.ok_or_else(spent)?;
        match member.status {
            MemberStatus::Disabled => return Err(spent()),
            MemberStatus::Invited => {
                tx.member_set_status(member.id, MemberStatus::Active)
                    .await?;
            }
            MemberStatus::Active => {}
        }
        tx.member_set_password(member.id, Some(&hash)).await?;
        tx.session_delete_all(member.id, None).await?;
        let secret = self.session_create_in_tx(&tx, member.id, origin).await?;
        tx.revision_bump(Subject::Access).await?;
        self.write_own_act(
            &tx,
            &member,
            Action::PasswordChosen,
            &origin.address.to_string(),
        )
        .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(secret)
    }

    /// Sets the member's language.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_locale(&self, who: &SignedIn, locale: locales::Locale) -> Result<()> {
        let tx = self.store().write().await?;
        tx.member_set_locale(who.member_id, locale.tag()).await?;
        tx.revision_bump(Subject::Access).await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// Sets the member's time zone.
    ///
    /// # Errors
    /// A zone nobody knows.
    pub async fn set_time_zone(&self, who: &SignedIn, zone: &str) -> Result<()> {
        if domain::limits::window::zone(zone).is_none() {
            return Err(Error::invalid("zone", domain::people::Fault::Malformed));
        }
        let tx = self.store().write().await?;
        tx.member_set_time_zone(who.member_id, zone).await?;
        tx.revision_bump(Subject::Access).await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// Adds a login; returns its secret.
    pub(crate) async fn session_create_in_tx(
        &self,
        tx: &WriteTx,
        member_id: MemberId,
        origin: &Origin,
    ) -> Result<String> {
        let now = self.runtime().now();
        let token = Token::new(self.runtime(), "");
        let session = Session {
            id: self.runtime().id::<Uuid>().into(),
            member_id,
            agent: origin.agent.chars().take(200).collect(),
            created_at: now,
            seen_at: now,
            proved_at: now,
        };
        tx.session_create(&session, &token.hash()).await?;
        Ok(token.reveal())
    }

    async fn session_end_in_tx(&self, tx: &WriteTx, secret: &str) -> Result<()> {
        if let Some(session) = self.store().session_find(&hash(secret)).await? {
            tx.session_delete(session.member_id, session.id).await?;
        }
        Ok(())
    }

    /// The member, if the password is theirs.
    async fn verify_own(
        &self,
        who: &SignedIn,
        password: String,
        origin: &Origin,
    ) -> Result<Member> {
        let account = Guessed::StepUp(who.member_id);
        let now_ms = self.runtime().clock.monotonic_ms();
        let throttles = &self.inner.throttles;
        throttles.check(now_ms, origin.address, Some(&account))?;
        throttles.count(now_ms, origin.address, Some(&account));
        let member = self.store().member_find(who.member_id).await?;
        let hash = member
            .as_ref()
            .and_then(|member| member.password_hash.clone());
        let right = self.inner.passwords.verify(password, hash).await?;
        let member = member.filter(|_| right).ok_or(AppError::WrongCredentials)?;
        throttles.forgive(origin.address, &account);
        Ok(member)
    }

    /// Refuses when the member was shut out or chose another password while this one was checked:
    /// a proof in flight must not outlive "end everything".
    async fn still_as_proved(&self, tx: &WriteTx, proved: &Member) -> Result<()> {
        let now = tx.member_lock(proved.id).await?;
        let same = now.is_some_and(|now| {
            now.status == MemberStatus::Active && now.password_hash == proved.password_hash
        });
        if same {
            Ok(())
        } else {
            Err(AppError::WrongCredentials.into())
        }
    }

    pub(crate) async fn write_signed_in_act(
        &self,
        tx: &WriteTx,
        who: &SignedIn,
        action: Action,
        detail: &str,
    ) -> Result<()> {
        let act = Act {
            actor: who.member_id,
            address: &who.address,
            action,
            subject_id: who.member_id.0,
            subject: &who.name,
            detail,
        };
        self.write_act(tx, &act).await
    }

    async fn write_own_act(
        &self,
        tx: &WriteTx,
        member: &Member,
        action: Action,
        address: &str,
    ) -> Result<()> {
        let act = Act {
            actor: member.id,
            address,
            action,
            subject_id: member.id.0,
            subject: &member.name,
            detail: "",
        };
        self.write_act(tx, &act).await
    }
}

impl Services {
    /// The member's e-mail address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_email(&self, who: &SignedIn) -> Result<Option<String>> {
        Ok(self.store().member_email(who.member_id).await?)
    }

    /// Minutes the member's clock is ahead of UTC now: their own zone, else the house's.
    pub fn offset_minutes(&self, who: &SignedIn) -> i32 {
        let house = self.house();
        let zone = who.time_zone.as_deref().unwrap_or(&house.settings.zone);
        domain::limits::window::zone(zone).map_or(0, |zone| {
            domain::limits::window::offset_minutes(zone, self.runtime().now())
        })
    }
}
