//! What a query can come back with, beside its rows.

use sea_orm::{DbErr, SqlErr};
use thiserror::Error;

/// A unique place that somebody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Taken {
    /// An identity of a member: the address leads to somebody.
    #[error("member identity")]
    Identity,
    /// A connection's name.
    #[error("connection name")]
    ConnectionName,
    /// Any other unique key.
    #[error("unique key")]
    Other,
}

/// Why a query failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique key is taken.
    #[error("taken: {0}")]
    Conflict(Taken),
    /// The database cannot be reached, is full, or refuses writes. Nothing was changed.
    #[error("database unavailable: {0}")]
    Unavailable(#[source] DbErr),
    /// The log failed to reach the disk and cannot be begun anew while somebody reads from it.
    #[error("database unavailable: its log failed to reach the disk, and is still being read")]
    Unmended,
    /// A text holds what the database takes in none: PostgreSQL knows no zero byte. What people enter
    /// is checked before; this is for the place that was forgotten.
    #[error("unwritable text: {0}")]
    Unwritable(#[source] DbErr),
    /// A row holds something this program never writes.
    #[error("corrupt row: {table}.{column} is {value:?}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// What stands there, shortened.
        value: String,
    },
    /// The database was written by a newer program.
    #[error("the database is newer than this program: it has {0}; start the newer program instead")]
    Newer(String),
    /// The database lacks a migration that stands before one that it has.
    #[error("the database lacks {0}: start the server once, which brings it up to date")]
    Gap(String),
    /// There is no house.
    #[error("there is no house in {0}")]
    NoHouse(String),
    /// A command has the database open.
    #[error("another program has {0} open; wait until it has ended")]
    Busy(String),
    /// Another server holds the database's lock.
    #[error("another Purser server is using {0}; stop it first, or use another data folder")]
    Locked(String),
    /// The lock file or data folder cannot be used.
    #[error("cannot use {path}: {source}")]
    Folder {
        /// Which path.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Anything else the driver says.
    #[error("database error: {0}")]
    Driver(#[source] DbErr),
}

impl StoreError {
    /// Whether somebody else has the database.
    pub(crate) fn is_busy(&self) -> bool {
        match self {
            Self::Busy(_) => true,
            Self::Unavailable(error) => error.to_string().contains("database is locked"),
            _ => false,
        }
    }

    /// Whether SQLite says that the disk failed it.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Unavailable(error) if error.to_string().contains("disk I/O error"))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = error.sql_err() {
            let taken = if text.contains("member_identities") {
                Taken::Identity
            } else if text.contains("connections") {
                Taken::ConnectionName
            } else {
                Taken::Other
            };
            return Self::Conflict(taken);
        }
        // The second is how it says so of a text inside JSON.
        let unwritable = [
            "invalid byte sequence for encoding",
            "unsupported Unicode escape sequence",
        ];
        let said = error.to_string();
        if unwritable.iter().any(|sign| said.contains(sign)) {
            return Self::Unwritable(error);
        }
        if is_unavailable(&error) {
            Self::Unavailable(error)
        } else {
            Self::Driver(error)
        }
    }
}

/// Full, read-only, broken or unreachable: the database's trouble, not the statement's.
fn is_unavailable(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return true;
    }
    let text = error.to_string();
    [
        "database or disk is full",
        "attempt to write a readonly database",
        // PostgreSQL after a fail-over to a standby, or told so by its administrator.
        "in a read-only transaction",
        "disk I/O error",
        "unable to open database file",
        "database is locked",
        "No space left",
        "connection refused",
        "Connection refused",
        "Connection reset",
        "Broken pipe",
        "terminating connection",
        "the database system is",
        "unexpected end of file",
        "expected to read",
        // A wait that the session's own bounds cut short.
        "due to statement timeout",
        "due to lock timeout",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}
