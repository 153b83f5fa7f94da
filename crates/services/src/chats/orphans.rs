//! Replies whose writer died: ended with the text up to their last flush.

use std::collections::HashSet;

use domain::messages::MessageState;
use domain::time::MINUTE_MS;
use domain::{CallId, Notice};

use crate::{Result, Services};

/// A reply without an open call is an orphan after this long: its own server may be about to end it.
pub const ORPHAN_AFTER_MS: i64 = MINUTE_MS;

impl Services {
    /// Ends replies that nobody writes any more, marked interrupted.
    ///
    /// # Errors
    /// When the database fails; the rest is tried again.
    pub(crate) async fn interrupt_orphaned_replies(&self, older_than_ms: i64) -> Result<()> {
        let streaming = self.store().message_list_streaming().await?;
        if streaming.is_empty() {
            return Ok(());
        }
        let open: HashSet<CallId> = self
            .store()
            .open_call_list()
            .await?
            .into_iter()
            .map(|open| open.call_id)
            .collect();
        let now = self.runtime().now();
        for (message, call) in streaming {
            let running = self.hub().running(message.id).is_some()
                || call.is_some_and(|call| open.contains(&call));
            if running || now.since(message.updated_at) < older_than_ms {
                continue;
            }
            let mut parts = message.parts;
            let logged = self.store().reply_event_list(message.id).await?;
            super::log::append(&mut parts, logged.into_iter().flatten());
            let tx = self.store().write().await?;
            tx.message_finish(
                message.id,
                MessageState::Interrupted,
                &parts,
                Some(&Notice::Interrupted),
                now,
            )
            .await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
