//! What one attempt has consumed so far.

use domain::calls::{Outcome, UsageSource};
use domain::prices::Price;
use domain::{NanoUsd, Usage};
use providers::Event;
use store::calls::Attempt;

use crate::calls::{Candidate, output_estimate};

/// Counts one attempt.
pub(super) struct Tally {
    candidate: Candidate,
    usage: Usage,
    stated_cost: Option<NanoUsd>,
    /// Bytes of text, reasoning and tool arguments.
    bytes: i64,
    /// Something came that a reader can see, or the reply ended.
    begun: bool,
    /// The provider said why it ended.
    finished: bool,
    /// The request has left the house.
    sent: bool,
}

impl Tally {
    pub(super) fn new(candidate: Candidate) -> Self {
        Self {
            candidate,
            usage: Usage::default(),
            stated_cost: None,
            bytes: 0,
            begun: false,
            finished: false,
            sent: false,
        }
    }

    /// The request leaves the house: from now on the provider may take money for it.
    pub(super) fn leave(&mut self) {
        self.sent = true;
    }

    /// Whether the answer has begun, so that no other way may be tried.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Output tokens so far, estimated.
    pub(super) fn output_estimate(&self) -> i64 {
        output_estimate(self.bytes)
    }

    /// Counts events; returns the bytes of output in them.
    pub(super) fn add(&mut self, events: &[Event]) -> i64 {
        let before = self.bytes;
        for event in events {
            match event {
                Event::Text(text) | Event::Reasoning(text) => self.output(text.len()),
                Event::ToolCall {
                    name, arguments, ..
                } => {
                    self.begun = true;
                    self.output(name.as_ref().map_or(0, String::len) + arguments.len());
                }
                Event::Other { bytes } => {
                    self.begun = true;
                    self.bytes += i64::from(*bytes);
                }
                Event::Usage(usage) => self.usage = self.usage.updated_by(*usage),
                Event::Cost(cost) => self.stated_cost = Some(*cost).filter(|cost| cost.0 >= 0),
                Event::Finish(_) => {
                    self.begun = true;
                    self.finished = true;
                }
                Event::Done | Event::State(_) | Event::Citation { .. } => {}
            }
        }
        self.bytes - before
    }

    fn output(&mut self, bytes: usize) {
        if bytes > 0 {
            self.begun = true;
            self.bytes = self
                .bytes
                .saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
    }

    /// The attempt as it is booked. Without an answer nothing was consumed that we know of; an
    /// answer without a final usage is estimated.
    pub(super) fn close(self, outcome: Outcome, input_estimate: i64) -> Attempt {
        let reported = self.usage.sanitised();
        let whole = outcome == Outcome::Answered && self.finished;
        let price_id = self.candidate.price.id();
        // A reader that leaves early does not stop the provider from reading the whole prompt.
        let may_be_billed = self.sent && matches!(outcome, Outcome::Stopped | Outcome::Interrupted);
        if !self.begun && reported.is_unknown() && !may_be_billed {
            return Attempt {
                connection_id: self.candidate.connection_id,
                price_id,
                outcome,
                usage: Usage::default(),
                usage_source: None,
                cost: Some(NanoUsd::ZERO),
                reported_cost: self.stated_cost,
            };
        }
        let mut usage = Usage {
            requests: reported.requests.or(Some(1)),
            ..reported
        };
        let mut source = UsageSource::Reported;
        if !whole || usage.output.is_none() {
            // What was delivered counts, also where a running count had not caught up with it.
            let delivered = output_estimate(self.bytes);
            if usage.output.is_none_or(|counted| counted < delivered) {
                usage.output = Some(delivered);
                source = UsageSource::Estimated;
            }
        }
        if usage.input.is_none() {
            usage.input = Some(input_estimate);
            source = UsageSource::Estimated;
        }
        let computed = self.candidate.price.cost(&usage).unwrap_or_else(|error| {
            // Sanitised counts times a sane price always fit: the price row is absurd.
            tracing::error!(%error, price = ?price_id, "a cost does not fit and is booked as unpriced");
            None
        });
        let stated = match self.candidate.price {
            Price::Free => None,
            // A zero is what servers say that know no prices.
            Price::Rates { .. } | Price::Unpriced => self.stated_cost.filter(|cost| cost.0 > 0),
        };
        Attempt {
            connection_id: self.candidate.connection_id,
            price_id,
            outcome,
            usage,
            usage_source: Some(source),
            cost: stated.or(computed),
            reported_cost: self.stated_cost,
        }
    }
}
