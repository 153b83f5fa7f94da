//! The failure of the N-th write or fsync of one chat turn, for every N.

use fakes::Fake;
use testkit::Database;

use crate::disk::{Disk, EIO, ENOSPC, turn};
use crate::house::House;
use crate::journal::Journal;
use crate::oracle;
use crate::plan::{self, Dice};
use crate::table::told;

/// The short version tries so many, of all writes of a turn.
const SHORT: usize = 10;

async fn story(error: i64) -> usize {
    let disk = Disk::new();
    let fake = Fake::start().await.unwrap();
    let house = House::new(Database::Sqlite, fake, &disk.environment()).await;
    let journal = Journal::default();
    turn(&house, &journal, "warm").await;
    house.quiet(10).await;
    disk.fail_the(0, error);
    turn(&house, &journal, "counted").await;
    house.quiet(10).await;
    let writes = disk.seen();
    assert!(writes > 20, "a turn writes: {writes}");
    let mut dice = Dice::of("writes");
    let mut done = 0;
    let mut nth = 0;
    loop {
        nth += if plan::is_whole() {
            1
        } else {
            let step = u64::try_from(writes).unwrap() * 2 / u64::try_from(SHORT).unwrap();
            i64::try_from(dice.roll(1, step.max(2))).unwrap()
        };
        let known = journal.entries().len();
        disk.fail_the(nth, error);
        turn(&house, &journal, &format!("write {nth}")).await;
        // Whatever could not be written is written by itself, without a restart.
        house.quiet(30).await;
        let was_hit = disk.seen() >= nth;
        disk.mend();
        oracle::check(&house, &journal, known).await;
        if !was_hit {
            break;
        }
        done += 1;
    }
    turn(&house, &journal, "after").await;
    house.quiet(10).await;
    oracle::check(&house, &journal, 0).await;
    let last = journal.entries().pop();
    assert!(
        matches!(last, Some(crate::journal::Entry::Finished { .. })),
        "a turn after all this is whole: {last:?}"
    );
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_sqlite() {
    told(
        "N-th write or fsync of a turn: I/O error",
        Database::Sqlite,
        story(EIO),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_sqlite() {
    told(
        "N-th write or fsync of a turn: no space",
        Database::Sqlite,
        story(ENOSPC),
    )
    .await;
}
