//! Members as admins see and change them.

use domain::error::Conflict;
use domain::people::{Email, MemberRow, MemberStatus, Role, check_password, parse_name};
use domain::time::DAY_MS;
use domain::{AppError, MemberId};
use store::WriteTx;
use store::members::Member;
use store::revisions::Subject;
use store::sessions::OneTimePurpose;
use uuid::Uuid;

use crate::access::Administrator;
use crate::audit::{Act, Action};
use crate::secrets::Token;
use crate::setup::NAME_MOST;
use crate::{Error, Result, Services};

/// A one-time link: shown once, to the admin who made it.
pub struct Link {
    /// What stands after the `#` of its address.
    pub token: String,
    /// When it stops working by itself.
    pub expires_at: domain::Timestamp,
}

/// How long a one-time link works.
const LINK_MS: i64 = DAY_MS;

impl Services {
    /// Every member, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_list(&self, admin: &Administrator) -> Result<Vec<MemberRow>> {
        let emails: std::collections::HashMap<MemberId, String> = self
            .store()
            .member_email_list()
            .await?
            .into_iter()
            .collect();
        let rows = self.store().member_list().await?;
        Ok(rows
            .into_iter()
            .map(|member| MemberRow {
                id: member.id,
                email: emails.get(&member.id).cloned(),
                name: member.name,
                role: member.role,
                status: member.status,
                created_at: member.created_at,
                may_act: admin.role.may_act_on(member.role) && admin.member_id != member.id,
            })
            .collect())
    }

    /// Makes a member who chooses a password over a one-time link; returns the link, which
    /// is shown once to this admin and never again.
    ///
    /// # Errors
    /// Unacceptable fields, a taken address, or a role above the admin's own.
    pub async fn member_invite(
        &self,
        admin: &Administrator,
        name: &str,
        email: &str,
        role: Role,
    ) -> Result<Link> {
        admin.require_fresh()?;
        let (member, email) = self.new_member(admin, name, email, role)?;
        let now = self.runtime().now();
        let token = Token::new(self.runtime(), "");
        let tx = self.store().write().await?;
        self.people(&tx, admin, None).await?;
        tx.member_create(&member, Some(email.as_str())).await?;
        tx.one_time_create(
            &token.hash(),
            OneTimePurpose::ChoosePassword,
            member.id,
            now,
            now.plus(LINK_MS),
        )
        .await?;
        tx.revision_bump(Subject::Access).await?;
        self.write_member_act(&tx, admin, Action::MemberCreated, &member, role.word())
            .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(Link {
            token: token.reveal(),
            expires_at: now.plus(LINK_MS),
        })
    }

    /// Makes a member with a password: only for the command line, whose caller knows it anyway.
    /// An owner made so closes the set-up page.
    ///
    /// # Errors
    /// Unacceptable fields, or a taken address.
    pub async fn member_create_with_password(
        &self,
        admin: &Administrator,
        name: &str,
        email: &str,
        role: Role,
        password: String,
    ) -> Result<MemberId> {
        check_password(&password).map_err(|fault| Error::invalid("password", fault))?;
        let (mut member, email) = self.new_member(admin, name, email, role)?;
        member.password_hash = Some(self.inner.passwords.hash(password).await?);
        member.status = MemberStatus::Active;
        let tx = self.store().write().await?;
        tx.member_create(&member, Some(email.as_str())).await?;
        if role == Role::Owner {
            self.claim_set_up(&tx).await?;
        }
        tx.revision_bump(Subject::Access).await?;
        self.write_member_act(&tx, admin, Action::MemberCreated, &member, role.word())
            .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(member.id)
    }

    fn new_member(
        &self,
        admin: &Administrator,
        name: &str,
        email: &str,
        role: Role,
    ) -> Result<(Member, Email)> {
        let name = parse_name(name, NAME_MOST).map_err(|fault| Error::invalid("name", fault))?;
        let email = Email::parse(email).map_err(|fault| Error::invalid("email", fault))?;
        if !admin.role.may_act_on(role) {
            return Err(AppError::Forbidden.into());
        }
        let member = Member {
            id: self.runtime().id::<Uuid>().into(),
            name,
            role,
            status: MemberStatus::Invited,
            group_id: Uuid::nil(),
            password_hash: None,
            locale: None,
            time_zone: None,
            created_at: self.runtime().now(),
        };
        Ok((member, email))
    }

    /// Shuts a member out, or lets them in again. Shutting out ends every login, link and running
    /// call; keys sleep until their owner is let in again.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or [`Conflict::LastOwner`].
    pub async fn member_set_enabled(
        &self,
        admin: &Administrator,
        id: MemberId,
        enabled: bool,
    ) -> Result<()> {
        admin.require_fresh()?;
        let tx = self.store().write().await?;
        let people = self.people(&tx, admin, Some(id)).await?;
        let member = people.to_change(admin, id)?;
        let status = match (enabled, member.password_hash.is_some()) {
            (false, _) => MemberStatus::Disabled,
            (true, true) => MemberStatus::Active,
            (true, false) => MemberStatus::Invited,
        };
        if !enabled {
            people.keep_an_owner(member)?;
            tx.session_delete_all(id, None).await?;
            tx.one_time_delete(OneTimePurpose::ChoosePassword, id)
                .await?;
        }
        tx.member_set_status(id, status).await?;
        tx.revision_bump(Subject::Access).await?;
        let action = if enabled {
            Action::MemberEnabled
        } else {
            Action::MemberDisabled
        };
        self.write_member_act(&tx, admin, action, member, "")
            .await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// Gives a member another role. Their logins end: the new role starts with a new one. So do
    /// one-time links: one that an admin made for a plain member must not open an owner's account.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or [`Conflict::LastOwner`].
    pub async fn member_set_role(
        &self,
        admin: &Administrator,
        id: MemberId,
        role: Role,
    ) -> Result<()> {
        admin.require_fresh()?;
        let tx = self.store().write().await?;
        let people = self.people(&tx, admin, Some(id)).await?;
        let member = people.to_change(admin, id)?;
        if !admin.role.may_act_on(role) {
            return Err(AppError::Forbidden.into());
        }
        if role != Role::Owner {
            people.keep_an_owner(member)?;
        }
        tx.member_set_role(id, role).await?;
        tx.session_delete_all(id, None).await?;
        tx.one_time_delete(OneTimePurpose::ChoosePassword, id)
            .await?;
        tx.revision_bump(Subject::Access).await?;
        self.write_member_act(&tx, admin, Action::RoleChanged, member, role.word())
            .await?;
        tx.commit().await?;
        self.refresh().await
    }

    /// Makes a one-time link over which a member chooses a new password. Every
    /// login of theirs ends now; nobody ever sets another's password.
    ///
    /// # Errors
    /// [`AppError::NotFound`] or [`AppError::Forbidden`].
    pub async fn member_reset(&self, admin: &Administrator, id: MemberId) -> Result<Link> {
        admin.require_fresh()?;
        let now = self.runtime().now();
        let token = Token::new(self.runtime(), "");
        let tx = self.store().write().await?;
        let people = self.people(&tx, admin, Some(id)).await?;
        let member = people.to_change(admin, id)?;
        if member.status == MemberStatus::Disabled {
            return Err(AppError::Forbidden.into());
        }
        tx.session_delete_all(id, None).await?;
        tx.one_time_create(
            &token.hash(),
            OneTimePurpose::ChoosePassword,
            id,
            now,
            now.plus(LINK_MS),
        )
        .await?;
        tx.revision_bump(Subject::Access).await?;
        self.write_member_act(&tx, admin, Action::PasswordResetIssued, member, "")
            .await?;
        tx.commit().await?;
        self.refresh().await?;
        Ok(Link {
            token: token.reveal(),
            expires_at: now.plus(LINK_MS),
        })
    }

    /// Locks who acts, who is acted on and every owner, and looks at the first again: a role may have
    /// changed since the request was resolved.
    async fn people(
        &self,
        tx: &WriteTx,
        admin: &Administrator,
        id: Option<MemberId>,
    ) -> Result<People> {
        let ids: Vec<MemberId> = [Some(admin.member_id), id].into_iter().flatten().collect();
        let people = People(tx.member_lock_with_owners(&ids).await?);
        if admin.member_id != MemberId::NIL {
            people
                .find(admin.member_id)
                .filter(|now| now.status == MemberStatus::Active && now.role == admin.role)
                .ok_or(AppError::Forbidden)?;
        }
        Ok(people)
    }

    async fn write_member_act(
        &self,
        tx: &WriteTx,
        admin: &Administrator,
        action: Action,
        member: &Member,
        detail: &str,
    ) -> Result<()> {
        let act = Act {
            actor: admin.member_id,
            address: &admin.address,
            action,
            subject_id: member.id.0,
            subject: &member.name,
            detail,
        };
        self.write_act(tx, &act).await
    }
}

/// Members as they are while a change of one of them is decided.
struct People(Vec<Member>);

impl People {
    fn find(&self, id: MemberId) -> Option<&Member> {
        self.0.iter().find(|member| member.id == id)
    }

    /// The member, if this admin may change them. Nobody changes themselves here.
    fn to_change(&self, admin: &Administrator, id: MemberId) -> Result<&Member> {
        let member = self.find(id).ok_or(AppError::NotFound)?;
        if !admin.role.may_act_on(member.role) || admin.member_id == id {
            return Err(AppError::Forbidden.into());
        }
        Ok(member)
    }

    /// Refuses when an owner is about to go and is the last who could still sign in.
    fn keep_an_owner(&self, member: &Member) -> Result<()> {
        let counts =
            |member: &&Member| member.role == Role::Owner && member.status == MemberStatus::Active;
        if counts(&member) && self.0.iter().filter(counts).count() <= 1 {
            return Err(Error::conflict(Conflict::LastOwner));
        }
        Ok(())
    }
}
