//! Corrections: an instance that was taken for dead while it lived tells, late, what its calls
//! really used. The estimate that was booked for them is taken back and the truth booked beside it,
//! so that attempts still add up to their call, calls to rollups, and calls to windows.

use std::collections::{BTreeMap, BTreeSet};

use domain::NanoUsd;
use domain::Usage;
use domain::calls::{CallState, Outcome, UsageSource};
use domain::limits::WindowState;
use store::WriteTx;
use store::calls::{Attempt, Call, Held, SettledCall};
use store::limits::WindowKey;

use super::used;
use crate::Result;
use crate::house::House;

/// A call that another instance has settled from an estimate.
pub(super) struct Late {
    /// What it really was.
    pub(super) truth: SettledCall,
    booked: Call,
    booked_attempts: Vec<Attempt>,
}

/// Which of these settlements know better than what stands in the books.
pub(super) async fn due(tx: &WriteTx, late: &[&SettledCall]) -> Result<Vec<Late>> {
    let ids: Vec<_> = late.iter().map(|settled| settled.call.id).collect();
    let mut booked = tx.call_lock_settled(&ids).await?;
    let due = late.iter().filter_map(|settled| {
        // Taken out, so that the same settlement twice in one batch is booked once.
        let (call, attempts) = booked.remove(&settled.call.id)?;
        (is_recovered(&call) && !is_recovered(&settled.call)).then(|| Late {
            truth: (*settled).clone(),
            booked: call,
            booked_attempts: attempts,
        })
    });
    Ok(due.collect())
}

/// As a recovery books a call. Once corrected it never looks like this again.
fn is_recovered(call: &Call) -> bool {
    call.outcome == Some(Outcome::Interrupted) && call.usage_source == Some(UsageSource::Estimated)
}

/// Books corrections; `windows` holds the locked rows they move.
pub(super) async fn book(
    tx: &WriteTx,
    house: &House,
    windows: &mut BTreeMap<WindowKey, WindowState>,
    corrected: &[Late],
) -> Result<()> {
    if corrected.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(corrected.len());
    for late in corrected {
        let truth = &late.truth;
        let touched: BTreeSet<_> = truth.holds.iter().map(Held::window).collect();
        for key in touched {
            let (Some(limit), Some(state)) = (house.limits.find(key.0), windows.get_mut(&key))
            else {
                continue;
            };
            let more = used(limit, &truth.call, &truth.attempts).saturating_sub(used(
                limit,
                &late.booked,
                &late.booked_attempts,
            ));
            limit.settle(state, 0, more);
        }
        let mut row = truth.clone();
        let booked = i32::try_from(late.booked_attempts.len()).unwrap_or(i32::MAX);
        row.attempts = late
            .booked_attempts
            .iter()
            .map(taken_back)
            .chain(truth.attempts.iter().cloned())
            .collect();
        rows.push((row, booked));
    }
    tx.calls_correct(&rows).await?;
    let counted = |call: &&Call| call.state != CallState::Void;
    let booked = corrected.iter().map(|late| &late.booked).filter(counted);
    tx.rollup_take_back(&store::rollups::summed(booked)).await?;
    let truth = corrected
        .iter()
        .map(|late| &late.truth.call)
        .filter(counted);
    tx.rollup_add(&store::rollups::summed(truth)).await?;
    tracing::info!(
        calls = corrected.len(),
        "estimates were replaced by what the calls really used"
    );
    Ok(())
}

/// The same attempt with negative figures.
fn taken_back(attempt: &Attempt) -> Attempt {
    let minus = |count: Option<i64>| count.map(|count| -count);
    let usage = attempt.usage;
    Attempt {
        usage: Usage {
            input: minus(usage.input),
            cached_input: minus(usage.cached_input),
            cache_write: minus(usage.cache_write),
            cache_write_1h: minus(usage.cache_write_1h),
            output: minus(usage.output),
            reasoning: minus(usage.reasoning),
            searches: minus(usage.searches),
            requests: minus(usage.requests),
        },
        cost: attempt.cost.map(|cost| NanoUsd(-cost.0)),
        reported_cost: attempt.reported_cost.map(|cost| NanoUsd(-cost.0)),
        ..attempt.clone()
    }
}
