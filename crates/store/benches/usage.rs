//! How long the sums of the home page take over a million rollup rows.
//!
//! `cargo bench -p store --bench usage`, for PostgreSQL within `scripts/with-postgres`. Prints figures;
//! asserts nothing about time.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::time::{Duration, Instant};

use domain::calls::{Door, UsageSource};
use domain::prices::PriceState;
use domain::time::{DAY_MS, ROLLUP_MS};
use domain::{ConnectionId, KeyId, MemberId, NanoUsd, Timestamp};
use store::rollups::{RollupKey, RollupSum};
use store::usage::PartBy;
use store::{OpenOptions, Store};
use uuid::Uuid;

/// Rows in the table, spread evenly over its days.
const ROWS: i64 = 1_000_000;
/// Members that the calls come from.
const MEMBERS: i64 = 20;
/// How often each question is asked.
const ROUNDS: usize = 20;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // A busy year, and a quarter that is four times as busy.
        for days in [365, 90] {
            let folder = std::env::temp_dir().join(format!("purser-usage-{}", std::process::id()));
            let options = OpenOptions {
                url: None,
                data_dir: folder.clone(),
                server: true,
            };
            measure("SQLite", &Store::open(&options).await?, days).await?;
            std::fs::remove_dir_all(&folder)?;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "how the throw-away server is handed over"
        )]
        if let Ok(url) = std::env::var("PURSER_TEST_POSTGRES_URL") {
            let options = OpenOptions {
                url: Some(url),
                data_dir: std::env::temp_dir(),
                server: true,
            };
            measure("PostgreSQL", &Store::open(&options).await?, 365).await?;
        }
        Ok(())
    })
}

async fn measure(name: &str, store: &Store, days: i64) -> Result<(), Failure> {
    seed(store, days).await?;
    let end = Timestamp(days * DAY_MS);
    let member = Some(member(3));
    for (span, of_days) in [("two months", 61), ("a quarter", 90)] {
        let time = end.plus(-of_days * DAY_MS)..end;
        for (whose, filter) in [("the house", None), ("one member", member)] {
            let mut buckets = Vec::new();
            let mut parts = Vec::new();
            for _ in 0..ROUNDS {
                let start = Instant::now();
                let found = store.usage_by_bucket(filter, &time).await?;
                buckets.push(start.elapsed());
                let start = Instant::now();
                let named = store.usage_by_part(filter, PartBy::Member, &time).await?;
                parts.push(start.elapsed());
                assert!(!found.is_empty() && !named.is_empty());
            }
            let mut out = std::io::stdout().lock();
            writeln!(
                out,
                "{name}, {ROWS} rows in {days} days: {span} of {whose}: by bucket {}, by part {}",
                told(&mut buckets),
                told(&mut parts)
            )?;
        }
    }
    Ok(())
}

/// The middle and the slowest.
fn told(times: &mut [Duration]) -> String {
    times.sort();
    let ms = |time: Option<&Duration>| time.map_or(0, Duration::as_millis);
    let middle = ms(times.get(times.len() / 2));
    format!("{middle} ms (slowest {} ms)", ms(times.last()))
}

async fn seed(store: &Store, days: i64) -> Result<(), Failure> {
    let buckets = days * DAY_MS / ROLLUP_MS;
    let mut number = 0;
    while number < ROWS {
        let tx = store.write().await?;
        for _ in 0..50 {
            let chunk: Range<i64> = number..(number + 1_000).min(ROWS);
            number = chunk.end;
            let sums: BTreeMap<_, _> = chunk.map(|number| row(number, buckets)).collect();
            tx.rollup_add(&sums).await?;
            if number == ROWS {
                break;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// A row of its own for each number: bucket by bucket, and in each one member, key and model after the other.
fn row(number: i64, buckets: i64) -> (RollupKey, RollupSum) {
    let bucket = number * buckets / ROWS;
    let key = RollupKey {
        bucket: Timestamp(bucket * ROLLUP_MS),
        member_id: member(number % MEMBERS),
        key_id: KeyId(id(2, number % (MEMBERS * 3))),
        group_id: Uuid::nil(),
        connection_id: ConnectionId(id(3, number % 4)),
        // Never twice the same within a bucket.
        model: format!("a-model-with-a-name-{}", number % 137),
        door: Door::Gateway,
        usage_source: Some(UsageSource::Reported),
        price_state: if number % 50 == 0 {
            PriceState::Unpriced
        } else {
            PriceState::Priced
        },
    };
    let sum = RollupSum {
        calls: 10,
        input: 12_345,
        output: 2_345,
        cost: NanoUsd(1_234_567),
        charge: NanoUsd(1_234_567),
        ..RollupSum::default()
    };
    (key, sum)
}

fn member(number: i64) -> MemberId {
    MemberId(id(1, number))
}

fn id(kind: u128, number: i64) -> Uuid {
    Uuid::from_u128(kind << 64 | u128::from(number.unsigned_abs()))
}
