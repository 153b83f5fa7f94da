//! What the open chat leaves on a device whose member keeps their last chats there.

use domain::messages::MessageState;
use leptos::prelude::*;

use super::open::OpenChat;
use crate::installed::{KeptChat, KeptMessage, check_kept, forget_others, keep, keeps};
use crate::reader::Reader;

impl OpenChat {
    /// Has the browser keep the chat that is shown, as often as it comes to rest.
    pub(super) fn keep_on_device(self) {
        let member = Reader::here().facts.me.id;
        Effect::new(move || {
            forget_others(member);
            check_kept(member);
        });
        Effect::new(move || {
            let Some(id) = self.id.get() else { return };
            let title = self.title.get();
            self.lines.track();
            // While something is being written the end of it is waited for.
            let rests = self.running.read().is_none() && self.doing.read().is_none();
            let lines = self.all();
            if !rests || lines.is_empty() || !keeps(member) {
                return;
            }
            let messages = lines.iter().filter_map(|line| {
                let message = line.message.read_untracked();
                (message.state != MessageState::Streaming).then(|| KeptMessage {
                    from: line.author,
                    html: message
                        .blocks
                        .iter()
                        .map(|block| block.html.as_str())
                        .collect(),
                })
            });
            keep(KeptChat {
                id,
                member,
                title,
                messages: messages.collect(),
            });
        });
    }
}
