//! A house in a database as a source of pieces.

use store::backup::{Cell, Rows, Table, size_bytes};

use super::sums::Adder;
use super::{Piece, Result, Source};

/// Memory that a page of rows should take, about.
const PAGE_BYTES: usize = 2 * 1024 * 1024;
/// Rows of the first page of a table, before anything is known about their size.
const FIRST_ROWS: u64 = 50;
const MOST_ROWS: u64 = 2_000;

/// Reads table after table, page after page.
pub(super) struct Reading<'a> {
    rows: Rows<'a>,
    tables: std::slice::Iter<'a, Table>,
    current: Option<Current<'a>>,
}

struct Current<'a> {
    table: &'a Table,
    after: Option<Vec<Cell>>,
    most: u64,
    adder: Adder,
}

impl<'a> Reading<'a> {
    pub(super) fn new(rows: Rows<'a>, tables: &'a [Table]) -> Self {
        Self {
            rows,
            tables: tables.iter(),
            current: None,
        }
    }
}

impl Source for Reading<'_> {
    async fn next(&mut self) -> Result<Option<Piece>> {
        let Some(mut current) = self.current.take() else {
            return Ok(self.tables.next().map(|table| {
                self.current = Some(Current {
                    table,
                    after: None,
                    most: FIRST_ROWS,
                    adder: Adder::default(),
                });
                Piece::Table(table.clone())
            }));
        };
        let table = current.table;
        let page = self
            .rows
            .page(table, current.after.as_deref(), current.most)
            .await?;
        let Some(last) = page.last() else {
            return Ok(Some(Piece::Sums(current.adder.finish())));
        };
        let key = table.key.iter().filter_map(|name| table.position(name));
        current.after = Some(key.map(|position| last[position].clone()).collect());
        let mut bytes = 0;
        for row in &page {
            current.adder.add(table, row)?;
            bytes += size_bytes(row);
        }
        let fitting = PAGE_BYTES / (bytes / page.len()).max(1);
        current.most = u64::try_from(fitting)
            .unwrap_or(MOST_ROWS)
            .clamp(1, MOST_ROWS);
        self.current = Some(current);
        Ok(Some(Piece::Rows(page)))
    }
}
