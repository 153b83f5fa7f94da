//! Everything the writer changes in one commit.

use std::collections::BTreeMap;

use domain::limits::WindowState;

use super::open::opening;
use super::settle::settling;
use super::{NewCall, SettledCall};
use crate::limits::WindowKey;
use crate::rollups::{RollupKey, RollupSum};
use crate::{Result, WriteTx, limits, rollups};

/// What is decided and goes into the books together.
#[derive(Debug, Default)]
pub struct Books<'a> {
    /// Calls that begin.
    pub opened: &'a [NewCall],
    /// Calls that [`WriteTx::open_call_lock`] found open and that end.
    pub settled: &'a [SettledCall],
    /// The new state of windows that [`WriteTx::limit_window_lock`] locked.
    pub windows: BTreeMap<WindowKey, WindowState>,
    /// Sums to add.
    pub rollups: BTreeMap<RollupKey, RollupSum>,
}

impl WriteTx {
    /// Writes it, in as few trips as the engine takes.
    pub async fn books_write(&self, books: &Books<'_>) -> Result<()> {
        let mut statements = settling(books.settled, self.engine);
        statements.extend(opening(books.opened, self.engine));
        statements.extend(limits::saving(&books.windows, self.engine));
        statements.extend(rollups::adding(&books.rollups, self.engine));
        self.run(statements).await
    }
}
