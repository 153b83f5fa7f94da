//! Relaying: the task that outlives its client, tries one way after the other until a first token
//! is there, passes on what comes, and settles whatever happens.

mod failures;
mod passing;
mod tally;

use std::time::Duration;

use domain::calls::{CallState, Outcome, ProviderFailure, UsageSource};
use domain::prices::PriceState;
use domain::{AppError, NanoUsd, Usage};
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use providers::{Answer, ChatRequest, Frame, Whole};
use store::calls::{Attempt, Call, Held, SettledCall};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use self::failures::{endless, unreachable_connection};
use self::tally::Tally;
use super::admit::Admitted;
use super::progress::LiveCall;
use super::settle::total;
use super::writer::Settlement;
use super::{CallRequest, Candidate, Piece, Running, Settled};
use crate::{Result, Services};

/// Pieces that may wait for a slow reader before the provider has to wait too.
const BUFFERED_PIECES: usize = 64;
/// A reader that takes nothing for this long has left.
const STALLED_READER: Duration = Duration::from_mins(1);
/// How long a provider may go on after the reader has left, to tell the final usage.
const GRACE: Duration = Duration::from_secs(2);
/// No answer takes longer, however steadily its provider keeps the connection alive.
const LONGEST: Duration = Duration::from_hours(1);
/// Frames that are taken without a look at the reasons to end.
const MOST_IN_A_ROW: usize = 16;
/// Frames that may come before the first token, or after the final usage: more is no answer.
const MOST_SILENT_FRAMES: usize = 4_096;
/// And so many bytes.
const MOST_SILENT_BYTES: usize = 1024 * 1024;

impl Services {
    /// Admits a call and starts it. From here on it ends by being settled, whatever happens.
    ///
    /// # Errors
    /// A refusal, or a database that cannot open calls. Nothing has left the house then.
    pub async fn call(&self, request: CallRequest) -> Result<Running> {
        let door = request.door;
        let begun = self.begin_call(request).await;
        if let Err(error) = &begun {
            self.inner.metrics.refused(door, error);
        }
        begun
    }

    async fn begin_call(&self, request: CallRequest) -> Result<Running> {
        let house = self.house();
        let (answer, decision) = oneshot::channel();
        let admission = self.prepare(&request, &house, answer)?;
        // A task of its own from here on: a caller that leaves while the writer decides must not
        // take an admitted call with it.
        let (told, running) = oneshot::channel();
        let this = self.clone();
        let errand = self.inner.calls.errand();
        self.runtime().tasks.start(async move {
            match this.admitted(admission, decision).await {
                Ok(admitted) => {
                    let (running, relay, request) = this.begin_relay(admitted, request.request);
                    drop(errand);
                    // Nobody there any more: the relay notices before anything leaves the house.
                    let _ = told.send(Ok(running));
                    let span = tracing::error_span!("call", id = %relay.call.id);
                    relay.run(request).instrument(span).await;
                }
                Err(error) => {
                    let _ = told.send(Err(error));
                }
            }
        });
        running.await.map_err(|_| AppError::Unavailable)?
    }

    fn begin_relay(
        &self,
        admitted: Admitted,
        mut request: ChatRequest,
    ) -> (Running, Relay, ChatRequest) {
        let (out, pieces) = mpsc::channel(BUFFERED_PIECES);
        let stop = CancellationToken::new();
        let running = Running {
            call_id: admitted.call.id,
            pieces,
            stop: stop.clone(),
            injected_output: admitted.injected_output,
            output_lowered: admitted.output_lowered,
            rates: admitted.rates,
        };
        if let Some(most) = admitted.injected_output {
            request.max_output = Some(most);
        }
        (
            running,
            Relay::new(self.clone(), admitted, out, stop),
            request,
        )
    }
}

/// Why relaying one answer ended.
enum Ended {
    /// The provider said all it had to say.
    Whole,
    /// The provider failed.
    Failed(ProviderFailure),
    /// The reader stopped it or left.
    Stopped,
    /// The key was revoked, or the member shut out.
    Revoked,
    /// The server is being stopped.
    Cut,
}

/// One running call.
struct Relay {
    services: Services,
    call: Call,
    candidates: Vec<Candidate>,
    input_estimate: i64,
    holds: Vec<Held>,
    /// The most output tokens all replies together may have, where a hold depends on it.
    most_output: Option<i64>,
    live: LiveCall,
    out: mpsc::Sender<Piece>,
    stop: CancellationToken,
    started_ms: i64,
    first_token_ms: Option<i64>,
    /// The attempt that runs.
    tally: Option<Tally>,
    attempts: Vec<Attempt>,
    /// Set when nobody listens any more: until when the provider may still talk.
    grace: Option<Instant>,
    /// Terminators and final usage, until the settlement is durable.
    held_back: Vec<Frame>,
    whole: Option<Whole>,
    settled: bool,
}

impl Relay {
    fn new(
        services: Services,
        admitted: Admitted,
        out: mpsc::Sender<Piece>,
        stop: CancellationToken,
    ) -> Self {
        let Admitted {
            call,
            candidates,
            attempt,
            input_estimate,
            holds,
            most_output,
            ..
        } = admitted;
        let live = services.inner.calls.begin(&call, attempt);
        // Revoked between the admission and now: the sweep has not seen this call.
        let access = services.house().access.clone();
        if !access.may_go_on(call.member_id, call.key_id) {
            live.revoked().cancel();
        }
        let started_ms = services.runtime().clock.monotonic_ms();
        Self {
            services,
            call,
            candidates,
            input_estimate,
            holds,
            most_output,
            live,
            out,
            stop,
            started_ms,
            first_token_ms: None,
            tally: None,
            attempts: Vec::new(),
            grace: None,
            held_back: Vec::new(),
            whole: None,
            settled: false,
        }
    }

    async fn run(mut self, mut request: ChatRequest) {
        request.model.clone_from(&self.call.model);
        let candidates = std::mem::take(&mut self.candidates);
        let last = candidates.len().saturating_sub(1);
        let mut ended = Ended::Failed(unreachable_connection());
        for (index, candidate) in candidates.into_iter().enumerate() {
            if index > 0 {
                self.live.turn_to(&candidate);
            }
            ended = self.attempt(candidate, &request).await;
            let outcome = match &ended {
                Ended::Whole => Outcome::Answered,
                Ended::Failed(failure) => failure.outcome,
                Ended::Stopped | Ended::Revoked => Outcome::Stopped,
                Ended::Cut => Outcome::Interrupted,
            };
            let had_output = self.close_attempt(outcome);
            // Never again after the first token: the reader has it, and it has its price.
            if had_output || index == last || !outcome.worth_another_try() {
                break;
            }
        }
        self.finish(ended).await;
    }

    /// Tries one way.
    async fn attempt(&mut self, candidate: Candidate, request: &ChatRequest) -> Ended {
        let endpoint = self
            .services
            .house()
            .catalog
            .connection(candidate.connection_id)
            .and_then(|entry| entry.endpoint.clone());
        self.call.connection_id = candidate.connection_id;
        self.tally = Some(Tally::new(candidate));
        let Some(endpoint) = endpoint else {
            return Ended::Failed(unreachable_connection());
        };
        if self.out.is_closed() {
            // Nobody waited for the admission: nothing has left the house.
            return Ended::Stopped;
        }
        if let Some(tally) = &mut self.tally {
            tally.leave();
        }
        let providers = self.services.inner.providers.clone();
        let cutting = self.services.runtime().tasks.cutting().clone();
        let revoked = self.live.revoked().clone();
        let asked = providers.chat(&endpoint, request);
        tokio::pin!(asked);
        let answer = loop {
            let until = self.grace;
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ended::Stopped,
                () = cutting.cancelled() => return Ended::Cut,
                () = revoked.cancelled() => return Ended::Revoked,
                () = wait_until(until), if until.is_some() => return Ended::Stopped,
                () = self.out.closed(), if until.is_none() => {
                    self.grace = Some(Instant::now() + GRACE);
                }
                answer = asked.as_mut() => break answer,
            }
        };
        let ended = match answer {
            Err(failure) => Ended::Failed(failure),
            Ok(Answer::Whole(whole)) => {
                self.note(&whole.events);
                self.whole = Some(whole);
                Ended::Whole
            }
            Ok(Answer::Stream(stream)) => self.stream(stream).await,
        };
        let health = &self.services.inner.calls.health;
        match &ended {
            Ended::Failed(failure) => {
                health.failed(
                    self.call.connection_id,
                    failure,
                    self.services.runtime().now(),
                );
                self.services
                    .note_provider(self.call.connection_id, failure);
            }
            Ended::Whole => health.succeeded(self.call.connection_id),
            Ended::Stopped | Ended::Revoked | Ended::Cut => {}
        }
        ended
    }

    /// Passes a stream on until it ends, for whatever reason.
    async fn stream(
        &mut self,
        mut stream: BoxStream<'static, std::result::Result<Frame, ProviderFailure>>,
    ) -> Ended {
        let cutting = self.services.runtime().tasks.cutting().clone();
        let revoked = self.live.revoked().clone();
        let longest = tokio::time::sleep(LONGEST);
        tokio::pin!(longest);
        // Frames before the first token: thrown away if this way fails and another is tried.
        let mut early = Vec::new();
        let mut silent_bytes = 0;
        let mut in_a_row = 0;
        loop {
            let until = self.grace;
            // What has arrived together is taken together: to ask six reasons to end before each
            // frame costs more than the frame. Only so many, so that each reason is heard.
            let at_hand = if in_a_row < MOST_IN_A_ROW {
                stream.next().now_or_never()
            } else {
                None
            };
            let item = if let Some(item) = at_hand {
                in_a_row += 1;
                item
            } else {
                in_a_row = 0;
                tokio::select! {
                    biased;
                    () = self.stop.cancelled() => return Ended::Stopped,
                    () = cutting.cancelled() => return Ended::Cut,
                    () = revoked.cancelled() => return Ended::Revoked,
                    () = wait_until(until), if until.is_some() => return Ended::Stopped,
                    () = &mut longest => return Ended::Failed(endless("the answer did not end")),
                    () = self.out.closed(), if until.is_none() => {
                        self.grace = Some(Instant::now() + GRACE);
                        continue;
                    }
                    item = stream.next() => item,
                }
            };
            let frame = match item {
                Some(Ok(frame)) => frame,
                Some(Err(failure)) => return Ended::Failed(failure),
                None => {
                    self.pass_all(&mut early).await;
                    return Ended::Whole;
                }
            };
            self.note(&frame.events);
            if self.outgrew_its_hold() {
                return Ended::Failed(endless("the answer went on past its output maximum"));
            }
            if self.tally.as_ref().is_some_and(Tally::has_begun) {
                let bytes = frame.raw.len();
                self.pass_all(&mut early).await;
                self.pass(frame).await;
                silent_bytes = if self.held_back.is_empty() {
                    0
                } else {
                    silent_bytes + bytes
                };
            } else {
                silent_bytes += frame.raw.len();
                early.push(frame);
            }
            let silent_frames = early.len().max(self.held_back.len());
            if silent_frames > MOST_SILENT_FRAMES || silent_bytes > MOST_SILENT_BYTES {
                return Ended::Failed(endless("the answer did not go on"));
            }
        }
    }

    /// Books the running attempt; true when it had begun to answer.
    fn close_attempt(&mut self, outcome: Outcome) -> bool {
        let Some(tally) = self.tally.take() else {
            return false;
        };
        let had_output = tally.has_begun();
        let attempt = tally.close(outcome, self.input_estimate);
        self.attempts.push(attempt);
        had_output
    }

    /// The final row of the call.
    fn settled_call(&mut self, outcome: Outcome) -> SettledCall {
        let now_ms = self.services.runtime().clock.monotonic_ms();
        let attempts = std::mem::take(&mut self.attempts);
        let mut call = self.call.clone();
        let answered = attempts
            .iter()
            .any(|attempt| attempt.usage_source.is_some());
        call.state = match outcome {
            Outcome::Answered | Outcome::Stopped => CallState::Settled,
            Outcome::Interrupted if answered => CallState::Settled,
            _ => CallState::Failed,
        };
        call.outcome = Some(outcome);
        call.usage = attempts
            .iter()
            .filter(|attempt| attempt.usage_source.is_some())
            .fold(Usage::default(), |sum, attempt| sum.plus(attempt.usage));
        call.usage_source = attempts
            .iter()
            .filter_map(|attempt| attempt.usage_source)
            .max();
        call.cost = total(attempts.iter().map(|attempt| attempt.cost));
        if call.cost.is_none() {
            call.price_state = PriceState::Unpriced;
        } else if attempts.iter().any(|attempt| attempt.price_id.is_some()) {
            call.price_state = PriceState::Priced;
        }
        call.charge = call.cost;
        call.overrun = call
            .cost
            .is_some_and(|cost| cost > call.hold && call.hold > NanoUsd::ZERO);
        call.first_token_ms = self.first_token_ms;
        call.duration_ms = Some(now_ms - self.started_ms);
        let settled = SettledCall {
            call,
            attempts,
            holds: self.holds.clone(),
        };
        self.services.count_call(&settled);
        settled
    }

    /// Settles, waits until that is durable, and only then lets the reader see the end.
    async fn finish(mut self, ended: Ended) {
        let revoked = matches!(ended, Ended::Revoked);
        let (outcome, failure) = match ended {
            Ended::Whole => (Outcome::Answered, None),
            Ended::Failed(failure) => (failure.outcome, Some(failure)),
            Ended::Stopped | Ended::Revoked => (Outcome::Stopped, None),
            Ended::Cut => (Outcome::Interrupted, None),
        };
        let settled = self.settled_call(outcome);
        let call = settled.call.clone();
        let (answer, durable) = oneshot::channel();
        let asked = Instant::now();
        self.services.inner.writer.settle(Settlement {
            settled,
            answer: Some(answer),
        });
        self.settled = true;
        let durable = durable.await.unwrap_or(false);
        self.services.inner.metrics.settled_after(asked.elapsed());
        self.services.inner.calls.end(call.id);
        let told = Settled {
            call_id: call.id,
            outcome,
            usage: call.usage,
            usage_source: call.usage_source.unwrap_or(UsageSource::Reported),
            price_state: call.price_state,
            charge: call.charge,
            first_token_ms: call.first_token_ms,
            duration_ms: call.duration_ms.unwrap_or(0),
            failure,
            revoked,
            durable,
        };
        let ended_well = !revoked && matches!(outcome, Outcome::Answered | Outcome::Stopped);
        // A stop ends the waiting for pieces, not the telling of the end.
        self.stop = CancellationToken::new();
        self.send(Piece::Settled(Box::new(told))).await;
        if durable && ended_well {
            for frame in std::mem::take(&mut self.held_back) {
                self.send(Piece::Frame(frame)).await;
            }
            if let Some(whole) = self.whole.take() {
                self.send(Piece::Whole(whole)).await;
            }
        }
    }
}

impl Drop for Relay {
    /// A panic is just another way into settle.
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        self.close_attempt(Outcome::Interrupted);
        let settled = self.settled_call(Outcome::Interrupted);
        self.services.inner.writer.settle(Settlement {
            settled,
            answer: None,
        });
        self.services.inner.calls.end(self.call.id);
    }
}

async fn wait_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
