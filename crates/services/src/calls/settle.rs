//! Settlement: costs booked, holds released, limits and rollups moved, in one durable commit.

mod correct;

use std::collections::{BTreeSet, HashMap};

use domain::calls::CallState;
use domain::limits::{Limit, ScopeKind, Unit};
use domain::{CallId, NanoUsd};
use store::calls::{Attempt, Call, SettledCall};

use crate::{Result, Services};

impl Services {
    /// Settles calls, each exactly once: those that are no longer open are left alone.
    pub(crate) async fn settle_batch(&self, batch: &[SettledCall]) -> Result<()> {
        let ids: Vec<CallId> = batch.iter().map(|settled| settled.call.id).collect();
        let house = self.house();
        let tx = self.store().write().await?;
        let open: HashMap<CallId, _> = tx
            .open_call_lock(&ids)
            .await?
            .into_iter()
            .map(|open| (open.call_id, open))
            .collect();
        let mut seen = BTreeSet::new();
        let due: Vec<SettledCall> = batch
            .iter()
            .filter(|settled| open.contains_key(&settled.call.id) && seen.insert(settled.call.id))
            .cloned()
            .collect();
        let corrected = if due.len() < ids.len() {
            // Another instance took this one for dead and booked an estimate, or an earlier commit
            // arrived although its answer did not.
            tracing::warn!(calls = ids.len() - due.len(), "calls were settled before");
            let late: Vec<&SettledCall> = batch
                .iter()
                .filter(|settled| !open.contains_key(&settled.call.id))
                .collect();
            correct::due(&tx, &late).await?
        } else {
            Vec::new()
        };
        if due.is_empty() && corrected.is_empty() {
            return Ok(());
        }
        let keys: BTreeSet<_> = due
            .iter()
            .flat_map(|settled| &open[&settled.call.id].holds)
            .chain(corrected.iter().flat_map(|late| &late.truth.holds))
            .map(|held| (held.limit_id, held.window_start))
            .collect();
        let mut windows = tx
            .limit_window_lock(&keys.into_iter().collect::<Vec<_>>())
            .await?;
        for settled in &due {
            for held in &open[&settled.call.id].holds {
                // A limit that was removed meanwhile took its windows with it.
                let (Some(limit), Some(state)) = (
                    house.limits.find(held.limit_id),
                    windows.get_mut(&(held.limit_id, held.window_start)),
                ) else {
                    continue;
                };
                limit.settle(
                    state,
                    held.amount,
                    used(limit, &settled.call, &settled.attempts),
                );
            }
        }
        correct::book(&tx, &house, &mut windows, &corrected).await?;
        tx.calls_settle(&due).await?;
        tx.limit_window_save(&windows).await?;
        let counted: Vec<&Call> = due
            .iter()
            .map(|settled| &settled.call)
            .filter(|call| call.state != CallState::Void)
            .collect();
        tx.rollup_add(&store::rollups::summed(counted)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What a settled call used of a limit, in its unit.
fn used(limit: &Limit, call: &Call, attempts: &[Attempt]) -> i64 {
    if call.state == CallState::Void {
        return 0;
    }
    match limit.unit {
        Unit::Requests if limit.scope_kind == ScopeKind::Connection => attempts
            .iter()
            .filter(|attempt| attempt.connection_id.0 == limit.scope_id)
            .map(|_| 1)
            .sum(),
        Unit::Requests => 1,
        Unit::Tokens if limit.scope_kind == ScopeKind::Connection => attempts
            .iter()
            .filter(|attempt| attempt.connection_id.0 == limit.scope_id)
            .map(|attempt| attempt.usage.tokens())
            .sum(),
        Unit::Tokens => call.usage.tokens(),
        Unit::Money => match limit.scope_kind {
            ScopeKind::House => amount(call.cost),
            ScopeKind::Connection => attempts
                .iter()
                .filter(|attempt| attempt.connection_id.0 == limit.scope_id)
                .map(|attempt| amount(attempt.cost))
                .sum(),
            ScopeKind::Group | ScopeKind::Member | ScopeKind::Key => amount(call.charge),
        },
    }
}

fn amount(money: Option<NanoUsd>) -> i64 {
    money.map_or(0, |money| money.0)
}

/// Sum of amounts; unknown as soon as one is. A part shown as the whole would be a wrong figure; each
/// attempt keeps its own.
pub(super) fn total(amounts: impl Iterator<Item = Option<NanoUsd>>) -> Option<NanoUsd> {
    amounts.into_iter().try_fold(NanoUsd::ZERO, |sum, amount| {
        Some(sum.saturating_add(amount?))
    })
}
