//! Looking at what passes: do the present master keys open what is sealed?

use store::backup::{Cell, Table};

use super::{BackupError, Piece, Result, Source};
use crate::secrets::{MASTER_KEY_SETTING, SEALED, SealError, Sealer};

/// A source whose sealed values are tried as they pass.
pub(super) struct Checked<'a, S> {
    source: &'a mut S,
    sealer: &'a Sealer,
    table: Option<Table>,
}

impl<'a, S: Source> Checked<'a, S> {
    pub(super) fn new(source: &'a mut S, sealer: &'a Sealer) -> Self {
        Self {
            source,
            sealer,
            table: None,
        }
    }

    fn check(&self, table: &Table, row: &[Cell]) -> Result<()> {
        if let Some(id) = master_key_id(table, row)
            && !self.sealer.has(&id)
        {
            return Err(BackupError::MasterKey(id));
        }
        for sealed in SEALED.iter().filter(|sealed| sealed.table == table.name) {
            let cell = |name| table.position(name).map(|position| &row[position]);
            let (Some(Cell::Id(id)), Some(Cell::Bytes(value))) = (cell("id"), cell(sealed.column))
            else {
                continue;
            };
            self.open(sealed.place(*id), value)?;
        }
        Ok(())
    }

    fn open(&self, place: crate::secrets::Place<'_>, value: &[u8]) -> Result<()> {
        match self.sealer.open(place, value) {
            Ok(_) => Ok(()),
            Err(SealError::UnknownKey) => Err(BackupError::MasterKey(
                Sealer::key_id_of(value).unwrap_or_default(),
            )),
            Err(error) => Err(BackupError::Damaged(format!(
                "{}.{} of {}: {error}",
                place.table, place.field, place.row
            ))),
        }
    }
}

impl<S: Source> Source for Checked<'_, S> {
    async fn next(&mut self) -> Result<Option<Piece>> {
        let piece = self.source.next().await?;
        match &piece {
            Some(Piece::Table(table)) => self.table = Some(table.clone()),
            Some(Piece::Rows(rows)) => {
                if let Some(table) = &self.table {
                    rows.iter().try_for_each(|row| self.check(table, row))?;
                }
            }
            _ => {}
        }
        Ok(piece)
    }
}

/// The id of the master key, when this is the row that tells it.
pub(super) fn master_key_id(table: &Table, row: &[Cell]) -> Option<String> {
    if table.name != "settings" {
        return None;
    }
    let cell = |name| table.position(name).and_then(|position| row.get(position));
    match (cell("name"), cell("value")) {
        (Some(Cell::Text(name)), Some(Cell::Text(value))) if name == MASTER_KEY_SETTING => {
            Some(value.clone())
        }
        _ => None,
    }
}
