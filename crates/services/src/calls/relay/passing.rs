//! From the provider's frames to the reader: counted, kept back where they tell the end, handed over.

use providers::{Event, Frame};
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::Instant;

use super::{GRACE, Relay, STALLED_READER};
use crate::calls::Piece;

impl Relay {
    /// Counts what a provider says.
    pub(super) fn note(&mut self, events: &[Event]) {
        let Some(tally) = &mut self.tally else { return };
        let bytes = tally.add(events);
        if bytes > 0 {
            self.live.add_output(bytes);
        }
        if self.first_token_ms.is_none() && tally.has_begun() {
            let now_ms = self.services.runtime().clock.monotonic_ms();
            self.first_token_ms = Some(now_ms - self.started_ms);
        }
    }

    pub(super) async fn pass_all(&mut self, frames: &mut Vec<Frame>) {
        for frame in std::mem::take(frames) {
            self.pass(frame).await;
        }
    }

    /// A provider that ignores the output maximum would spend what nobody held. Estimates are
    /// generous: what a provider counts as one token is seldom more than a word.
    pub(super) fn outgrew_its_hold(&self) -> bool {
        let (Some(most), Some(tally)) = (self.most_output, &self.tally) else {
            return false;
        };
        tally.output_estimate() > most.saturating_mul(4).saturating_add(1_024)
    }

    /// Passes a frame on, or keeps it back when it ends the stream or tells the final usage.
    pub(super) async fn pass(&mut self, frame: Frame) {
        // Once something is kept back, a sign of life behind it does not set it free.
        let silent = !self.held_back.is_empty() && !has_output(&frame);
        if silent || is_held_back(&frame) {
            self.held_back.push(frame);
            return;
        }
        // Some providers go on after a frame that looked final: the order stays.
        for earlier in std::mem::take(&mut self.held_back) {
            self.send(Piece::Frame(earlier)).await;
        }
        self.send(Piece::Frame(frame)).await;
    }

    /// Hands a piece to the reader. A reader that has left, or takes nothing for a minute, is gone.
    pub(super) async fn send(&mut self, piece: Piece) {
        if self.grace.is_some() {
            return;
        }
        // Nearly always there is room, and no clock has to be set for waiting.
        let piece = match self.out.try_send(piece) {
            Ok(()) => return,
            Err(TrySendError::Full(piece) | TrySendError::Closed(piece)) => piece,
        };
        let stop = self.stop.clone();
        let cutting = self.services.runtime().tasks.cutting().clone();
        let revoked = self.live.revoked().clone();
        let sent = tokio::select! {
            sent = self.out.send_timeout(piece, STALLED_READER) => sent.is_ok(),
            () = stop.cancelled() => return,
            // Of a settled call the end is told, whatever else is over.
            () = cutting.cancelled(), if !self.settled => return,
            () = revoked.cancelled(), if !self.settled => return,
        };
        if !sent {
            self.grace = Some(Instant::now() + GRACE);
        }
    }
}

/// Whether a frame may only be seen once the settlement is durable: the terminator, and a usage
/// that comes without further text.
fn is_held_back(frame: &Frame) -> bool {
    let ends = |event: &Event| matches!(event, Event::Done | Event::Usage(_) | Event::Cost(_));
    frame.events.iter().any(ends) && !has_output(frame)
}

/// Whether a reader gets something of the answer by it.
fn has_output(frame: &Frame) -> bool {
    frame.events.iter().any(|event| match event {
        Event::Text(text) | Event::Reasoning(text) => !text.is_empty(),
        Event::ToolCall { .. } | Event::Other { .. } | Event::Citation { .. } => true,
        Event::Done | Event::Usage(_) | Event::Cost(_) | Event::State(_) | Event::Finish(_) => {
            false
        }
    })
}
