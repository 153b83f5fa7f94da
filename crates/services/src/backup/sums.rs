//! What is counted of a table: the same on both engines, in whatever order its rows come.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use store::backup::{Cell, Table};

use super::Result;
use super::format::row_line;

/// Rows, a digest over all of them, and the sum of every column of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSums {
    /// How many.
    pub rows: u64,
    /// The SHA-256 of each row's line, added up in four numbers of 64 bits.
    pub digest: String,
    /// Each column of numbers, added up; as text, because it may be longer than 64 bits.
    pub sums: BTreeMap<String, String>,
}

impl TableSums {
    /// The sum of a column of numbers.
    pub fn sum(&self, column: &str) -> i128 {
        let text = self.sums.get(column).map_or("0", String::as_str);
        text.parse().unwrap_or_default()
    }
}

/// Adds rows up.
#[derive(Default)]
pub(super) struct Adder {
    rows: u64,
    lanes: [u64; 4],
    sums: BTreeMap<String, i128>,
}

impl Adder {
    /// Counts a row.
    pub(super) fn add(&mut self, table: &Table, row: &[Cell]) -> Result<()> {
        self.rows += 1;
        let hash = digest(&SHA256, &row_line(row)?);
        for (lane, bytes) in self.lanes.iter_mut().zip(hash.as_ref().chunks_exact(8)) {
            let mut number = [0; 8];
            number.copy_from_slice(bytes);
            *lane = lane.wrapping_add(u64::from_be_bytes(number));
        }
        for (column, cell) in table.columns.iter().zip(row) {
            if let Cell::Int(number) = cell {
                if let Some(sum) = self.sums.get_mut(&column.name) {
                    *sum += i128::from(*number);
                } else {
                    self.sums.insert(column.name.clone(), i128::from(*number));
                }
            }
        }
        Ok(())
    }

    /// What came together.
    pub(super) fn finish(self) -> TableSums {
        let lanes = self.lanes.map(|lane| format!("{lane:016x}"));
        let sums = self.sums.into_iter();
        TableSums {
            rows: self.rows,
            digest: lanes.concat(),
            sums: sums.map(|(name, sum)| (name, sum.to_string())).collect(),
        }
    }
}
