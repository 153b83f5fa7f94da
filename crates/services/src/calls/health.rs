//! How connections have been doing lately: which to pass over, and for how long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::calls::{Outcome, ProviderFailure};
use domain::connections::Health;
use domain::time::{MINUTE_MS, SECOND_MS};
use domain::{ConnectionId, Timestamp};

/// Failures in a row, and until when the connection rests.
#[derive(Debug, Clone)]
struct Record {
    failures: u32,
    until: Timestamp,
    failure: ProviderFailure,
}

/// The records of all connections; an instance's own, like a breaker in a fuse box.
#[derive(Debug, Default)]
pub(crate) struct HealthBook {
    records: Mutex<HashMap<ConnectionId, Record>>,
}

/// Longest rest a provider may ask for and get.
const LONGEST_REST_MS: i64 = 10 * MINUTE_MS;

impl HealthBook {
    /// An answer came: all is forgiven.
    pub(crate) fn succeeded(&self, connection: ConnectionId) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.remove(&connection);
    }

    /// A failure that another connection might not have had.
    pub(crate) fn failed(
        &self,
        connection: ConnectionId,
        failure: &ProviderFailure,
        now: Timestamp,
    ) {
        if !failure.outcome.worth_another_try() {
            return;
        }
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = records.get(&connection).map_or(0, |record| record.failures) + 1;
        let rest_ms = failure
            .retry_after_ms
            .unwrap_or_else(|| own_rest_ms(failure.outcome, failures));
        let record = Record {
            failures,
            until: now.plus(rest_ms.clamp(0, LONGEST_REST_MS)),
            failure: failure.clone(),
        };
        records.insert(connection, record);
    }

    /// Whether the connection rests at an instant. One in rest is tried after all others, not never.
    pub(crate) fn rests(&self, connection: ConnectionId, now: Timestamp) -> bool {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records
            .get(&connection)
            .is_some_and(|record| now < record.until)
    }

    /// For its page.
    pub(crate) fn health(&self, connection: ConnectionId, now: Timestamp) -> Health {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        match records.get(&connection) {
            Some(record) if now < record.until => Health::CoolingDown {
                until: record.until,
                failure: record.failure.clone(),
            },
            _ => Health::Ok,
        }
    }
}

/// Without a word from the provider: a single network hiccup rests nothing, a wrong key long.
fn own_rest_ms(outcome: Outcome, failures: u32) -> i64 {
    let doubled = |base_ms: i64| base_ms.saturating_mul(1 << failures.min(6).saturating_sub(1));
    match outcome {
        Outcome::Auth | Outcome::Quota => doubled(MINUTE_MS),
        Outcome::RateLimited | Outcome::Overloaded => doubled(5 * SECOND_MS),
        _ if failures < 3 => 0,
        _ => doubled(SECOND_MS),
    }
}
