//! The audit trail: every change of people, keys, connections, prices and limits, written in the
//! transaction that makes it.

use domain::audit::AuditView;
use domain::chats::Page;
use domain::{AuditId, MemberId};
use store::WriteTx;
use store::audit::AuditRow;
use uuid::Uuid;

use crate::access::Administrator;
use crate::{Result, Services};

/// What was done. The names are stable: they stand in databases and translation tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The first owner was made.
    HouseSetUp,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Somebody ended another of their sessions.
    SessionEnded,
    /// Somebody changed their password.
    PasswordChanged,
    /// A one-time link to choose a password was made for somebody.
    PasswordResetIssued,
    /// Somebody chose a password over a one-time link.
    PasswordChosen,
    /// A member was made.
    MemberCreated,
    /// A member was shut out.
    MemberDisabled,
    /// A member was let in again.
    MemberEnabled,
    /// A member got another role.
    RoleChanged,
    /// A key was made.
    KeyCreated,
    /// A key was revoked.
    KeyRevoked,
    /// A connection was added.
    ConnectionAdded,
    /// A connection was changed.
    ConnectionEdited,
    /// A connection was removed.
    ConnectionRemoved,
    /// Models were switched on.
    ModelEnabled,
    /// Models were switched off.
    ModelDisabled,
    /// A price was set.
    PriceSet,
    /// A limit was set.
    LimitSet,
    /// A limit was removed.
    LimitRemoved,
    /// Somebody looks after a problem.
    ProblemAcknowledged,
    /// Somebody says that a problem is over.
    ProblemResolved,
    /// Somebody says that a problem is not over.
    ProblemReopened,
    /// Another master key seals from now on.
    MasterKeyTurned,
    /// A setting of the house was changed.
    SettingsChanged,
}

impl Action {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::HouseSetUp => "house_set_up",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SessionEnded => "session_ended",
            Self::PasswordChanged => "password_changed",
            Self::PasswordResetIssued => "password_reset_issued",
            Self::PasswordChosen => "password_chosen",
            Self::MemberCreated => "member_created",
            Self::MemberDisabled => "member_disabled",
            Self::MemberEnabled => "member_enabled",
            Self::RoleChanged => "role_changed",
            Self::KeyCreated => "key_created",
            Self::KeyRevoked => "key_revoked",
            Self::ConnectionAdded => "connection_added",
            Self::ConnectionEdited => "connection_edited",
            Self::ConnectionRemoved => "connection_removed",
            Self::ModelEnabled => "model_enabled",
            Self::ModelDisabled => "model_disabled",
            Self::PriceSet => "price_set",
            Self::LimitSet => "limit_set",
            Self::LimitRemoved => "limit_removed",
            Self::ProblemAcknowledged => "problem_acknowledged",
            Self::ProblemResolved => "problem_resolved",
            Self::ProblemReopened => "problem_reopened",
            Self::MasterKeyTurned => "master_key_turned",
            Self::SettingsChanged => "settings_changed",
        }
    }
}

/// One act, about to be written down.
pub(crate) struct Act<'a> {
    pub(crate) actor: MemberId,
    pub(crate) address: &'a str,
    pub(crate) action: Action,
    pub(crate) subject_id: Uuid,
    pub(crate) subject: &'a str,
    /// Words that tell more, such as the new role. Never a secret.
    pub(crate) detail: &'a str,
}

/// Acts on one page of the list.
const PAGE_ROWS: usize = 50;

impl Services {
    pub(crate) async fn write_act(&self, tx: &WriteTx, act: &Act<'_>) -> Result<()> {
        let row = AuditRow {
            id: self.runtime().id::<Uuid>().into(),
            at: self.runtime().now(),
            actor_id: act.actor,
            action: act.action.name().to_owned(),
            subject_id: act.subject_id,
            subject: act.subject.to_owned(),
            detail: act.detail.to_owned(),
            address: act.address.to_owned(),
        };
        Ok(tx.audit_create(&row).await?)
    }

    /// Acts, newest first, before a given one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_list(
        &self,
        _admin: &Administrator,
        before: Option<AuditId>,
    ) -> Result<Page<AuditView>> {
        let house = self.house();
        // One more than is shown tells whether there is a next page.
        let mut acts = self
            .store()
            .audit_list(before, PAGE_ROWS as u64 + 1)
            .await?;
        let more = acts.len() > PAGE_ROWS;
        acts.truncate(PAGE_ROWS);
        let next = acts.last().filter(|_| more).map(|act| act.id.to_string());
        let rows = acts
            .into_iter()
            .map(|row| AuditView {
                id: row.id,
                at: row.at,
                actor: house
                    .access
                    .member(row.actor_id)
                    .map(|member| member.name.clone()),
                action: row.action,
                subject: row.subject,
                detail: row.detail,
                address: row.address,
            })
            .collect();
        Ok(Page { rows, next })
    }
}
