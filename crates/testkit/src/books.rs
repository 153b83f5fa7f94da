//! The oracle: what must be true of the books after every story.

use std::collections::{BTreeMap, BTreeSet};

use domain::calls::CallState;
use domain::{NanoUsd, Timestamp};
use store::Store;
use store::calls::{Call, CallFilter};

/// Holds add up to open calls, rollups to calls, attempts to their call.
pub async fn check(store: &Store) {
    let open = store.open_call_list().await.expect("open calls");
    let mut held = BTreeMap::new();
    for hold in open.iter().flat_map(|open| &open.holds) {
        *held.entry((hold.limit_id, hold.window_start)).or_insert(0) += hold.amount;
    }
    // A limit that was removed while its calls ran took its windows with it.
    let limits = store.limit_list().await.expect("limits");
    held.retain(|(limit, _), amount| {
        *amount != 0
            && limits.iter().any(|known| {
                known.id == *limit && known.window != domain::limits::WindowKind::Minute
            })
    });
    let windows = store.limit_window_list_held().await.expect("windows");
    let stored: BTreeMap<_, _> = windows
        .into_iter()
        .map(|(key, state)| (key, state.held))
        .collect();
    assert_eq!(
        held, stored,
        "the holds of open calls are what the windows hold"
    );

    let calls = store
        .call_list(&CallFilter::default(), None, 100_000)
        .await
        .expect("calls");
    let marked: BTreeSet<_> = calls
        .iter()
        .filter(|call| call.state == CallState::Open)
        .map(|call| call.id)
        .collect();
    let running: BTreeSet<_> = open.iter().map(|open| open.call_id).collect();
    assert_eq!(
        marked, running,
        "a call is open when something is kept for it"
    );
    let settled: Vec<&Call> = calls
        .iter()
        .filter(|call| !matches!(call.state, CallState::Open | CallState::Void))
        .collect();
    let rollups: BTreeMap<_, _> = store
        .rollup_list(Timestamp(0), Timestamp(i64::MAX))
        .await
        .expect("rollups")
        .into_iter()
        .collect();
    assert_eq!(
        store::rollups::summed(settled.iter().copied()),
        rollups,
        "rollups are the sum of calls"
    );

    for call in settled {
        let attempts = store.call_attempt_list(call.id).await.expect("attempts");
        let sum = attempts
            .iter()
            .try_fold(NanoUsd::ZERO, |sum, attempt| sum.checked_add(attempt.cost?));
        assert_eq!(
            sum, call.cost,
            "call {} costs what its attempts cost",
            call.id
        );
    }
}
