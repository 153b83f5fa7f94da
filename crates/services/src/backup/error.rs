//! Why a house cannot be kept or moved.

use std::path::PathBuf;

use store::StoreError;
use thiserror::Error;

/// Told to whoever sits at the console, so every text says what to do.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The file begins differently.
    #[error("this is not a backup of Purser")]
    NotABackup,
    /// The layout is of a later program.
    #[error("this backup has layout {0}, which this program does not know; use the newer program")]
    Layout(String),
    /// The house in it is of a later program.
    #[error(
        "the house in this backup is newer than this program: it has {0}; use the newer program"
    )]
    Newer(String),
    /// Cut short, or not what was written.
    #[error("this backup is damaged, nothing was restored: {0}")]
    Damaged(String),
    /// No present key fits.
    #[error(
        "this house was sealed with the master key {0}, which is not the present one: put that key into PURSER_MASTER_KEY \
         or its file first (`purser keys list` shows the ids of present keys)"
    )]
    MasterKey(String),
    /// People live there.
    #[error(
        "there is a house with people in it already; --replace puts this one in its place and keeps the old one aside"
    )]
    Occupied,
    /// What was read back is not what was written.
    #[error("what was written into {0} is not what was read; nothing was kept of it")]
    Different(String),
    /// Something else lies where the backup should go.
    #[error("{0} is there already and is no backup; it stays as it is")]
    InTheWay(PathBuf),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error("{what}: {source}")]
    File {
        /// Which, or what was tried.
        what: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

pub(super) fn file(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> BackupError {
    let what = what.into();
    |source| BackupError::File { what, source }
}
