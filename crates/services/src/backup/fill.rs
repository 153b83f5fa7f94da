//! Writing what passes into a new house, and reading it back before it becomes one.

use store::backup::NewHouse;

use super::read::Reading;
use super::{BackupError, Counted, Piece, Result, Source, note};

/// Fills a prepared house. What was counted on the way in is counted again in the database.
pub(super) async fn fill(house: &NewHouse, source: &mut impl Source) -> Result<Counted> {
    let mut counted = Vec::new();
    let mut table = None;
    while let Some(piece) = source.next().await? {
        note(&mut counted, &piece);
        match piece {
            Piece::Table(next) => {
                if !house.tables().contains(&next) {
                    let what = format!("{} is not as its migrations make it", next.name);
                    return Err(BackupError::Damaged(what));
                }
                table = Some(next);
            }
            Piece::Rows(rows) => {
                if let Some(table) = &table {
                    house.insert(table, rows).await?;
                }
            }
            Piece::Sums(_) => table = None,
        }
    }
    let mut written = Reading::new(house.rows(), house.tables());
    let mut again = Vec::new();
    while let Some(piece) = written.next().await? {
        note(&mut again, &piece);
    }
    for (name, sums) in &again {
        if !counted
            .iter()
            .any(|known| known.0 == *name && known.1 == *sums)
        {
            return Err(BackupError::Different(name.clone()));
        }
    }
    if counted.len() != again.len() {
        return Err(BackupError::Damaged("tables are missing".to_owned()));
    }
    Ok(again)
}
