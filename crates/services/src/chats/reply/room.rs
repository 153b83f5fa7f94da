//! How much of what a provider writes a reply takes in.

use domain::messages::{MessagePart, ProviderState};

/// Most bytes of a reply, reasoning and all: several times what any model writes. It is held as
/// text, as parts and as rendered blocks at once, and none of these may be a provider's to choose.
const LONGEST_BYTES: usize = 4 << 20;
/// What a part weighs besides its texts.
const PART_BYTES: usize = 128;

/// How much a reply may still take in.
#[derive(Debug)]
pub(super) struct Room {
    bytes: usize,
    /// Something did not fit: the reply ends here.
    pub(super) outgrown: bool,
}

impl Room {
    /// What is left beside parts that stand there already, as in a reply that goes on.
    pub(super) fn beside(parts: &[MessagePart]) -> Self {
        let taken = parts
            .iter()
            .map(|part| weight(part).saturating_add(PART_BYTES))
            .fold(0, usize::saturating_add);
        Self {
            bytes: LONGEST_BYTES.saturating_sub(taken),
            outgrown: false,
        }
    }

    /// The part, or as much of its text as fits; `None` when nothing does.
    pub(super) fn fit(&mut self, mut part: MessagePart) -> Option<MessagePart> {
        if self.outgrown {
            return None;
        }
        let bytes = weight(&part);
        if bytes <= self.bytes {
            self.bytes -= bytes;
            return Some(part);
        }
        self.outgrown = true;
        let (MessagePart::Text { text, .. } | MessagePart::Reasoning { text, .. }) = &mut part
        else {
            return None;
        };
        text.truncate(text.floor_char_boundary(self.bytes));
        (!text.is_empty()).then_some(part)
    }

    /// A part of its own was begun. Pieces that add to the last one cost their text only.
    pub(super) fn begin_part(&mut self) {
        self.outgrown |= self.bytes < PART_BYTES;
        self.bytes = self.bytes.saturating_sub(PART_BYTES);
    }
}

/// Bytes of a part that a provider chose.
pub(super) fn weight(part: &MessagePart) -> usize {
    let state = |state: &Option<ProviderState>| state.as_ref().map_or(0, |state| state.data.len());
    match part {
        MessagePart::Text {
            text,
            provider_state,
        }
        | MessagePart::Reasoning {
            text,
            provider_state,
            ..
        } => text.len().saturating_add(state(provider_state)),
        // The id counts with every piece that repeats it: each piece costs a copy.
        MessagePart::ToolCall {
            id,
            name,
            arguments,
            provider_state,
        } => [id.len(), name.len(), arguments.len(), state(provider_state)]
            .into_iter()
            .fold(0, usize::saturating_add),
        MessagePart::Citation { url, title } => url
            .len()
            .saturating_add(title.as_ref().map_or(0, String::len)),
        MessagePart::ToolResult { call_id, text } => call_id.len().saturating_add(text.len()),
        MessagePart::Blob { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: impl Into<String>) -> MessagePart {
        MessagePart::text(text)
    }

    #[test]
    fn a_reply_takes_in_what_fits_and_not_half_a_letter() {
        let mut room = Room::beside(&[]);
        let most = "x".repeat(LONGEST_BYTES - 1);
        assert_eq!(room.fit(text(most.clone())), Some(text(most)));
        assert!(!room.outgrown);
        assert_eq!(room.fit(text("é")), None);
        assert!(room.outgrown);
        assert_eq!(room.fit(text("y")), None, "nothing behind a gap");
        let mut room = Room::beside(&[text("x".repeat(LONGEST_BYTES - PART_BYTES - 3))]);
        assert_eq!(room.fit(text("éé")), Some(text("é")));
        assert!(room.outgrown);
    }

    #[test]
    fn everything_a_provider_chooses_counts() {
        let huge = || "x".repeat(LONGEST_BYTES + 1);
        let provider_state = || {
            Some(ProviderState {
                kind: domain::connections::ProviderKind::Anthropic,
                data: huge(),
            })
        };
        let call = |id: String, name: String, arguments: String| MessagePart::ToolCall {
            id,
            name,
            arguments,
            provider_state: None,
        };
        for part in [
            call(huge(), String::new(), String::new()),
            call(String::new(), huge(), String::new()),
            call(String::new(), String::new(), huge()),
            MessagePart::Citation {
                url: huge(),
                title: None,
            },
            MessagePart::Citation {
                url: String::new(),
                title: Some(huge()),
            },
            MessagePart::Reasoning {
                text: String::new(),
                duration_ms: None,
                provider_state: provider_state(),
            },
        ] {
            let mut room = Room::beside(&[]);
            assert_eq!(room.fit(part), None);
            assert!(room.outgrown);
        }
    }

    #[test]
    fn parts_without_end_are_no_way_around() {
        let mut room = Room::beside(&[]);
        let mut parts = 0;
        while room.fit(text("")).is_some() {
            room.begin_part();
            parts += 1;
        }
        assert_eq!(parts, LONGEST_BYTES / PART_BYTES + 1);
    }
}
