//! Who is asking: one resolver for every kind of credential, and what the answer may do.

mod in_use;
mod resolve;
mod throttle;

use domain::people::Role;
use domain::time::DAY_MS;
use domain::{AppError, KeyId, MemberId, SessionId};
use uuid::Uuid;

pub(crate) use in_use::SessionsInUse;
pub use throttle::{Guessed, Throttles};

/// A login unseen for this long has ended.
pub const SESSION_IDLE_MS: i64 = 14 * DAY_MS;
/// A login this old has ended.
pub const SESSION_MOST_MS: i64 = 90 * DAY_MS;
/// How long an entered password counts as fresh, for what needs it again.
pub const STEP_UP_MS: i64 = 10 * 60_000;

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The socket's address, or a trusted proxy's word for it.
    pub address: std::net::IpAddr,
    /// What the browser calls itself, shortened.
    pub agent: String,
}

/// Whoever pays for a call: a member, perhaps through one of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The member.
    pub member_id: MemberId,
    /// Their cost group; nil for the house.
    pub group_id: Uuid,
    /// The key; nil for none.
    pub key_id: KeyId,
    /// Models the key may use; empty means all.
    pub key_models: Vec<String>,
}

impl Caller {
    /// Whether the key's scope has this model. A key that names none has all.
    pub fn may_use(&self, name: &str, model: &str) -> bool {
        self.key_models.is_empty()
            || self
                .key_models
                .iter()
                .any(|allowed| allowed == name || allowed == model)
    }
}

/// A signed-in member with their login.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The member.
    pub member_id: MemberId,
    /// Display name.
    pub name: String,
    /// Role, as it is now.
    pub role: Role,
    /// Cost group; nil for the house.
    pub group_id: Uuid,
    /// The login.
    pub session_id: SessionId,
    /// Whether the password was entered lately enough for sensitive changes.
    pub is_fresh: bool,
    /// Language chosen.
    pub locale: Option<String>,
    /// IANA zone.
    pub time_zone: Option<String>,
    /// Where the request came from, for the audit trail.
    pub address: String,
}

impl SignedIn {
    /// Proof that the member runs the house.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody else.
    pub fn administrator(&self) -> Result<Administrator, AppError> {
        if self.role.administers() {
            Ok(Administrator {
                member_id: self.member_id,
                role: self.role,
                is_fresh: self.is_fresh,
                address: self.address.clone(),
            })
        } else {
            Err(AppError::Forbidden)
        }
    }

    /// Who pays for their calls.
    pub fn caller(&self) -> Caller {
        Caller {
            member_id: self.member_id,
            group_id: self.group_id,
            key_id: KeyId::NIL,
            key_models: Vec::new(),
        }
    }

    /// Refuses unless the password was entered lately.
    ///
    /// # Errors
    /// [`AppError::StepUp`].
    pub fn require_fresh(&self) -> Result<(), AppError> {
        if self.is_fresh {
            Ok(())
        } else {
            Err(AppError::StepUp)
        }
    }
}

/// Proof that somebody runs the house: only [`SignedIn::administrator`] and the command line make it.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// Who; nil on the command line.
    pub member_id: MemberId,
    /// Admin or owner.
    pub role: Role,
    /// Where the request came from, for the audit trail.
    pub address: String,
    is_fresh: bool,
}

impl Administrator {
    /// The command line: whoever can run it on this machine owns the house.
    pub fn command_line() -> Self {
        Self {
            member_id: MemberId::NIL,
            role: Role::Owner,
            address: "command line".to_owned(),
            is_fresh: true,
        }
    }

    /// Refuses unless the password was entered lately.
    ///
    /// # Errors
    /// [`AppError::StepUp`].
    pub fn require_fresh(&self) -> Result<(), AppError> {
        if self.is_fresh {
            Ok(())
        } else {
            Err(AppError::StepUp)
        }
    }
}
