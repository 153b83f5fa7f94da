//! From the pieces of a running call to the body of an HTTP answer.

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use providers::{Event, Frame, Whole};

use super::GatewayError;
use super::encode::{DONE, Spelling};
use crate::calls::{Piece, Running, Settled};

/// The body of a whole answer; its settlement is durable by then.
pub(super) async fn whole(
    mut running: Running,
    first: Piece,
    spelling: &Spelling,
) -> Result<Bytes, GatewayError> {
    let mut piece = Some(first);
    let mut settled: Option<Box<Settled>> = None;
    let mut events = Vec::new();
    let mut raw = Bytes::new();
    while let Some(now) = piece {
        match now {
            Piece::Settled(told) => {
                if !told.durable {
                    return Err(GatewayError::unsettled());
                }
                if let Some(error) = GatewayError::of(&told) {
                    return Err(error);
                }
                settled = Some(told);
            }
            Piece::Whole(whole) => {
                raw = whole.raw;
                events.extend(whole.events);
            }
            // Some providers stream whatever was asked.
            Piece::Frame(frame) => events.extend(frame.events),
        }
        piece = running.pieces.recv().await;
    }
    let settled = settled.ok_or_else(GatewayError::unsettled)?;
    if raw.is_empty() {
        Ok(spelling.completion(&events, &settled.usage))
    } else {
        Ok(raw)
    }
}

/// Bytes that are enough for one write.
const MOST_TOGETHER: usize = 16 * 1024;

struct Streaming {
    running: Running,
    next: Option<Piece>,
    spelling: Spelling,
    /// Whether the role has been said.
    begun: bool,
    /// Whether the usage was told.
    usage_told: bool,
    done_told: bool,
    settled: Option<Box<Settled>>,
    ended: bool,
}

/// The events of a stream. Dropping it is how a client leaves.
pub(super) fn stream(
    running: Running,
    first: Piece,
    spelling: Spelling,
) -> BoxStream<'static, Bytes> {
    let state = Streaming {
        running,
        next: Some(first),
        spelling,
        begun: false,
        usage_told: false,
        done_told: false,
        settled: None,
        ended: false,
    };
    futures::stream::unfold(state, |mut state| async move {
        loop {
            if state.ended {
                return None;
            }
            let piece = match state.next.take() {
                Some(piece) => Some(piece),
                None => state.running.pieces.recv().await,
            };
            let bytes = match piece {
                Some(piece) => state.spell(piece),
                None => state.end(),
            };
            let bytes = state.with_what_is_there(bytes);
            if !bytes.is_empty() {
                return Some((bytes, state));
            }
        }
    })
    .boxed()
}

impl Streaming {
    /// Adds what has come meanwhile: many small pieces in one cost less than each by itself, and
    /// nobody waits for the next.
    fn with_what_is_there(&mut self, first: Bytes) -> Bytes {
        let mut together = Vec::new();
        while !self.ended && first.len() + together.len() < MOST_TOGETHER {
            let Ok(piece) = self.running.pieces.try_recv() else {
                break;
            };
            let more = self.spell(piece);
            if together.is_empty() && !more.is_empty() {
                together.extend_from_slice(&first);
            }
            together.extend_from_slice(&more);
        }
        if together.is_empty() {
            first
        } else {
            together.into()
        }
    }

    fn spell(&mut self, piece: Piece) -> Bytes {
        match piece {
            Piece::Frame(frame) => self.frame(frame),
            Piece::Whole(whole) => self.whole(&whole),
            Piece::Settled(settled) => {
                let error = GatewayError::of(&settled);
                let durable = settled.durable;
                self.settled = Some(settled);
                // An error event and no terminator: the client must not take it for an end.
                if !durable {
                    self.ended = true;
                    return GatewayError::unsettled().event().into();
                }
                match error {
                    Some(error) => {
                        self.ended = true;
                        error.event().into()
                    }
                    None => Bytes::new(),
                }
            }
        }
    }

    fn frame(&mut self, frame: Frame) -> Bytes {
        let says = |wanted: fn(&Event) -> bool| frame.events.iter().any(wanted);
        let is_done = says(|event| matches!(event, Event::Done));
        let has_usage = says(|event| matches!(event, Event::Usage(_) | Event::Cost(_)));
        let only_usage = has_usage
            && frame
                .events
                .iter()
                .all(|event| matches!(event, Event::Usage(_) | Event::Cost(_)));
        if is_done {
            self.done_told = true;
            // A translated last frame may say why it ended before it ends.
            let mut last = if frame.raw.is_empty() {
                self.spelling
                    .chunks(&frame.events, &mut self.begun)
                    .to_vec()
            } else {
                Vec::new()
            };
            last.extend_from_slice(&self.done());
            return last.into();
        }
        if frame.raw.is_empty() {
            return self.spelling.chunks(&frame.events, &mut self.begun);
        }
        // We asked for the usage chunk; a client that did not never sees it.
        if only_usage && !self.spelling.wants_usage {
            return Bytes::new();
        }
        self.usage_told |= has_usage;
        frame.raw
    }

    /// A provider that answered a stream request at once: its answer as chunks.
    fn whole(&mut self, whole: &Whole) -> Bytes {
        self.spelling.chunks(&whole.events, &mut self.begun)
    }

    /// The terminator, after the usage where it was asked for and not yet told.
    fn done(&mut self) -> Bytes {
        let mut bytes = Vec::new();
        if let (true, false, Some(settled)) =
            (self.spelling.wants_usage, self.usage_told, &self.settled)
        {
            bytes.extend_from_slice(&self.spelling.usage_chunk(&settled.usage));
            self.usage_told = true;
        }
        bytes.extend_from_slice(DONE);
        bytes.into()
    }

    /// The pieces have ended: well only if the settlement was told.
    fn end(&mut self) -> Bytes {
        self.ended = true;
        match (&self.settled, self.done_told) {
            (Some(_), false) => self.done(),
            (Some(_), true) => Bytes::new(),
            (None, _) => GatewayError::unsettled().event().into(),
        }
    }
}
