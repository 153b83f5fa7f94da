//! The server never starts with a master key that is missing, weak or wrong, and makes one only for a
//! house that is truly empty.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use testkit::{Database, TestDatabase};

use crate::binary::{command, make_owner, run};

const GOOD: &str = "5c1f8a0e9b7d4263a1f0c8e2d6b59374e8a7c1d20f3b6495887d1ea2c4f60b93";
const WRONG: &str = "a7c1d20f3b6495887d1ea2c4f60b935c1f8a0e9b7d4263a1f0c8e2d6b59374e8";

/// Starts the server, which must refuse; returns what it says.
fn refused(database: &TestDatabase, key: Option<&str>) -> String {
    let mut command = command(database);
    command
        .arg("serve")
        .env("PURSER_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(key) = key {
        command.env("PURSER_MASTER_KEY", key);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{key:?}: {said}");
    said
}

async fn story(kind: Database) {
    let database = TestDatabase::new(kind).await;
    // Weak ones are refused from the first start on.
    let zeros = "0".repeat(64);
    for weak in [
        "short",
        &zeros,
        &GOOD[..62],
        &"zz".repeat(32),
        &"0123456789abcdef".repeat(4),
    ] {
        let said = refused(&database, Some(weak));
        assert!(
            said.contains("PURSER_MASTER_KEY") && !said.contains(weak),
            "{said}"
        );
    }
    // An empty house makes its own, for its owner alone.
    make_owner(&database);
    let path = database.folder.path().join("data/master.key");
    let made = std::fs::read_to_string(&path).unwrap();
    assert_eq!(made.trim().len(), 64);
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );

    // Missing on existing data: refused, and no new one takes its place.
    let kept = database.folder.path().join("kept.key");
    std::fs::rename(&path, &kept).unwrap();
    let said = refused(&database, None);
    assert!(said.contains("no master key"), "{said}");
    assert!(!path.exists(), "nothing was made in its place");
    // Another good one: not the one the data was sealed with.
    for wrong in [GOOD, WRONG] {
        let said = refused(&database, Some(wrong));
        assert!(
            said.contains("not the one this data was sealed with") && !said.contains(wrong),
            "{said}"
        );
    }
    // Readable by others.
    std::fs::rename(&kept, &path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = refused(&database, None);
    assert!(said.contains("can be read by others"), "{said}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    run(&database, &["migrate"], "");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        made,
        "the same key all along"
    );
}

#[tokio::test]
async fn without_its_own_master_key_no_house_starts_sqlite() {
    story(Database::Sqlite).await;
}

#[tokio::test]
async fn without_its_own_master_key_no_house_starts_postgres() {
    story(Database::Postgres).await;
}
