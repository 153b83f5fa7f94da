//! How many calls a second the books take: open and settle through `store`, as the writer does it.
//!
//! `cargo bench -p store --bench ledger`, for PostgreSQL within `scripts/with-postgres` and with
//! `PURSER_POSTGRES_FSYNC=on`. Prints figures; asserts nothing about time.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::calls::{CallState, Door, Outcome, Purpose, UsageSource};
use domain::limits::{Limit, ScopeKind, Unit, WindowKind};
use domain::prices::PriceState;
use domain::{
    CallId, ConnectionId, InstanceId, KeyId, LimitId, MemberId, NanoUsd, Timestamp, Usage,
};
use store::calls::{Attempt, Call, Held, NewCall, SettledCall};
use store::{Books, OpenOptions, Store, Wanted};
use uuid::Uuid;

/// Members that the calls come from, each with a budget.
const MEMBERS: u128 = 20;
/// The one window of a budget without an end.
const START: Timestamp = Timestamp(0);
/// How long each batch size is measured.
const FOR: Duration = Duration::from_secs(3);

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let folder = std::env::temp_dir().join(format!("purser-bench-{}", std::process::id()));
        let mut options = OpenOptions {
            url: None,
            data_dir: folder.clone(),
            server: true,
        };
        measure("SQLite, FULL", &Store::open(&options).await?).await?;
        std::fs::remove_dir_all(&folder)?;
        #[expect(
            clippy::disallowed_methods,
            reason = "how the throw-away server is handed over"
        )]
        if let Ok(url) = std::env::var("PURSER_TEST_POSTGRES_URL") {
            options.url = Some(url);
            measure("PostgreSQL", &Store::open(&options).await?).await?;
        }
        Ok(())
    })
}

async fn measure(name: &str, store: &Store) -> Result<(), Failure> {
    let limits: Vec<Limit> = (0..MEMBERS).map(limit).collect();
    let tx = store.write().await?;
    for limit in &limits {
        tx.limit_create(limit, Timestamp(0)).await?;
    }
    tx.commit().await?;
    let mut number = 0u128;
    for batch in [1usize, 8, 64, 250] {
        let start = Instant::now();
        let (mut calls, mut slowest) = (0usize, Duration::ZERO);
        while start.elapsed() < FOR {
            let one = Instant::now();
            round(store, &limits, &mut number, batch).await?;
            slowest = slowest.max(one.elapsed());
            calls += batch;
        }
        let rate = calls as u128 * 1_000 / start.elapsed().as_millis().max(1);
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{name}: batch {batch:>3}: {rate:>6} calls/s opened and settled, slowest batch {slowest:?}"
        )?;
    }
    Ok(())
}

/// Opens a batch and settles it: two commits, as in the server.
async fn round(
    store: &Store,
    limits: &[Limit],
    number: &mut u128,
    batch: usize,
) -> Result<(), Failure> {
    let calls: Vec<Call> = (0..batch)
        .map(|_| {
            *number += 1;
            call(*number)
        })
        .collect();
    let limit_of = |call: &Call| {
        limits
            .iter()
            .find(|limit| limit.scope_id == call.member_id.0)
            .cloned()
            .ok_or("a member without a limit")
    };
    let mut pairs = Vec::with_capacity(batch);
    for call in calls {
        pairs.push((limit_of(&call)?, call));
    }
    let settled: Arc<Vec<SettledCall>> =
        Arc::new(pairs.iter().map(|(_, call)| settle(call)).collect());
    let wanted = Wanted {
        windows: pairs.iter().map(|(limit, _)| (limit.id, START)).collect(),
        ..Wanted::default()
    };
    let begins = pairs.clone();
    let (kept, _) = store
        .keep_books(wanted, move |found| {
            let mut windows = found.windows;
            let mut opened = Vec::with_capacity(begins.len());
            for (limit, call) in begins {
                let state = windows.entry((limit.id, START)).or_default();
                limit.hold(state, call.admitted_at, call.hold.0);
                let holds = vec![Held {
                    limit_id: limit.id,
                    window_start: START,
                    amount: call.hold.0,
                }];
                opened.push(NewCall {
                    call,
                    instance_id: InstanceId::NIL,
                    holds,
                    input_estimate: 10,
                    attempt: String::new(),
                });
            }
            let books = Books {
                opened,
                windows,
                ..Books::default()
            };
            (Some(books), ())
        })
        .await;
    kept?;
    let wanted = Wanted {
        ending: settled.iter().map(|done| done.call.id).collect(),
        ..Wanted::default()
    };
    let (kept, _) = store
        .keep_books(wanted, move |found| {
            let mut windows = found.windows;
            for ((limit, call), done) in pairs.iter().zip(settled.iter()) {
                let state = windows.entry((limit.id, START)).or_default();
                limit.settle(state, call.hold.0, done.call.cost.unwrap_or_default().0);
            }
            let books = Books {
                rollups: store::rollups::summed(settled.iter().map(|done| &done.call)),
                settled,
                windows,
                ..Books::default()
            };
            (Some(books), ())
        })
        .await;
    kept?;
    store.make_durable().await?;
    Ok(())
}

fn limit(number: u128) -> Limit {
    let id = Uuid::from_u128(number + 1);
    Limit {
        id: LimitId(id),
        scope_kind: ScopeKind::Member,
        scope_id: id,
        door: None,
        model: None,
        unit: Unit::Money,
        window: WindowKind::Total,
        zone: "UTC".to_owned(),
        ceiling: i64::MAX,
        hard: true,
    }
}

fn call(number: u128) -> Call {
    let mut random = [0; 10];
    random.copy_from_slice(&number.to_be_bytes()[6..]);
    Call {
        id: CallId::new(Timestamp(1_795_000_000_000), random),
        member_id: MemberId(Uuid::from_u128(number % MEMBERS + 1)),
        key_id: KeyId(Uuid::from_u128(number % MEMBERS + 1)),
        group_id: Uuid::nil(),
        connection_id: ConnectionId::NIL,
        door: Door::Gateway,
        purpose: Purpose::Reply,
        parent_call_id: None,
        model: "gpt-6-luna".to_owned(),
        admitted_at: Timestamp(1_795_000_000_000),
        state: CallState::Open,
        outcome: None,
        usage: Usage::default(),
        usage_source: None,
        price_state: PriceState::Priced,
        hold: NanoUsd(4_096_000),
        cost: None,
        charge: None,
        overrun: false,
        tag: None,
        first_token_ms: None,
        duration_ms: None,
    }
}

fn settle(call: &Call) -> SettledCall {
    let usage = Usage {
        input: Some(31),
        output: Some(12),
        requests: Some(1),
        ..Usage::default()
    };
    let mut call = call.clone();
    call.state = CallState::Settled;
    call.outcome = Some(Outcome::Answered);
    call.usage = usage;
    call.usage_source = Some(UsageSource::Reported);
    call.cost = Some(NanoUsd(9_100));
    call.charge = call.cost;
    call.first_token_ms = Some(120);
    call.duration_ms = Some(840);
    let attempt = Attempt {
        connection_id: ConnectionId(Uuid::from_u128(7)),
        price_id: Some(domain::PriceId(Uuid::from_u128(8))),
        outcome: Outcome::Answered,
        usage,
        usage_source: Some(UsageSource::Reported),
        cost: call.cost,
        reported_cost: None,
    };
    SettledCall {
        call,
        holds: Vec::new(),
        attempts: vec![attempt],
    }
}
