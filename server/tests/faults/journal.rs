//! What callers were told, to be looked for after a fault: an answer that came whole is settled, a
//! message that was taken is there, a key that was made works.

use std::sync::{Mutex, PoisonError};

use domain::{CallId, ChatId, MessageId};

use crate::caller::Told;

/// Something the house acknowledged.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A gateway's answer that came whole, with the usage it told.
    Answered {
        call: CallId,
        input: i64,
        output: i64,
    },
    /// A message that was taken, and its reply.
    Sent {
        chat: ChatId,
        message: MessageId,
        reply: MessageId,
        text: String,
    },
    /// A reply that was seen complete.
    Finished {
        chat: ChatId,
        reply: MessageId,
        html: String,
    },
    /// A key that was made.
    KeyMade { secret: String },
    /// A key that is being revoked: nobody has said yet whether it is.
    KeyUncertain { secret: String },
    /// A key that was revoked.
    KeyRevoked { secret: String },
}

/// The journal of all callers.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Mutex<Vec<Entry>>,
    complaints: Mutex<Vec<String>>,
}

impl Journal {
    pub(crate) fn note(&self, entry: Entry) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }

    /// Something that no fault excuses.
    pub(crate) fn complain(&self, what: String) {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    /// From here on a key may be revoked, told or not.
    pub(crate) fn revoking(&self, of: &str) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries.iter_mut() {
            if matches!(entry, Entry::KeyMade { secret } if secret == of) {
                *entry = Entry::KeyUncertain {
                    secret: of.to_owned(),
                };
            }
        }
    }

    /// An answer of the gateway that came whole; false when it was none.
    pub(crate) fn note_answer(&self, told: &Told, stream: bool) -> bool {
        let usage = if stream {
            if !told.text.ends_with("data: [DONE]\n\n") {
                return false;
            }
            let frames = told.text.split("\n\n");
            frames
                .filter_map(|frame| frame.strip_prefix("data: "))
                .filter_map(|data| serde_json::from_str::<serde_json::Value>(data).ok())
                .map(|frame| frame["usage"].clone())
                .filter(|usage| !usage.is_null())
                .last()
                .unwrap()
        } else {
            told.json()["usage"].clone()
        };
        self.note(Entry::Answered {
            call: told.call.unwrap(),
            input: usage["prompt_tokens"].as_i64().unwrap(),
            output: usage["completion_tokens"].as_i64().unwrap(),
        });
        true
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Every key's secret, for a look into the logs.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.entries()
            .into_iter()
            .filter_map(|entry| match entry {
                Entry::KeyMade { secret }
                | Entry::KeyUncertain { secret }
                | Entry::KeyRevoked { secret } => Some(secret),
                Entry::Answered { .. } | Entry::Sent { .. } | Entry::Finished { .. } => None,
            })
            .collect()
    }
}
