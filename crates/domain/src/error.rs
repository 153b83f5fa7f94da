//! What may go wrong for a caller, with a stable code each. It carries ids and limits, not prose.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calls::{ProviderFailure, Refusal};
use crate::people::Fault;

/// The one error of server functions and machine-facing routes.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(
    tag = "code",
    rename_all = "snake_case",
    try_from = "crate::told::ErrorTold"
)]
pub enum AppError {
    /// Not there, or not the caller's: both look the same.
    #[error("not found")]
    NotFound,
    /// The caller is known, and may not.
    #[error("forbidden")]
    Forbidden,
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// E-mail or password is wrong; which of them is not said.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The act needs the password again.
    #[error("sign in again to do this")]
    StepUp,
    /// A field was not acceptable. Nothing was changed.
    #[error("{field} {fault}")]
    Invalid {
        /// The field, by its name in the request.
        field: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// Something else has the place: a name, an address, a state.
    #[error("conflict: {what}")]
    Conflict {
        /// What is taken or in the way.
        what: Conflict,
    },
    /// Too many tries.
    #[error("too many tries")]
    Throttled {
        /// Milliseconds until the next try is looked at.
        retry_after_ms: i64,
    },
    /// A call was not admitted.
    #[error("call refused")]
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// A provider failed.
    #[error("provider failed")]
    Provider {
        /// How.
        failure: ProviderFailure,
    },
    /// The database cannot be reached or written. Nothing was changed.
    #[error("database unavailable")]
    Unavailable,
    /// The request did not reach a server function, or its answer did not come back.
    #[error("transport failed")]
    Transport,
    /// Our fault. The log has the rest.
    #[error("internal error")]
    Internal,
}

/// What is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// The house has its owner already.
    #[error("the house is set up")]
    AlreadySetUp,
    /// Somebody else has the address.
    #[error("the address is taken")]
    EmailTaken,
    /// Another connection has the name.
    #[error("the name is taken")]
    NameTaken,
    /// The house would be left without an owner.
    #[error("the last owner stays")]
    LastOwner,
    /// A reply is being written already.
    #[error("a reply is being written")]
    ReplyRunning,
    /// The same message came before, and another branch is shown by now.
    #[error("the message was sent already")]
    SentAlready,
    /// A changed address needs the key again.
    #[error("a changed address needs the key again")]
    KeyNeeded,
    /// A one-time link was used or has expired.
    #[error("the link was used or has expired")]
    LinkSpent,
}

impl AppError {
    /// A field that was not acceptable.
    pub fn invalid(field: &str, fault: Fault) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            fault,
        }
    }

    /// Whether the same request may succeed a little later, unchanged.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Throttled { .. }
                | Self::Unavailable
                | Self::Transport
                | Self::Internal
                | Self::Conflict {
                    what: Conflict::ReplyRunning
                }
        )
    }

    /// The HTTP status that says the same.
    pub fn status_code(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden | Self::StepUp => 403,
            Self::SignedOut | Self::WrongCredentials => 401,
            Self::Invalid { .. } => 422,
            Self::Conflict { .. } => 409,
            Self::Throttled { .. } => 429,
            Self::Refused { refusal } => refusal.status_code(),
            Self::Provider { .. } => 502,
            Self::Unavailable => 503,
            Self::Transport | Self::Internal => 500,
        }
    }
}

impl Refusal {
    /// The HTTP status that says the same: core.md §7.
    pub fn status_code(&self) -> u16 {
        match self {
            Self::LimitReached {
                unit: crate::limits::Unit::Money,
                ..
            } => 402,
            Self::LimitReached { .. } | Self::RateLimited { .. } => 429,
            Self::ModelUnknown { .. } => 404,
            Self::ModelNotAllowed { .. }
            | Self::ModelUnpriced { .. }
            | Self::FeatureUnpriced { .. } => 403,
            Self::QueueFull { .. } => 503,
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal }
    }
}
