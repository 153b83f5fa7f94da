//! Calls: opened and settled in batches, so that a hundred at once cost few statements.

mod list;
mod open;
mod settle;

use domain::calls::{CallState, Door, Outcome, Purpose, UsageSource};
use domain::prices::PriceState;
use domain::{
    CallId, ConnectionId, InstanceId, KeyId, LimitId, MemberId, NanoUsd, PriceId, Timestamp, Usage,
};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Result;
use crate::convert::{maybe_word, money, word};
use crate::entities::calls;
use crate::limits::WindowKey;

pub use list::{CallCursor, CallFilter};
pub use open::Progress;
pub(crate) use open::active_open;
pub(crate) use settle::{FINAL_COLUMNS, active_attempts};

/// The accounting row of one paid use of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Id.
    pub id: CallId,
    /// Who caused it.
    pub member_id: MemberId,
    /// The key it came with; nil for none.
    pub key_id: KeyId,
    /// The cost group, frozen; nil for the house.
    pub group_id: Uuid,
    /// The connection that answered, or was tried last; nil before any.
    pub connection_id: ConnectionId,
    /// Where it entered.
    pub door: Door,
    /// What for.
    pub purpose: Purpose,
    /// The call that caused it.
    pub parent_call_id: Option<CallId>,
    /// The model, by the house's id.
    pub model: String,
    /// When it was admitted; decides its windows and bucket.
    pub admitted_at: Timestamp,
    /// Where it stands.
    pub state: CallState,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Units, all attempts together.
    pub usage: Usage,
    /// Who counted them.
    pub usage_source: Option<UsageSource>,
    /// Whether a price was known.
    pub price_state: PriceState,
    /// The worst case that was held.
    pub hold: NanoUsd,
    /// What the provider takes; `None` when unpriced.
    pub cost: Option<NanoUsd>,
    /// What the member is charged.
    pub charge: Option<NanoUsd>,
    /// Whether the cost exceeded the hold.
    pub overrun: bool,
    /// A tag from the caller.
    pub tag: Option<String>,
    /// Milliseconds to the first token.
    pub first_token_ms: Option<i64>,
    /// Milliseconds to the end.
    pub duration_ms: Option<i64>,
}

/// What one limit's window holds for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The limit.
    pub limit_id: LimitId,
    /// Start of the window of admission; 0 where there is none.
    pub window_start: Timestamp,
    /// The amount, in the limit's unit.
    pub amount: i64,
}

impl Held {
    /// The window that holds it.
    pub fn window(&self) -> WindowKey {
        (self.limit_id, self.window_start)
    }
}

/// A call that is being opened.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// Its row, state open.
    pub call: Call,
    /// The process that runs it.
    pub instance_id: InstanceId,
    /// What is held for it.
    pub holds: Vec<Held>,
    /// Estimated input tokens: what a recovery books when nothing better is known.
    pub input_estimate: i64,
    /// JSON of the candidate that is tried first, for a recovery to price with.
    pub attempt: String,
}

/// What is only kept while a call is open.
#[derive(Debug, Clone)]
pub struct OpenCall {
    /// Which.
    pub call_id: CallId,
    /// The process that runs it.
    pub instance_id: InstanceId,
    /// What is held for it.
    pub holds: Vec<Held>,
    /// Estimated input tokens.
    pub input_estimate: i64,
    /// JSON of the candidate being tried.
    pub attempt: String,
    /// Output bytes relayed so far.
    pub output_bytes: i64,
}

/// One provider tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which connection.
    pub connection_id: ConnectionId,
    /// The price row it was priced with.
    pub price_id: Option<PriceId>,
    /// How it ended.
    pub outcome: Outcome,
    /// Units.
    pub usage: Usage,
    /// Who counted them.
    pub usage_source: Option<UsageSource>,
    /// Cost; `None` when unpriced.
    pub cost: Option<NanoUsd>,
    /// The cost the provider itself stated.
    pub reported_cost: Option<NanoUsd>,
}

/// A call that is being settled.
#[derive(Debug, Clone)]
pub struct SettledCall {
    /// Its final row.
    pub call: Call,
    /// The providers tried, in order.
    pub attempts: Vec<Attempt>,
    /// What was held for it, as its process knows it: says which windows a correction moves.
    pub holds: Vec<Held>,
}

fn call(row: calls::Model) -> Result<Call> {
    Ok(Call {
        id: CallId(row.id),
        member_id: MemberId(row.member_id),
        key_id: KeyId(row.key_id),
        group_id: row.group_id,
        connection_id: ConnectionId(row.connection_id),
        door: word("calls", "door", &row.door)?,
        purpose: word("calls", "purpose", &row.purpose)?,
        parent_call_id: row.parent_call_id.map(CallId),
        model: row.model,
        admitted_at: Timestamp(row.admitted_at),
        state: word("calls", "state", &row.state)?,
        outcome: maybe_word("calls", "outcome", row.outcome.as_deref())?,
        usage: Usage {
            input: row.input,
            cached_input: row.cached_input,
            cache_write: row.cache_write,
            cache_write_1h: row.cache_write_1h,
            output: row.output,
            reasoning: row.reasoning,
            searches: row.searches,
            requests: row.requests,
        },
        usage_source: maybe_word("calls", "usage_source", row.usage_source.as_deref())?,
        price_state: word("calls", "price_state", &row.price_state)?,
        hold: NanoUsd(row.hold_nano_usd),
        cost: money(row.cost_nano_usd),
        charge: money(row.charge_nano_usd),
        overrun: row.overrun,
        tag: row.tag,
        first_token_ms: row.first_token_ms,
        duration_ms: row.duration_ms,
    })
}

pub(crate) fn active_call(call: &Call) -> calls::ActiveModel {
    calls::ActiveModel {
        id: Set(call.id.0),
        member_id: Set(call.member_id.0),
        key_id: Set(call.key_id.0),
        group_id: Set(call.group_id),
        connection_id: Set(call.connection_id.0),
        door: Set(call.door.word().to_owned()),
        purpose: Set(call.purpose.word().to_owned()),
        parent_call_id: Set(call.parent_call_id.map(|id| id.0)),
        model: Set(call.model.clone()),
        admitted_at: Set(call.admitted_at.0),
        state: Set(call.state.word().to_owned()),
        outcome: Set(call.outcome.map(|outcome| outcome.word().to_owned())),
        input: Set(call.usage.input),
        cached_input: Set(call.usage.cached_input),
        cache_write: Set(call.usage.cache_write),
        cache_write_1h: Set(call.usage.cache_write_1h),
        output: Set(call.usage.output),
        reasoning: Set(call.usage.reasoning),
        searches: Set(call.usage.searches),
        requests: Set(call.usage.requests),
        usage_source: Set(call.usage_source.map(|source| source.word().to_owned())),
        price_state: Set(call.price_state.word().to_owned()),
        hold_nano_usd: Set(call.hold.0),
        cost_nano_usd: Set(call.cost.map(|cost| cost.0)),
        charge_nano_usd: Set(call.charge.map(|charge| charge.0)),
        overrun: Set(call.overrun),
        tag: Set(call.tag.clone()),
        first_token_ms: Set(call.first_token_ms),
        duration_ms: Set(call.duration_ms),
    }
}
