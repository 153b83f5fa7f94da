//! Admission: which ways there are, which limits apply, and whether the worst case fits them.
//!
//! What is asked of the snapshot happens in the caller's task; the decision itself happens in the
//! writer, for a whole batch in arrival order, on rows it has locked.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calls::{CallState, Refusal};
use domain::limits::{
    Draw, Limit, Room, ScopeKind, Unit, WindowKind, WindowState, largest_fitting, window,
};
use domain::prices::{Price, PriceState};
use domain::time::MINUTE_MS;
use domain::{AppError, ConnectionId, NanoUsd, Timestamp, Usage};
use store::calls::{Call, Held};
use store::limits::WindowKey;
use tokio::sync::oneshot;

use super::bounds::{input_bound, input_estimate};
use super::progress::attempt_text;
use super::{CallRequest, Candidate, Rate, Rates};
use crate::house::{House, Route};
use crate::{Error, Result, Services};

/// An output maximum that nobody asked for is not lowered below this.
const LEAST_OUTPUT: i64 = 256;
/// Most output tokens a request may ask for: more is a mistake or an attack on the arithmetic.
const MOST_OUTPUT: i64 = 10_000_000;

/// A limit that bounds this call, and which of its windows.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) limit: Arc<Limit>,
    pub(crate) key: WindowKey,
    returns_at: Option<Timestamp>,
}

/// A candidate with the limits of its connection.
#[derive(Debug, Clone)]
struct Way {
    candidate: Candidate,
    limits: Vec<Applied>,
}

/// A call at the writer's door.
pub(crate) struct Admission {
    call: Call,
    ways: Vec<Way>,
    shared: Vec<Applied>,
    input_bound: i64,
    pub(crate) input_estimate: i64,
    output: Output,
    pub(crate) answer: oneshot::Sender<Result<Admitted>>,
}

/// What is known about the output maximum.
#[derive(Debug, Clone, Copy)]
struct Output {
    /// The maximum the worst case counts with, for one reply.
    most: i64,
    /// How many replies were asked for.
    replies: i64,
    /// Whether the request named the maximum itself.
    asked: bool,
    /// Whether the house sets it, because a hard money limit needs one.
    injected: bool,
    /// Whether it may be lowered until the call fits.
    may_lower: bool,
}

/// An admitted call.
pub(crate) struct Admitted {
    pub(crate) call: Call,
    pub(crate) candidates: Vec<Candidate>,
    /// JSON of the one tried first, for a recovery to price with.
    pub(crate) attempt: String,
    pub(crate) holds: Vec<Held>,
    pub(crate) input_estimate: i64,
    pub(crate) injected_output: Option<i64>,
    /// The most output tokens that were held for, all replies together; `None` where nothing was.
    pub(crate) most_output: Option<i64>,
    pub(crate) output_lowered: bool,
    pub(crate) rates: Rates,
}

impl Services {
    /// Everything that can be told without the database, ready for the writer.
    pub(super) fn prepare(
        &self,
        request: &CallRequest,
        house: &House,
        answer: oneshot::Sender<Result<Admitted>>,
    ) -> Result<Admission> {
        let now = self.runtime().now();
        if house
            .access
            .active_member(request.caller.member_id)
            .is_none()
        {
            return Err(AppError::SignedOut.into());
        }
        let model = request.model.clone();
        let (entry, routes) = house.catalog.routes(&model).ok_or(Refusal::ModelUnknown {
            model: model.clone(),
        })?;
        if !request.caller.may_use(&model, &entry.model) {
            return Err(Refusal::ModelNotAllowed { model }.into());
        }
        let house_model = entry.model.clone();
        let shared = shared_limits(house, request, &house_model, now);
        let guarded = shared.iter().any(|applied| applied.limit.guards_money());
        let mut ways = Vec::with_capacity(routes.len());
        let mut unpriced = false;
        let mut most_output = None::<i64>;
        for route in self.in_order(routes, now) {
            let id = route.connection.id;
            let price = house.catalog.price(route.kind, &house_model, id, now);
            let limits: Vec<Applied> = house
                .limits
                .of(ScopeKind::Connection, id.0)
                .iter()
                .filter(|limit| limit.covers(request.door, &house_model))
                .map(|limit| applied(limit, now))
                .collect();
            let money = guarded || limits.iter().any(|applied| applied.limit.guards_money());
            if money && price.state() == PriceState::Unpriced {
                unpriced = true;
                continue;
            }
            most_output = match (most_output, route.max_output_tokens) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            ways.push(Way {
                candidate: Candidate {
                    connection_id: id,
                    price,
                },
                limits,
            });
        }
        let Some(first) = ways.first() else {
            let refusal = if unpriced {
                Refusal::ModelUnpriced { model }
            } else {
                Refusal::ModelUnknown { model }
            };
            return Err(refusal.into());
        };
        let guarded = guarded
            || ways.iter().any(|way| {
                way.limits
                    .iter()
                    .any(|applied| applied.limit.guards_money())
            });
        if let (true, Some(feature)) = (guarded, request.unpriced_features.first()) {
            return Err(Refusal::FeatureUnpriced {
                feature: feature.clone(),
            }
            .into());
        }
        let asked = request.request.max_output;
        let by_default = house
            .settings
            .default_output_tokens
            .min(most_output.unwrap_or(i64::MAX));
        let output = Output {
            most: asked.unwrap_or(by_default).clamp(0, MOST_OUTPUT),
            replies: request.request.options.n.unwrap_or(1).clamp(1, 128),
            asked: asked.is_some(),
            injected: asked.is_none() && guarded,
            may_lower: request.may_lower_output,
        };
        let call = Call {
            // Of this very instant: lists of some days go by it.
            id: domain::CallId::new(now, self.runtime().random()),
            member_id: request.caller.member_id,
            key_id: request.caller.key_id,
            group_id: request.caller.group_id,
            connection_id: ConnectionId::NIL,
            door: request.door,
            purpose: request.purpose,
            parent_call_id: request.parent,
            model: house_model,
            admitted_at: now,
            state: CallState::Open,
            outcome: None,
            usage: Usage::default(),
            usage_source: None,
            price_state: first.candidate.price.state(),
            hold: NanoUsd::ZERO,
            cost: None,
            charge: None,
            overrun: false,
            tag: request.tag.clone(),
            first_token_ms: None,
            duration_ms: None,
        };
        Ok(Admission {
            call,
            ways,
            shared,
            input_bound: input_bound(&request.request),
            input_estimate: input_estimate(&request.request),
            output,
            answer,
        })
    }

    /// The order in which ways are tried: rested ones first, drawn by weight; those in rest last.
    fn in_order<'a>(&self, mut routes: Vec<&'a Route>, now: Timestamp) -> Vec<&'a Route> {
        if routes.len() > 1 {
            let chance = u64::from_be_bytes(self.runtime().random());
            shuffle_by_weight(&mut routes, chance);
            routes.sort_by_key(|route| self.inner.calls.health.rests(route.connection.id, now));
        }
        routes
    }
}

/// Draws one way by weight to the front; the others follow, heaviest first.
fn shuffle_by_weight(routes: &mut [&Route], chance: u64) {
    routes.sort_by_key(|route| std::cmp::Reverse(route.connection.weight));
    let weight = |route: &Route| u64::try_from(route.connection.weight).unwrap_or(0);
    let total: u64 = routes.iter().map(|route| weight(route)).sum();
    if total == 0 {
        return;
    }
    let mut left = chance % total;
    for index in 0..routes.len() {
        let share = weight(routes[index]);
        if left < share {
            routes[..=index].rotate_right(1);
            return;
        }
        left -= share;
    }
}

fn shared_limits(
    house: &House,
    request: &CallRequest,
    model: &str,
    now: Timestamp,
) -> Vec<Applied> {
    let caller = &request.caller;
    let mut scopes = vec![(ScopeKind::House, uuid::Uuid::nil())];
    if !caller.group_id.is_nil() {
        scopes.push((ScopeKind::Group, caller.group_id));
    }
    scopes.push((ScopeKind::Member, caller.member_id.0));
    if !caller.key_id.is_nil() {
        scopes.push((ScopeKind::Key, caller.key_id.0));
    }
    scopes
        .into_iter()
        .flat_map(|(kind, id)| house.limits.of(kind, id))
        .filter(|limit| limit.covers(request.door, model))
        .map(|limit| applied(limit, now))
        .collect()
}

/// The window of a limit that an instant falls into.
fn applied(limit: &Arc<Limit>, now: Timestamp) -> Applied {
    let bounds = window::zone(&limit.zone).and_then(|zone| window::bounds(limit.window, zone, now));
    Applied {
        limit: limit.clone(),
        key: (limit.id, bounds.map_or(Timestamp(0), |(start, _)| start)),
        returns_at: bounds.map(|(_, end)| end),
    }
}

/// The key of a limit's window at an instant.
pub(crate) fn window_key(limit: &Arc<Limit>, now: Timestamp) -> WindowKey {
    applied(limit, now).key
}

type Windows = BTreeMap<WindowKey, WindowState>;
/// Indexes of the ways that are left, each with its draw.
type Kept = Vec<(usize, Draw)>;

impl Admission {
    /// Every window this call may touch.
    pub(crate) fn window_keys(&self) -> impl Iterator<Item = WindowKey> {
        self.ways
            .iter()
            .flat_map(|way| &way.limits)
            .chain(&self.shared)
            .map(|applied| applied.key)
    }

    /// Decides, and takes the holds from the windows if the answer is yes.
    pub(crate) fn decide(
        self,
        windows: &mut Windows,
    ) -> (oneshot::Sender<Result<Admitted>>, Result<Admitted>) {
        let decided = self.weigh(windows);
        let Self {
            mut call,
            ways,
            shared,
            input_estimate,
            output,
            answer,
            ..
        } = self;
        let decision = decided.map(|(kept, most, money)| {
            let now = call.admitted_at;
            let mut holds = Vec::new();
            let mut rates = Rates::default();
            for (applied, draw) in kept
                .iter()
                .flat_map(|(index, draw)| {
                    ways[*index].limits.iter().map(move |limit| (limit, *draw))
                })
                .chain(shared.iter().map(|limit| (limit, money)))
            {
                let amount = draw.in_unit(applied.limit.unit);
                let state = windows.entry(applied.key).or_default();
                applied.limit.hold(state, now, amount);
                note_rate(&mut rates, &applied.limit, state, now);
                holds.push(Held {
                    limit_id: applied.key.0,
                    window_start: applied.key.1,
                    amount,
                });
            }
            call.hold = NanoUsd(money.money);
            let guards = kept
                .iter()
                .flat_map(|(index, _)| &ways[*index].limits)
                .chain(&shared)
                .any(|applied| applied.limit.guards_money());
            let candidates: Vec<Candidate> = kept
                .iter()
                .map(|(index, _)| ways[*index].candidate.clone())
                .collect();
            Admitted {
                call,
                attempt: candidates.first().map(attempt_text).unwrap_or_default(),
                candidates,
                holds,
                input_estimate,
                injected_output: output.injected.then_some(most),
                most_output: guards.then(|| most.saturating_mul(output.replies)),
                output_lowered: output.injected && most < output.most,
                rates,
            }
        });
        (answer, decision)
    }

    /// Which ways are left, with which output maximum and worst case. Changes nothing.
    fn weigh(&self, windows: &Windows) -> Result<(Kept, i64, Draw)> {
        match self.fits(windows, self.output.most) {
            Ok((kept, draw)) => Ok((kept, self.output.most, draw)),
            Err(refusal) => {
                let lowered = || {
                    largest_fitting(LEAST_OUTPUT, self.output.most, |most| {
                        self.fits(windows, most).is_ok()
                    })
                };
                if self.output.injected
                    && self.output.may_lower
                    && let Some(most) = lowered()
                {
                    let (kept, draw) = self.fits(windows, most).map_err(Error::from)?;
                    return Ok((kept, most, draw));
                }
                Err(match refusal {
                    Refusal::LimitReached {
                        scope,
                        unit,
                        ceiling,
                        left,
                        needed,
                        returns_at,
                        ..
                    } if unit != Unit::Requests && (self.output.injected || self.output.asked) => {
                        let largest_output = lowered();
                        Refusal::LimitReached {
                            scope,
                            unit,
                            ceiling,
                            left,
                            needed,
                            returns_at,
                            largest_output,
                        }
                    }
                    other => other,
                }
                .into())
            }
        }
    }

    /// The ways that are left with this output maximum, each with its draw, and the dearest draw.
    fn fits(&self, windows: &Windows, most: i64) -> std::result::Result<(Kept, Draw), Refusal> {
        let now = self.call.admitted_at;
        let output_tokens = most.saturating_mul(self.output.replies);
        let tokens = self.input_bound.saturating_add(output_tokens);
        let mut kept = Vec::with_capacity(self.ways.len());
        let mut dearest = Draw { money: 0, tokens };
        let mut refused = None;
        for (index, way) in self.ways.iter().enumerate() {
            let money = match &way.candidate.price {
                Price::Rates { rates, .. } => rates
                    .worst_case(self.input_bound, output_tokens)
                    .map_or(i64::MAX, |worst| worst.0),
                Price::Free | Price::Unpriced => 0,
            };
            let draw = Draw { money, tokens };
            if let Some(refusal) = way
                .limits
                .iter()
                .find_map(|applied| refusal(applied, windows, now, draw))
            {
                refused = Some(refusal);
            } else {
                dearest.money = dearest.money.max(money);
                kept.push((index, draw));
            }
        }
        if kept.is_empty() {
            return Err(refused.unwrap_or(Refusal::ModelUnknown {
                model: self.call.model.clone(),
            }));
        }
        match self
            .shared
            .iter()
            .find_map(|applied| refusal(applied, windows, now, dearest))
        {
            Some(refusal) => Err(refusal),
            None => Ok((kept, dearest)),
        }
    }
}

/// Why a hard limit has no room for a draw; `None` when it has, or is soft.
fn refusal(applied: &Applied, windows: &Windows, now: Timestamp, draw: Draw) -> Option<Refusal> {
    let limit = &applied.limit;
    if !limit.hard {
        return None;
    }
    let state = windows.get(&applied.key).copied().unwrap_or_default();
    let needed = draw.in_unit(limit.unit);
    match limit.room(&state, now, needed) {
        Room::Fits { .. } => None,
        Room::Full {
            retry_after_ms: Some(retry_after_ms),
            ..
        } => Some(Refusal::RateLimited {
            scope: limit.scope_kind,
            unit: limit.unit,
            retry_after_ms,
        }),
        Room::Full {
            left,
            retry_after_ms: None,
        } => Some(Refusal::LimitReached {
            scope: limit.scope_kind,
            unit: limit.unit,
            ceiling: limit.ceiling,
            left,
            needed,
            returns_at: applied.returns_at,
            largest_output: None,
        }),
    }
}

/// Keeps the tightest of the limits a minute, for headers.
fn note_rate(rates: &mut Rates, limit: &Limit, state: &WindowState, now: Timestamp) {
    if limit.window != WindowKind::Minute {
        return;
    }
    let slot = match limit.unit {
        Unit::Requests => &mut rates.requests,
        Unit::Tokens => &mut rates.tokens,
        Unit::Money => return,
    };
    let left = match limit.room(state, now, 0) {
        Room::Fits { left } | Room::Full { left, .. } => left,
    };
    let full_in_ms = (state.tat_ns / 1_000_000 - now.0).clamp(0, 60 * MINUTE_MS);
    if slot.is_none_or(|known| left < known.left) {
        *slot = Some(Rate {
            ceiling: limit.ceiling,
            left,
            full_in_ms,
        });
    }
}
