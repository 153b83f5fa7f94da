//! From a body of server-sent events to frames.

use std::time::Duration;

use bytes::Bytes;
use domain::calls::{Outcome, ProviderFailure};
use futures::FutureExt;
use futures::stream::{BoxStream, StreamExt};
use outbound::Response;

use crate::failure::Failures;
use crate::sse::{Parser, SseEvent};
use crate::{Event, Frame};

/// Most bytes of one stream. The longest reply of any model takes some tens of MiB in its wordiest
/// dialect, where every chunk is padded or repeats all that was said before.
const LONGEST_STREAM: usize = 64 << 20;
/// How long to wait for the end of the body behind the terminator. Settling waits for it too.
const LINGER: Duration = Duration::from_millis(100);

/// What a dialect knows about its events.
pub(crate) trait Decode: Send + 'static {
    /// What one event says. [`Event::Done`] stands for the dialect's terminator.
    fn decode(&mut self, event: &SseEvent) -> Result<Vec<Event>, ProviderFailure>;

    /// Whether the reply was complete, should the bytes end here.
    fn complete(&self) -> bool;

    /// Whether relays want the bytes as they came.
    fn keeps_raw(&self) -> bool;
}

/// The frames of a streamed reply. Ends with [`Event::Done`] or with an error.
pub(crate) fn frames(
    response: Response,
    decoder: impl Decode,
    failures: Failures,
) -> BoxStream<'static, Result<Frame, ProviderFailure>> {
    let mut source = Source {
        response,
        parser: Parser::new(),
        bytes: 0,
        ended: false,
        failures,
    };
    let mut decoder = decoder;
    async_stream::stream! {
        loop {
            let event = match source.event().await {
                Ok(Some(event)) => event,
                Ok(None) if decoder.complete() => break,
                Ok(None) => {
                    yield Err(source.failures.broken_off());
                    return;
                }
                // All was said; the provider only forgot how to hang up.
                Err(failure) if decoder.complete() && failure.outcome == Outcome::Network => break,
                Err(failure) => {
                    yield Err(failure);
                    return;
                }
            };
            let events = match decoder.decode(&event) {
                Ok(events) => events,
                Err(failure) => {
                    yield Err(failure);
                    return;
                }
            };
            let done = events.last() == Some(&Event::Done);
            let raw = if decoder.keeps_raw() { event.raw } else { Bytes::new() };
            if done {
                // A connection can be used again only when its body was read to the end, which
                // usually is here already.
                let ended = source.end().now_or_never().is_some();
                yield Ok(Frame { raw, events });
                if !ended {
                    source.end().await;
                }
                return;
            }
            if !raw.is_empty() || !events.is_empty() {
                yield Ok(Frame { raw, events });
            }
        }
        yield Ok(Frame { raw: Bytes::new(), events: vec![Event::Done] });
    }
    .boxed()
}

struct Source {
    response: Response,
    parser: Parser,
    bytes: usize,
    ended: bool,
    failures: Failures,
}

impl Source {
    async fn event(&mut self) -> Result<Option<SseEvent>, ProviderFailure> {
        loop {
            match self.parser.next() {
                Ok(Some(event)) => return Ok(Some(event)),
                Ok(None) if self.ended => return Ok(None),
                Ok(None) => {}
                Err(_) => return Err(self.failures.server("an event of the stream is too long")),
            }
            match self.response.chunk().await {
                Ok(Some(piece)) => {
                    self.bytes = self.bytes.saturating_add(piece.len());
                    if self.bytes > LONGEST_STREAM {
                        return Err(self.failures.server("the stream does not end"));
                    }
                    self.parser.feed(piece);
                }
                Ok(None) => {
                    self.ended = true;
                    return Ok(self.parser.finish());
                }
                Err(error) => return Err(self.failures.of_outbound(&error)),
            }
        }
    }

    /// Reads up to the end of the body, which follows the terminator closely.
    async fn end(&mut self) {
        let rest = async { while let Ok(Some(_)) = self.response.chunk().await {} };
        // Whatever comes instead of the end, the reply is complete.
        let _in_time = tokio::time::timeout(LINGER, rest).await;
    }
}
