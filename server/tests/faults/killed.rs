//! `kill -9` of the real binary at random moments under mixed load, now and then while it starts.

use std::sync::Arc;
use std::time::Duration;

use fakes::Fake;
use testkit::{Database, eventually};

use crate::house::House;
use crate::journal::Journal;
use crate::load::Load;
use crate::plan::{self, Dice};
use crate::table::on_both;
use crate::{caller::Caller, oracle};

/// A login that makes keys must be fresh: a new one every so many rounds.
const FRESH_FOR: usize = 50;

async fn story(kind: Database) -> usize {
    let fake = Fake::builder()
        .chunk_delay(Duration::from_millis(4))
        .start()
        .await
        .unwrap();
    let mut house = House::new(kind, fake, &[]).await;
    let mut dice = Dice::of("killed");
    let journal = Arc::new(Journal::default());
    let kills = plan::times(8, 200);
    let mut done = 0;
    while done < kills {
        if done % FRESH_FOR == FRESH_FOR - 1 {
            house.caller = Caller::sign_in(&house.caller.base, &house.caller.key).await;
        }
        let known = journal.entries().len();
        let load = Load::start(&house.caller, &journal, done);
        tokio::time::sleep(Duration::from_millis(dice.roll(10, 900))).await;
        house.kill();
        load.ended().await;
        done += 1;
        if done % 8 == 0 {
            house
                .kill_while_starting(Duration::from_millis(dice.roll(0, 300)))
                .await;
            done += 1;
        }
        house.serve().await;
        if kind == Database::Sqlite {
            // The server's lock proves the former one dead: its calls are settled before it listens.
            let store = house.look().await;
            assert!(store.open_call_list().await.unwrap().is_empty());
            assert!(store.message_list_streaming().await.unwrap().is_empty());
            store.close().await.unwrap();
        }
        oracle::check(&house, &journal, known).await;
    }
    // On PostgreSQL another instance may live: the dead are known by their leases after 30 seconds,
    // and their replies are orphans when they are a minute old, which the short version leaves out.
    if plan::is_whole() {
        house.quiet(150).await;
    }
    oracle::check(&house, &journal, 0).await;
    let caller = house.caller.clone();
    eventually(10, "a call is answered", || async {
        let told = caller.chat(false).await?;
        (told.status == 200).then_some(())
    })
    .await;
    done
}

on_both!(at_random_moments, "kill -9 under mixed load", story);
