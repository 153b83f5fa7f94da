//! Counts of what went out, so that a metering client can be compared with the provider's own numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{Usage, frames::Mark, record::Entry, server::Shared};

/// Token totals; input and output are inclusive as in [`Usage`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    pub input: u64,
    pub output: u64,
}

/// Totals of one dialect since the start or the last [`crate::Fake::clear`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub requests: u64,
    /// Streams begun and not yet ended.
    pub streams_open: u64,
    /// Answers the client did not wait for.
    pub dropped: u64,
    /// What usage objects on the wire said; of several in one answer the last.
    pub reported: Tokens,
    /// What was put on the wire, reported or not: prompts of begun answers, and output as far as it was written.
    pub sent: Tokens,
}

/// The live counters of one dialect.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    requests: AtomicU64,
    streams_open: AtomicU64,
    dropped: AtomicU64,
    reported_input: AtomicU64,
    reported_output: AtomicU64,
    sent_input: AtomicU64,
    sent_output: AtomicU64,
}

impl Totals {
    pub(crate) fn read(&self) -> Counters {
        Counters {
            requests: self.requests.load(Relaxed),
            streams_open: self.streams_open.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            reported: Tokens {
                input: self.reported_input.load(Relaxed),
                output: self.reported_output.load(Relaxed),
            },
            sent: Tokens {
                input: self.sent_input.load(Relaxed),
                output: self.sent_output.load(Relaxed),
            },
        }
    }

    /// Zeroes all but the streams still open.
    pub(crate) fn clear(&self) {
        for counter in [
            &self.requests,
            &self.dropped,
            &self.reported_input,
            &self.reported_output,
            &self.sent_input,
            &self.sent_output,
        ] {
            counter.store(0, Relaxed);
        }
    }
}

/// Counts one answer while it is written. Everything is counted before the bytes leave, so that a client that has
/// read the end also finds the numbers.
pub(crate) struct Tally {
    shared: Arc<Shared>,
    dialect: Option<usize>,
    entry: Option<Arc<Entry>>,
    streaming: bool,
    prompt_tokens: u64,
    usage: Usage,
    output: u64,
}

impl Tally {
    pub(crate) fn new(
        shared: Arc<Shared>,
        dialect: Option<usize>,
        entry: Option<Arc<Entry>>,
    ) -> Self {
        let tally = Self {
            shared,
            dialect,
            entry,
            streaming: false,
            prompt_tokens: 0,
            usage: Usage::default(),
            output: 0,
        };
        tally.add(|totals| &totals.requests, 1);
        tally
    }

    /// An answer begins; a stream stays open until [`Self::end`].
    pub(crate) fn begin(&mut self, streaming: bool, prompt_tokens: u64) {
        self.streaming = streaming;
        self.prompt_tokens = prompt_tokens;
        self.add(|totals| &totals.streams_open, u64::from(streaming));
    }

    /// The first body byte is about to be written.
    pub(crate) fn body(&mut self) {
        let prompt_tokens = std::mem::take(&mut self.prompt_tokens);
        self.add(|totals| &totals.sent_input, prompt_tokens);
    }

    /// An event is about to be written. Its numbers replace those of the one before, also downwards.
    pub(crate) fn advance(&mut self, mark: &Mark) {
        if let Some(usage) = mark.usage {
            self.add(
                |totals| &totals.reported_input,
                usage.input.wrapping_sub(self.usage.input),
            );
            self.add(
                |totals| &totals.reported_output,
                usage.output.wrapping_sub(self.usage.output),
            );
            self.usage = usage;
        }
        self.add(
            |totals| &totals.sent_output,
            mark.output.wrapping_sub(self.output),
        );
        self.output = mark.output;
    }

    /// The last byte is about to be written.
    pub(crate) fn end(&mut self) {
        if std::mem::take(&mut self.streaming) {
            self.add(|totals| &totals.streams_open, 1_u64.wrapping_neg());
        }
    }

    /// The client left early.
    pub(crate) fn dropped(&mut self) {
        self.end();
        self.add(|totals| &totals.dropped, 1);
        if let Some(entry) = self.entry.take() {
            self.shared.record.disconnected(&entry);
        }
    }

    fn add(&self, counter: impl Fn(&Totals) -> &AtomicU64, amount: u64) {
        if let Some(dialect) = self.dialect {
            counter(&self.shared.totals[dialect]).fetch_add(amount, Relaxed);
        }
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        // Also when the fake is stopped in the middle.
        self.end();
    }
}
