//! Recovery: calls of dead instances are settled once, from the last that is known of them.

use std::collections::HashMap;
use std::time::Duration;

use domain::InstanceId;
use domain::calls::{CallState, Outcome, UsageSource};
use domain::problems::ProblemKind;
use domain::{NanoUsd, Usage};
use store::Engine;
use store::calls::{Attempt, Call, OpenCall, SettledCall};

use super::{Candidate, output_estimate};
use crate::{Result, Services};

/// How often an instance shows that it lives.
const BEAT_EVERY: Duration = Duration::from_secs(5);
/// How often dead instances are looked for: every second beat.
const LOOK_EVERY_BEATS: u32 = 2;
/// A counter that stands still for this long of our own monotonic time belongs to the dead.
const DEAD_AFTER_MS: i64 = 30_000;
/// Calls settled in one commit.
const CHUNK: u64 = 200;

/// When each other instance's counter was last seen to move.
#[derive(Default)]
struct Watch {
    seen: HashMap<InstanceId, (i64, i64)>,
}

impl Watch {
    /// Notes the counters; returns those that have stood still too long.
    fn note(&mut self, counters: &[(InstanceId, i64)], now_ms: i64) -> Vec<InstanceId> {
        self.seen
            .retain(|id, _| counters.iter().any(|(other, _)| other == id));
        let mut dead = Vec::new();
        for (id, counter) in counters {
            let seen = self.seen.entry(*id).or_insert((*counter, now_ms));
            if seen.0 != *counter {
                *seen = (*counter, now_ms);
            } else if now_ms - seen.1 >= DEAD_AFTER_MS {
                dead.push(*id);
            }
        }
        dead
    }
}

impl Services {
    /// At start: sweeps what was left, settles the calls that a restored house brought along, and on SQLite, where the server's lock proves every former
    /// instance dead, settles their calls.
    pub(crate) async fn recover_at_start(&self) -> Result<()> {
        let tx = self.store().write().await?;
        tx.limit_window_sweep().await?;
        tx.commit().await?;
        let open = self.store().open_call_instances().await?;
        if open.contains(&InstanceId::NIL) {
            self.recover(InstanceId::NIL).await?;
        }
        if self.store().engine() == Engine::Sqlite {
            let leases = self.store().instance_list().await?;
            let mut dead: Vec<InstanceId> = leases.into_iter().map(|(id, _)| id).collect();
            dead.extend(open);
            dead.sort();
            dead.dedup();
            for id in dead.into_iter().filter(|id| *id != self.inner.instance) {
                self.recover(id).await?;
            }
            self.interrupt_orphaned_replies(0).await?;
        }
        Ok(())
    }

    pub(crate) fn start_lease(&self) {
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let mut ticks = tokio::time::interval(BEAT_EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let closing = this.runtime().tasks.closing().clone();
            let mut watch = Watch::default();
            let mut beats = 0u32;
            loop {
                tokio::select! {
                    () = this.runtime().tasks.cutting().cancelled() => return,
                    _ = ticks.tick() => {}
                    // While calls drain the lease must go on, or another instance settles them.
                    () = closing.cancelled(), if !closing.is_cancelled() => {}
                    () = tokio::time::sleep(Duration::from_millis(200)), if closing.is_cancelled() => {
                        if this.running_calls() == 0 { return }
                        continue;
                    }
                }
                let look = beats.is_multiple_of(LOOK_EVERY_BEATS);
                if let Err(error) = this.beat(&mut watch, look).await {
                    tracing::warn!(%error, "the lease could not be renewed");
                    this.note(ProblemKind::DatabaseFailed, &error);
                }
                beats = beats.wrapping_add(1);
            }
        });
    }

    async fn beat(&self, watch: &mut Watch, look: bool) -> Result<()> {
        let tx = self.store().write().await?;
        let master_keys = self.inner.sealer.told_ids();
        tx.instance_beat(self.inner.instance, self.runtime().now(), &master_keys)
            .await?;
        tx.commit().await?;
        let mut counters = self.store().instance_list().await?;
        // An instance whose lease was taken away while it lived may have opened calls since.
        for id in self.store().open_call_instances().await? {
            if counters.iter().all(|(known, _)| *known != id) {
                counters.push((id, -1));
            }
        }
        counters.retain(|(id, _)| *id != self.inner.instance);
        let dead = watch.note(&counters, self.runtime().clock.monotonic_ms());
        if look {
            for id in dead {
                self.recover(id).await?;
            }
            self.interrupt_orphaned_replies(crate::chats::ORPHAN_AFTER_MS)
                .await?;
        }
        Ok(())
    }

    /// Settles every open call of a dead instance, then removes its lease.
    ///
    /// # Errors
    /// When the database fails; what was settled stays settled, the rest is tried again.
    pub async fn recover(&self, dead: InstanceId) -> Result<()> {
        loop {
            let open = self.store().open_call_list_of(dead, CHUNK).await?;
            if open.is_empty() {
                break;
            }
            let settled: Vec<SettledCall> = open
                .iter()
                .map(|(call, open)| recovered(call, open))
                .collect();
            tracing::warn!(calls = settled.len(), instance = %dead, "settling calls of a dead instance");
            self.settle_batch(&settled).await?;
            self.note_recovered(settled.len());
        }
        let tx = self.store().write().await?;
        tx.instance_delete(dead).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A call as its last progress lets it be booked: the input estimate, and the output relayed.
fn recovered(call: &Call, open: &OpenCall) -> SettledCall {
    let candidate: Option<Candidate> = serde_json::from_str(&open.attempt).ok();
    let usage = Usage {
        input: Some(open.input_estimate),
        output: Some(output_estimate(open.output_bytes)),
        requests: Some(1),
        ..Usage::default()
    };
    let cost: Option<NanoUsd> = candidate
        .as_ref()
        .and_then(|candidate| candidate.price.cost(&usage).ok().flatten());
    let mut call = call.clone();
    call.state = CallState::Settled;
    call.outcome = Some(Outcome::Interrupted);
    call.usage = usage;
    call.usage_source = Some(UsageSource::Estimated);
    call.cost = cost;
    call.charge = cost;
    call.overrun = cost.is_some_and(|cost| cost > call.hold && call.hold > NanoUsd::ZERO);
    if let Some(candidate) = &candidate {
        call.connection_id = candidate.connection_id;
        call.price_state = candidate.price.state();
    }
    let attempts = candidate
        .map(|candidate| Attempt {
            connection_id: candidate.connection_id,
            price_id: candidate.price.id(),
            outcome: Outcome::Interrupted,
            usage,
            usage_source: Some(UsageSource::Estimated),
            cost,
            reported_cost: None,
        })
        .into_iter()
        .collect();
    SettledCall {
        call,
        attempts,
        holds: open.holds.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_counter_that_stands_still_for_thirty_seconds_is_dead() {
        let id = InstanceId(uuid::Uuid::from_u128(7));
        let mut watch = Watch::default();
        assert!(watch.note(&[(id, 5)], 0).is_empty());
        assert!(watch.note(&[(id, 5)], 29_999).is_empty());
        assert!(watch.note(&[(id, 6)], 31_000).is_empty());
        assert!(watch.note(&[(id, 6)], 60_999).is_empty());
        assert_eq!(watch.note(&[(id, 6)], 61_000), vec![id]);
    }
}
