//! Keeping and moving a house: a backup beside a running server, a restore that is whole or nothing,
//! and a copy from one engine to the other. All three pass the same pieces on: tables, their rows,
//! and after each table what was counted of it.
//!
//! The command line alone calls this: files are read and written on the thread that runs it.

mod check;
mod error;
mod fill;
mod format;
mod read;
mod sums;
mod write;

use std::io::{Read, Write};
use std::path::PathBuf;

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use store::backup::{Cell, Moment, NewHouse, Table};
use store::{Engine, OpenOptions, StoreError};

use crate::secrets::Sealer;

pub use error::BackupError;
pub use sums::TableSums;
pub use write::NewFile;

use check::Checked;
use read::Reading;

/// Shorthand of this module.
pub type Result<T> = std::result::Result<T, BackupError>;

/// What a backup says about itself, in clear, at its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of the program that made it.
    pub app_version: String,
    /// When, in UTC milliseconds.
    pub created_at: i64,
    /// `sqlite` or `postgres`: where it comes from. It restores into either.
    pub engine: String,
    /// Migrations that the house had.
    pub migrations: Vec<String>,
    /// Id of the master key that sealed new values.
    pub master_key_id: Option<String>,
    /// Tables, in the order in which they follow.
    pub tables: Vec<Table>,
}

/// What was counted of every table, by name.
pub type Counted = Vec<(String, TableSums)>;

/// A piece of a house.
pub(crate) enum Piece {
    /// A table begins.
    Table(Table),
    /// Some of its rows.
    Rows(Vec<Vec<Cell>>),
    /// It has ended.
    Sums(TableSums),
}

/// Where pieces come from: a database, or a file.
pub(crate) trait Source {
    /// The next piece; `None` after the last.
    async fn next(&mut self) -> Result<Option<Piece>>;
}

/// What a house is called before its rows follow.
async fn head(moment: &Moment, app_version: &str, now: Timestamp) -> Result<Head> {
    let settings = moment
        .tables()
        .iter()
        .find(|table| table.name == "settings");
    let mut master_key_id = None;
    if let Some(table) = settings {
        let rows = moment.rows().page(table, None, 10_000).await?;
        master_key_id = rows.iter().find_map(|row| check::master_key_id(table, row));
    }
    Ok(Head {
        app_version: app_version.to_owned(),
        created_at: now.0,
        engine: match moment.engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
        .to_owned(),
        migrations: moment.migrations().to_vec(),
        master_key_id,
        tables: moment.tables().to_vec(),
    })
}

/// Writes a house as of one moment. The master key is not in it; what is sealed stays sealed.
///
/// # Errors
/// When the database or the file fails.
pub async fn save(
    moment: &Moment,
    app_version: &str,
    now: Timestamp,
    out: impl Write,
) -> Result<Counted> {
    let head = head(moment, app_version, now).await?;
    let mut writer = write::Writer::begin(out, &head)?;
    let mut reading = Reading::new(moment.rows(), moment.tables());
    let mut counted = Vec::new();
    while let Some(piece) = reading.next().await? {
        note(&mut counted, &piece);
        writer.piece(&piece)?;
    }
    writer.finish()?;
    Ok(counted)
}

/// Reads a backup to its end: its digest, every row, what was counted, and whether the present
/// master keys open what is sealed. Nothing is written.
///
/// # Errors
/// When anything does not fit.
pub async fn check(input: impl Read, sealer: &Sealer) -> Result<(Head, Counted)> {
    let mut file = format::Reader::begin(input)?;
    let head = file.head().clone();
    let known = store::backup::tables_at(&head.migrations).await;
    known.map_err(|error| match error {
        StoreError::Newer(name) => BackupError::Newer(name),
        error => error.into(),
    })?;
    let mut source = Checked::new(&mut file, sealer);
    let mut counted = Vec::new();
    while let Some(piece) = source.next().await? {
        note(&mut counted, &piece);
    }
    if counted.len() != head.tables.len() {
        return Err(BackupError::Damaged("tables are missing".to_owned()));
    }
    Ok((head, counted))
}

/// A house that was written.
#[derive(Debug)]
pub struct Restored {
    /// What was counted in it, after it was written.
    pub counted: Counted,
    /// Where the house that was there before is kept.
    pub kept: Option<PathBuf>,
}

/// Writes the house of a backup that [`check`] has read, whole or not at all.
///
/// # Errors
/// When a server uses the place, people live there and nothing else was asked for, or what was
/// written is not what was read.
pub async fn restore(
    place: &OpenOptions,
    input: impl Read,
    sealer: &Sealer,
    replace: bool,
    app_version: &str,
    now: Timestamp,
) -> Result<Restored> {
    let mut file = format::Reader::begin(input)?;
    let head = file.head().clone();
    let mut house = NewHouse::begin(place).await?;
    let mut kept = None;
    if house.is_occupied() {
        if !replace {
            return Err(BackupError::Occupied);
        }
        // The file of SQLite itself is kept; here the tables are about to go.
        if house.engine() == Engine::Postgres {
            kept = Some(keep(place, app_version, now).await?);
        }
    }
    house.prepare(&head.migrations).await?;
    let mut source = Checked::new(&mut file, sealer);
    let counted = fill::fill(&house, &mut source).await?;
    let file = house.finish(now).await?;
    Ok(Restored {
        counted,
        kept: kept.or(file),
    })
}

/// A backup of the house that is about to be replaced, in the data folder.
async fn keep(place: &OpenOptions, app_version: &str, now: Timestamp) -> Result<PathBuf> {
    let path = place.data_dir.join(format!("replaced-{}.purser", now.0));
    let moment = Moment::open(place).await?;
    let mut file = NewFile::begin(&path)?;
    save(&moment, app_version, now, &mut file).await?;
    moment.close().await?;
    file.keep()?;
    Ok(path)
}

/// Copies a house into an empty place, without a file between.
///
/// # Errors
/// As [`restore`]; a place where people live is never replaced.
pub async fn copy(
    moment: &Moment,
    place: &OpenOptions,
    sealer: &Sealer,
    now: Timestamp,
) -> Result<Counted> {
    let mut house = NewHouse::begin(place).await?;
    if house.is_occupied() {
        return Err(BackupError::Occupied);
    }
    house.prepare(moment.migrations()).await?;
    let mut reading = Reading::new(moment.rows(), moment.tables());
    let counted = fill::fill(&house, &mut Checked::new(&mut reading, sealer)).await?;
    house.finish(now).await?;
    Ok(counted)
}

fn note(counted: &mut Counted, piece: &Piece) {
    match piece {
        Piece::Table(table) => counted.push((table.name.clone(), TableSums::default())),
        Piece::Rows(_) => {}
        Piece::Sums(sums) => {
            if let Some(last) = counted.last_mut() {
                last.1 = sums.clone();
            }
        }
    }
}
