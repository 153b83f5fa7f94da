//! The one way to a provider: admit, route, relay, settle. Every door comes through
//! [`Services::call`], and a crash, a disconnect, a stop and a panic are other ways into settle.

mod admit;
mod bounds;
mod health;
mod list;
mod progress;
mod recover;
mod relay;
mod settle;
mod writer;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::calls::{Door, Outcome, ProviderFailure, Purpose, UsageSource};
use domain::prices::{Price, PriceState};
use domain::{CallId, ConnectionId, KeyId, NanoUsd, Timestamp, Usage};
use providers::{ChatRequest, Frame, Whole};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::access::Caller;

pub(crate) use admit::window_key;
pub use bounds::{input_bound, input_estimate, output_estimate};
pub(crate) use health::HealthBook;
pub(crate) use writer::Writer;

/// What a door asks for.
#[derive(Debug, Clone)]
pub struct CallRequest {
    /// Who pays.
    pub caller: Caller,
    /// Where it entered.
    pub door: Door,
    /// What for.
    pub purpose: Purpose,
    /// The call that caused it.
    pub parent: Option<CallId>,
    /// A tag from the caller.
    pub tag: Option<String>,
    /// The model, by the house's name: a model id, or `connection/model`.
    pub model: String,
    /// The request; its model is set when a connection is chosen.
    pub request: ChatRequest,
    /// Features of the request that no price row covers, by their names in the request.
    pub unpriced_features: Vec<String>,
    /// Whether an output maximum that nobody asked for may be lowered until the call fits.
    pub may_lower_output: bool,
}

/// A call that was admitted and runs by itself. Dropping `pieces` means that nobody listens any
/// more: the call is cancelled after a grace and settled with what was delivered.
#[derive(Debug)]
pub struct Running {
    /// Its id.
    pub call_id: CallId,
    /// What comes back.
    pub pieces: mpsc::Receiver<Piece>,
    /// Cancels the call; what was delivered is settled.
    pub stop: CancellationToken,
    /// The output maximum the house set because the request named none.
    pub injected_output: Option<i64>,
    /// Whether that was lowered to fit.
    pub output_lowered: bool,
    /// The tightest rates of the caller, for headers.
    pub rates: Rates,
}

/// What is left of the tightest limit a minute, for rate-limit headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// Requests: ceiling, left.
    pub requests: Option<Rate>,
    /// Tokens: ceiling, left.
    pub tokens: Option<Rate>,
}

/// One limit a minute after this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Its ceiling.
    pub ceiling: i64,
    /// What is left.
    pub left: i64,
    /// Milliseconds until it is full again.
    pub full_in_ms: i64,
}

/// A piece of what comes back.
#[derive(Debug)]
pub enum Piece {
    /// An event of a stream. Terminators and final usage come only after [`Piece::Settled`].
    Frame(Frame),
    /// The whole answer; comes only after the settlement is durable.
    Whole(Whole),
    /// The call is settled, durably. Held-back frames follow, then the end.
    Settled(Box<Settled>),
}

/// How a call ended.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The call.
    pub call_id: CallId,
    /// How it ended.
    pub outcome: Outcome,
    /// Units.
    pub usage: Usage,
    /// Who counted them.
    pub usage_source: UsageSource,
    /// Whether a price was known.
    pub price_state: PriceState,
    /// What the member is charged; `None` when unpriced.
    pub charge: Option<NanoUsd>,
    /// Milliseconds to the first token.
    pub first_token_ms: Option<i64>,
    /// Milliseconds to the end.
    pub duration_ms: i64,
    /// The failure of the last provider tried, when none answered or one broke off.
    pub failure: Option<ProviderFailure>,
    /// Whether it was stopped because the key was revoked or the member shut out.
    pub revoked: bool,
    /// Whether the settlement is durable. If not, the hold stays and it is written later.
    pub durable: bool,
}

/// A connection that a call may use, with the price frozen for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Candidate {
    pub(crate) connection_id: ConnectionId,
    pub(crate) price: Price,
}

/// What runs now, and small things remembered between calls.
pub(crate) struct Calls {
    live: Mutex<HashMap<CallId, progress::LiveCall>>,
    used_keys: Mutex<HashMap<KeyId, Timestamp>>,
    errands: Arc<AtomicUsize>,
    pub(crate) health: HealthBook,
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self {
            live: Mutex::new(HashMap::new()),
            used_keys: Mutex::new(HashMap::new()),
            errands: Arc::new(AtomicUsize::new(0)),
            health: HealthBook::default(),
        }
    }

    /// Announces work that will lead to another call, such as a title: until the guard is dropped
    /// a shutdown does not take the house for idle.
    pub(crate) fn errand(&self) -> Errand {
        self.errands.fetch_add(1, Ordering::SeqCst);
        Errand(self.errands.clone())
    }

    pub(crate) fn key_used(&self, key: KeyId, now: Timestamp) {
        self.used_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, now);
    }

    /// When a key was used that is not written down yet.
    pub(crate) fn key_used_at(&self, key: KeyId) -> Option<Timestamp> {
        self.used_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .copied()
    }

    /// When keys were used, as far as it is not written down yet.
    pub(crate) fn used_keys(&self) -> Vec<(KeyId, Timestamp)> {
        let used = self
            .used_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        used.iter().map(|(key, at)| (*key, *at)).collect()
    }

    /// These are written down; a key that was used again since is not.
    pub(crate) fn used_keys_written(&self, written: &[(KeyId, Timestamp)]) {
        let mut used = self
            .used_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for (key, at) in written {
            if used.get(key) == Some(at) {
                used.remove(key);
            }
        }
    }
}

/// See [`Calls::errand`].
pub(crate) struct Errand(Arc<AtomicUsize>);

impl Drop for Errand {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
