//! What a service can come back with.

use domain::AppError;
use domain::calls::Refusal;
use domain::error::Conflict;
use domain::people::Fault;
use store::{StoreError, Taken};
use thiserror::Error;

/// A failure, with what the caller may know and what the log must know kept apart.
#[derive(Debug, Error)]
pub enum Error {
    /// The caller may know all of it.
    #[error(transparent)]
    Known(#[from] AppError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Ours. The text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A field that was not acceptable.
    pub fn invalid(field: &str, fault: Fault) -> Self {
        Self::Known(AppError::invalid(field, fault))
    }

    /// Something is in the way.
    pub fn conflict(what: Conflict) -> Self {
        Self::Known(AppError::Conflict { what })
    }

    /// What the caller may know. Logs the rest, once, here.
    pub fn into_app(self) -> AppError {
        match self {
            Self::Known(error) => error,
            Self::Store(StoreError::Conflict(Taken::Identity)) => AppError::Conflict {
                what: Conflict::EmailTaken,
            },
            Self::Store(StoreError::Conflict(Taken::ConnectionName)) => AppError::Conflict {
                what: Conflict::NameTaken,
            },
            Self::Store(StoreError::Unwritable(_)) => {
                AppError::invalid("text", domain::people::Fault::Malformed)
            }
            Self::Store(error @ (StoreError::Unavailable(_) | StoreError::Unmended)) => {
                tracing::error!(%error, "the database is unavailable");
                AppError::Unavailable
            }
            Self::Store(
                error @ (StoreError::Conflict(Taken::Other)
                | StoreError::Corrupt { .. }
                | StoreError::Newer(_)
                | StoreError::Gap(_)
                | StoreError::NoHouse(_)
                | StoreError::Busy(_)
                | StoreError::Locked(_)
                | StoreError::Folder { .. }
                | StoreError::Driver(_)),
            ) => {
                tracing::error!(%error, "a query failed");
                AppError::Internal
            }
            Self::Internal(error) => {
                tracing::error!(%error, "internal error");
                AppError::Internal
            }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Known(refusal.into())
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        error.into_app()
    }
}

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, Error>;
