//! The books of the writer: read, decided and written in one transaction.
//!
//! On PostgreSQL that is one statement with the rows as JSON. For SQLite a connection of its own does the
//! whole transaction in one go on a thread for blocking work, with statements that are parsed once:
//! through the driver each statement is a trip to another thread and back, nine of them a batch, and
//! under load that was most of what a call cost (docs/PERFORMANCE.md).

mod postgres;
mod rows;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::CallId;
use domain::limits::WindowState;

use crate::calls::{Held, NewCall, SettledCall};
use crate::limits::WindowKey;
use crate::rollups::{RollupKey, RollupSum};
use crate::{Engine, Result, Store};

pub(crate) use sqlite::Ledger;

/// What has to be known, and locked, before a batch is decided.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Calls that end.
    pub ending: Vec<CallId>,
    /// Windows that what begins may draw from; those of the ending calls come by themselves.
    pub windows: BTreeSet<WindowKey>,
}

/// What stands in the books.
#[derive(Debug, Default)]
pub struct Found {
    /// Of the ending calls those that are still open, with what is held for them.
    pub open: HashMap<CallId, Vec<Held>>,
    /// Every window wanted; one that was never used may be missing.
    pub windows: BTreeMap<WindowKey, WindowState>,
}

/// What goes into the books together.
#[derive(Debug, Default)]
pub struct Books {
    /// Calls that begin.
    pub opened: Vec<NewCall>,
    /// Calls that were found open and that end.
    pub settled: Arc<Vec<SettledCall>>,
    /// The new state of windows that have moved.
    pub windows: BTreeMap<WindowKey, WindowState>,
    /// Sums to add.
    pub rollups: BTreeMap<RollupKey, RollupSum>,
}

impl Store {
    /// Reads what is wanted, lets `decide` say what goes into the books, and commits it; without books
    /// nothing is changed. Survives a `kill -9`; a power loss only once [`Store::make_durable`] has
    /// returned.
    ///
    /// What `decide` gives beside the books is lost with an error, unless the commit was on its way: then
    /// nobody knows whether it arrived, and both come back.
    pub async fn keep_books<T: Send + 'static>(
        &self,
        wanted: Wanted,
        decide: impl FnOnce(Found) -> (Option<Books>, T) + Send + 'static,
    ) -> (Result<()>, Option<T>) {
        match self.inner.engine {
            Engine::Sqlite => self.keep_books_sqlite(wanted, decide).await,
            Engine::Postgres => self.keep_books_postgres(wanted, decide).await,
        }
    }
}
