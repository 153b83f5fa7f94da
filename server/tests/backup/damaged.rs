//! A backup that is not whole is refused before anything is written.

use std::io::Cursor;

use fakes::Fake;
use services::backup::{BackupError, check};
use services::runtime::Runtime;
use services::secrets::Sealer;
use testkit::{Database, TestDatabase};

use super::{back_up, bring_key, data, furnish, text};
use crate::binary::refused;

/// Places that are tried, spread over the file; its two ends are tried byte by byte.
const PLACES: usize = 300;
const ENDS: usize = 120;

fn sealer(database: &TestDatabase) -> Sealer {
    let digits = std::fs::read_to_string(data(database).join("master.key")).unwrap();
    let digits = digits.trim();
    let bytes: Vec<u8> = (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap())
        .collect();
    Sealer::new(Runtime::system(), &bytes, &[]).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_cut_or_changed_is_refused_before_anything_is_written() {
    let house = TestDatabase::new(Database::Sqlite).await;
    let fake = Fake::start().await.unwrap();
    furnish(&house, &fake);
    let file = house.folder.path().join("house.purser");
    back_up(&house, &file);
    let whole = std::fs::read(&file).unwrap();
    let sealer = sealer(&house);
    check(Cursor::new(&whole), &sealer).await.unwrap();
    let step = (whole.len() / PLACES).max(1);
    let places =
        (0..whole.len()).filter(|at| at % step == 0 || *at < ENDS || whole.len() - at < ENDS);
    for at in places {
        let cut = check(Cursor::new(&whole[..at]), &sealer).await;
        assert!(cut.is_err(), "cut at {at}");
        let mut changed = whole.clone();
        changed[at] ^= 1;
        let changed = check(Cursor::new(changed), &sealer).await;
        assert!(changed.is_err(), "changed at {at}");
    }
    let longer = [whole.as_slice(), b"\n"].concat();
    assert!(matches!(
        check(Cursor::new(longer), &sealer).await,
        Err(BackupError::Damaged(_))
    ));

    // Through the door, on both engines: told loudly, and nothing is there afterwards.
    let half = house.folder.path().join("half.purser");
    std::fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    let other = TestDatabase::new(Database::Sqlite).await;
    bring_key(&house, &other);
    let told = refused(&other, &["restore", text(&half)]);
    assert!(
        told.contains("damaged") && told.contains("nothing was restored"),
        "{told}"
    );
    let left: Vec<_> = std::fs::read_dir(data(&other))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["master.key"]);
    std::fs::write(&half, "a letter\n").unwrap();
    assert!(refused(&other, &["restore", text(&half)]).contains("not a backup"));
    let mut later = whole.clone();
    let name = b"\"m0001_the_house\"";
    let migration = whole.windows(name.len()).position(|window| window == name);
    later[migration.unwrap() + 2] = b'9';
    std::fs::write(&half, later).unwrap();
    assert!(refused(&other, &["restore", text(&half)]).contains("has m9001_the_house"));
    let mut later = whole;
    let layout = "PURSER BACKUP ".len();
    later[layout] = b'2';
    std::fs::write(&half, later).unwrap();
    assert!(refused(&other, &["restore", text(&half)]).contains("newer program"));
}
