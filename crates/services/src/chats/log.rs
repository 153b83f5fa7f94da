//! The log of running replies: flushed for all of them in one commit, so that a killed server
//! leaves the text up to its last flush.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::MessageId;
use domain::messages::MessagePart;
use store::Durability;
use store::messages::ReplyFlush;
use tokio::sync::Notify;

use crate::{Result, Services};

/// A reply's text waits at most this long for the log.
const FLUSH_EVERY: Duration = Duration::from_millis(250);
/// A reply with this much unlogged text is not kept waiting.
const FLUSH_BYTES: usize = 2_048;

#[derive(Default)]
struct Waiting {
    sequence: i32,
    parts: Vec<MessagePart>,
    bytes: usize,
}

/// What waits to be logged.
#[derive(Default)]
pub(crate) struct ReplyLog {
    waiting: Mutex<HashMap<MessageId, Waiting>>,
    urgent: Notify,
}

impl ReplyLog {
    /// A reply begins, with an empty log.
    pub(super) fn begin(&self, id: MessageId) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, Waiting::default());
    }

    /// More of a reply.
    pub(super) fn add(&self, id: MessageId, part: MessagePart, bytes: usize) {
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(waiting) = all.get_mut(&id) else {
            return;
        };
        append(&mut waiting.parts, std::iter::once(part));
        waiting.bytes += bytes;
        if waiting.bytes >= FLUSH_BYTES {
            self.urgent.notify_one();
        }
    }

    /// The reply is final, and with it all its text: nothing more to log.
    pub(super) fn end(&self, id: MessageId) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }

    fn take(&self) -> Vec<ReplyFlush> {
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter_mut()
            .filter(|(_, waiting)| !waiting.parts.is_empty())
            .map(|(id, waiting)| {
                let flush = ReplyFlush {
                    message_id: *id,
                    sequence: waiting.sequence,
                    parts: std::mem::take(&mut waiting.parts),
                };
                waiting.sequence += 1;
                waiting.bytes = 0;
                flush
            })
            .collect()
    }

    /// Puts back what could not be written, before what came since.
    fn put_back(&self, flushes: Vec<ReplyFlush>) {
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for flush in flushes {
            if let Some(waiting) = all.get_mut(&flush.message_id) {
                let since = std::mem::replace(&mut waiting.parts, flush.parts);
                append(&mut waiting.parts, since.into_iter());
                waiting.sequence = flush.sequence;
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }
}

/// Adds parts to parts: texts that belong together become one.
pub(crate) fn append(parts: &mut Vec<MessagePart>, more: impl Iterator<Item = MessagePart>) {
    for part in more {
        match (parts.last_mut(), part) {
            (
                Some(MessagePart::Text {
                    text,
                    provider_state: state @ None,
                }),
                MessagePart::Text {
                    text: more,
                    provider_state,
                },
            ) => {
                text.push_str(&more);
                *state = provider_state;
            }
            (
                Some(MessagePart::Reasoning {
                    text,
                    duration_ms,
                    provider_state: state @ None,
                }),
                MessagePart::Reasoning {
                    text: more,
                    duration_ms: longer,
                    provider_state,
                },
            ) => {
                text.push_str(&more);
                let durations = duration_ms.iter().chain(&longer).copied();
                *duration_ms = durations.reduce(i64::saturating_add);
                *state = provider_state;
            }
            (
                Some(MessagePart::ToolCall {
                    id,
                    arguments,
                    provider_state: state,
                    ..
                }),
                MessagePart::ToolCall {
                    id: same,
                    arguments: more,
                    provider_state,
                    ..
                },
            ) if *id == same => {
                arguments.push_str(&more);
                *state = state.take().or(provider_state);
            }
            (_, part) => parts.push(part),
        }
    }
}

impl Services {
    pub(crate) fn start_reply_log(&self) {
        let this = self.clone();
        self.runtime().tasks.start(async move {
            let log = &this.inner.reply_log;
            let closing = this.runtime().tasks.closing().clone();
            loop {
                tokio::select! {
                    () = this.runtime().tasks.cutting().cancelled() => {}
                    () = log.urgent.notified() => {}
                    () = tokio::time::sleep(FLUSH_EVERY) => {}
                }
                let flushes = log.take();
                if !flushes.is_empty()
                    && let Err(error) = this.write_flushes(&flushes).await {
                        tracing::warn!(%error, replies = flushes.len(), "reply logs wait for the database");
                        log.put_back(flushes);
                        tokio::time::sleep(FLUSH_EVERY).await;
                    }
                if closing.is_cancelled() && log.is_empty() {
                    return;
                }
            }
        });
    }

    async fn write_flushes(&self, flushes: &[ReplyFlush]) -> Result<()> {
        let now = self.runtime().now();
        for chunk in flushes.chunks(250) {
            let tx = self.store().write_with(Durability::Normal).await?;
            tx.reply_event_append(chunk, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_one_text_become_one_part_and_kinds_stay_apart() {
        let reasoning = |text: &str, duration_ms| MessagePart::Reasoning {
            text: text.into(),
            duration_ms,
            provider_state: None,
        };
        let mut parts = vec![reasoning("a", Some(3))];
        let more = [
            reasoning("b", Some(4)),
            MessagePart::text("c"),
            MessagePart::text("d"),
            reasoning("e", None),
        ];
        append(&mut parts, more.into_iter());
        assert_eq!(
            parts,
            [
                reasoning("ab", Some(7)),
                MessagePart::text("cd"),
                reasoning("e", None)
            ]
        );
    }
}
