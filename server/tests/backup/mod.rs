//! A house is kept, moved and put back, with all its data and on either engine.

mod damaged;
mod keep;
mod killed;
mod places;

use std::path::{Path, PathBuf};

use domain::connections::ProviderKind;
use fakes::{Dialect, Fake};
use serde_json::Value;
use testkit::TestDatabase;

use crate::binary::{connect_with, make_key, make_owner, run};

/// A provider's key that must be nowhere in clear.
pub(crate) const CANARY: &str = "sk-fake-canary-7f3d9b1c55";

/// A house with an owner, a connection and a key, which is returned.
pub(crate) fn furnish(database: &TestDatabase, fake: &Fake) -> String {
    make_owner(database);
    connect_with(database, &fake.url(Dialect::OpenAi), CANARY);
    run(
        database,
        &[
            "connection",
            "add",
            "--kind",
            ProviderKind::Demo.word(),
            "--name",
            "demo",
        ],
        "",
    );
    make_key(database)
}

/// Where the binary keeps its data.
pub(crate) fn data(database: &TestDatabase) -> PathBuf {
    database.folder.path().join("data")
}

/// Brings the master key from one host to another.
pub(crate) fn bring_key(from: &TestDatabase, to: &TestDatabase) {
    std::fs::create_dir_all(data(to)).unwrap();
    std::fs::copy(data(from).join("master.key"), data(to).join("master.key")).unwrap();
}

/// Runs `purser backup` and returns what it says.
pub(crate) fn back_up(database: &TestDatabase, file: &Path) -> Value {
    run(database, &["backup", text(file)], "")
}

/// Runs `purser restore` and returns what it says.
pub(crate) fn restore(database: &TestDatabase, file: &Path) -> Value {
    run(database, &["restore", text(file)], "")
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
