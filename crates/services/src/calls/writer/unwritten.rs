//! Settlements that wait for a database that does not take them.

use std::time::{Duration, Instant};

use store::calls::SettledCall;

use super::BATCH;

/// When a database that did not take them is asked again.
pub(super) const AGAIN: Duration = Duration::from_secs(1);

/// Settlements that could not be written: kept, and tried again until they are.
///
/// Fewer at a time after each failure, down to one, which then goes to the end: a single one that
/// the database never takes does not keep the others out of the books.
pub(super) struct Unwritten {
    pub(super) waiting: Vec<SettledCall>,
    at_once: usize,
    failed_at: Option<Instant>,
}

impl Default for Unwritten {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            at_once: BATCH,
            failed_at: None,
        }
    }
}

impl Unwritten {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn keep(&mut self, settled: Vec<SettledCall>) {
        self.waiting.extend(settled);
    }

    /// Those to try next.
    pub(super) fn next(&self) -> &[SettledCall] {
        &self.waiting[..self.at_once.min(self.waiting.len())]
    }

    /// Whether to try now: a database that has just refused is left alone for a while.
    pub(super) fn is_due(&self) -> bool {
        let rested = |failed: Instant| failed.elapsed() >= AGAIN;
        !self.is_empty() && self.failed_at.is_none_or(rested)
    }

    /// What became of [`Self::next`].
    pub(super) fn tried(&mut self, written: bool) {
        let tried = self.at_once.min(self.waiting.len());
        self.failed_at = (!written).then(Instant::now);
        if written {
            self.waiting.drain(..tried);
            self.at_once = (self.at_once * 2).min(BATCH);
        } else {
            if tried == 1 {
                self.waiting.rotate_left(1);
            }
            self.at_once = (tried / 2).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::calls::CallState;
    use domain::prices::PriceState;
    use domain::{CallId, ConnectionId, KeyId, MemberId, NanoUsd, Timestamp, Usage};

    use super::*;

    fn settled(number: u128) -> SettledCall {
        let call = store::calls::Call {
            id: CallId(uuid::Uuid::from_u128(number)),
            member_id: MemberId::NIL,
            key_id: KeyId::NIL,
            group_id: uuid::Uuid::nil(),
            connection_id: ConnectionId::NIL,
            door: domain::calls::Door::Web,
            purpose: domain::calls::Purpose::Reply,
            parent_call_id: None,
            model: String::new(),
            admitted_at: Timestamp(0),
            state: CallState::Void,
            outcome: None,
            usage: Usage::default(),
            usage_source: None,
            price_state: PriceState::Free,
            hold: NanoUsd::ZERO,
            cost: None,
            charge: None,
            overrun: false,
            tag: None,
            first_token_ms: None,
            duration_ms: None,
        };
        SettledCall {
            call,
            attempts: Vec::new(),
            holds: Vec::new(),
        }
    }

    #[test]
    fn one_settlement_the_database_never_takes_does_not_keep_the_others_out() {
        let hopeless = CallId(uuid::Uuid::from_u128(77));
        let mut unwritten = Unwritten::default();
        unwritten.keep((0..200).map(settled).collect());
        let mut tries = 0;
        while unwritten.waiting.len() > 1 {
            let written = unwritten.next().iter().all(|one| one.call.id != hopeless);
            unwritten.tried(written);
            tries += 1;
            assert!(tries < 60, "{} are still waiting", unwritten.waiting.len());
        }
        assert_eq!(unwritten.next()[0].call.id, hopeless);
        unwritten.tried(false);
        assert_eq!(unwritten.waiting.len(), 1, "and it is never dropped");
    }
}
