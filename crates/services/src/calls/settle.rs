//! Settlement: costs booked, holds released, limits and rollups moved, in one commit.

mod correct;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calls::CallState;
use domain::limits::{Limit, ScopeKind, Unit, WindowState};
use domain::{CallId, NanoUsd};
use store::WriteTx;
use store::calls::{Attempt, Call, Held, SettledCall};
use store::limits::WindowKey;
use store::rollups::{RollupKey, RollupSum};

use crate::Result;
use crate::house::House;

/// What a settlement changes, decided on rows that are locked.
pub(super) struct Settling {
    /// Calls that were open until now.
    pub(super) due: Vec<SettledCall>,
    /// What was held for them, as the database knows it.
    holds: Holds,
    corrected: Vec<correct::Late>,
}

impl Settling {
    /// Locks the calls of a batch. Each is settled exactly once: those that are no longer open are
    /// left alone, or corrected where this process knows better.
    pub(super) async fn lock(tx: &WriteTx, batch: &[SettledCall]) -> Result<Self> {
        let ids: Vec<CallId> = batch.iter().map(|settled| settled.call.id).collect();
        let holds: Holds = tx
            .open_call_lock(&ids)
            .await?
            .into_iter()
            .map(|open| (open.call_id, open.holds))
            .collect();
        let mut seen = BTreeSet::new();
        let due: Vec<SettledCall> = batch
            .iter()
            .filter(|settled| holds.contains_key(&settled.call.id) && seen.insert(settled.call.id))
            .cloned()
            .collect();
        let corrected = if due.len() < ids.len() {
            // Another instance took this one for dead and booked an estimate, or an earlier commit
            // arrived although its answer did not.
            tracing::warn!(calls = ids.len() - due.len(), "calls were settled before");
            let late: Vec<&SettledCall> = batch
                .iter()
                .filter(|settled| !holds.contains_key(&settled.call.id))
                .collect();
            correct::due(tx, &late).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            due,
            holds,
            corrected,
        })
    }

    /// Every window it moves.
    pub(super) fn window_keys(&self) -> impl Iterator<Item = WindowKey> {
        self.due
            .iter()
            .flat_map(|settled| &self.holds[&settled.call.id])
            .chain(self.corrected.iter().flat_map(|late| &late.truth.holds))
            .map(Held::window)
    }

    /// Moves the windows, which are locked, and books corrections; gives the sums to add.
    pub(super) async fn book(
        &self,
        tx: &WriteTx,
        house: &House,
        windows: &mut BTreeMap<WindowKey, WindowState>,
    ) -> Result<BTreeMap<RollupKey, RollupSum>> {
        let rollups = book(&self.due, &self.holds, house, windows);
        correct::book(tx, house, windows, &self.corrected).await?;
        Ok(rollups)
    }
}

/// What is held for open calls, as the database knows it.
pub(super) type Holds = HashMap<CallId, Vec<Held>>;

/// Moves the windows of calls that end; gives the sums to add.
pub(super) fn book(
    due: &[SettledCall],
    holds: &Holds,
    house: &House,
    windows: &mut BTreeMap<WindowKey, WindowState>,
) -> BTreeMap<RollupKey, RollupSum> {
    for settled in due {
        for held in &holds[&settled.call.id] {
            // A limit that was removed meanwhile took its windows with it.
            let (Some(limit), Some(state)) = (
                house.limits.find(held.limit_id),
                windows.get_mut(&held.window()),
            ) else {
                continue;
            };
            let used = used(limit, &settled.call, &settled.attempts);
            limit.settle(state, held.amount, used);
        }
    }
    let counted = due
        .iter()
        .map(|settled| &settled.call)
        .filter(|call| call.state != CallState::Void);
    store::rollups::summed(counted)
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
