//! The words the fake says, derived from the question so that a test can predict them.

use crate::{conversation::Ask, json::quoted};

const SENTENCES: [&str; 8] = [
    "The short answer fits in one line, the long one in two.",
    "A café in Zürich serves it with crème brûlée.",
    "Numbers first: 3 of 4 measurements agree within 0.5 %.",
    "Nothing here needs an account, a plan or a subscription.",
    "Straße, façade and naïve are all spelled on purpose.",
    "Read the second paragraph twice before you decide.",
    "An example says more than the rule it follows.",
    "Most of this stays true when the input grows tenfold.",
];

/// Ends every derived answer: a list, a code block, an accent and an emoji, as real answers have them.
const TAIL: &str = "\n\n- first point, résumé included\n- second point 🦀\n\n```rust\nfn main() {\n    let word = \"é\";\n}\n```\n\nThat is all.";

/// Characters of the question that are repeated in the answer.
const ECHO_CHARS: usize = 400;

/// Bytes of one fragment of tool arguments; small, so that fragments cut through JSON.
const ARGUMENT_BYTES: usize = 6;

/// The fake's tokeniser: whitespace-separated words, at least one.
pub fn count_tokens(text: &str) -> u64 {
    words(text).max(1)
}

/// Words of `text`, 0 for none.
pub(crate) fn words(text: &str) -> u64 {
    text.split_whitespace().map(|_| 1).sum()
}

/// The answer to `ask` when the script names none.
pub(crate) fn reply(ask: &Ask) -> String {
    if ask.wants_title() {
        return title(&ask.last_user);
    }
    let echo_end = ask
        .last_user
        .char_indices()
        .nth(ECHO_CHARS)
        .map_or(ask.last_user.len(), |(index, _)| index);
    let echo = &ask.last_user[..echo_end];
    if ask.json {
        return format!("{{\"reply\":{},\"accent\":\"é\"}}", quoted(echo));
    }
    let mut text = String::with_capacity(echo.len() + 400);
    text.push_str("You said: ");
    text.push_str(echo);
    text.push_str("\n\n");
    if ask.images > 0 {
        text.push_str("Images seen: ");
        text.push_str(&ask.images.to_string());
        text.push_str(". ");
    }
    let seed = seed(&ask.last_user).to_le_bytes();
    for (place, byte) in seed.into_iter().take(3).enumerate() {
        if place > 0 {
            text.push(' ');
        }
        text.push_str(SENTENCES[usize::from(byte) % SENTENCES.len()]);
    }
    text.push_str(TAIL);
    text
}

/// Reasoning shown when the request turns thinking on.
pub(crate) fn reasoning(ask: &Ask) -> String {
    format!(
        "The question has {} words. A short, friendly answer is enough.",
        words(&ask.last_user)
    )
}

fn title(question: &str) -> String {
    let mut title = String::from("Notes on");
    for word in question.split_whitespace().take(4) {
        title.push(' ');
        title.push_str(word.trim_matches(|c: char| !c.is_alphanumeric()));
    }
    title
}

/// FNV-1a: stable across runs and platforms, unlike the standard hasher.
fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A text with the places where it is cut into chunks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunked {
    text: String,
    ends: Vec<usize>,
}

impl Chunked {
    /// Cuts `text` into `count` pieces of about equal length, inside words too, as tokens do.
    pub(crate) fn evenly(text: String, count: usize) -> Self {
        let mut ends = Vec::with_capacity(count);
        let mut last = 0;
        for piece in 1..=count.max(1) {
            let mut end = text.len() * piece / count.max(1);
            while !text.is_char_boundary(end) {
                end += 1;
            }
            if end > last {
                ends.push(end);
                last = end;
            }
        }
        Self { text, ends }
    }

    pub(crate) fn exactly(pieces: &[String]) -> Self {
        let mut chunked = Self::default();
        for piece in pieces {
            chunked.text.push_str(piece);
            chunked.ends.push(chunked.text.len());
        }
        chunked
    }

    /// Drops everything behind the first `limit` words. True when something was dropped.
    pub(crate) fn limit(&mut self, limit: u64) -> bool {
        let mut left = limit;
        let mut inside = false;
        let cut = self.text.char_indices().find(|(_, character)| {
            let starts = !inside && !character.is_whitespace();
            inside = !character.is_whitespace();
            if starts && left == 0 {
                return true;
            }
            left -= u64::from(starts);
            false
        });
        let Some((cut, _)) = cut else { return false };
        self.text.truncate(self.text[..cut].trim_end().len());
        let end = self.text.len();
        self.ends.retain(|&other| other < end);
        if end > 0 {
            self.ends.push(end);
        }
        true
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut from = 0;
        self.ends.iter().map(move |&end| {
            let piece = &self.text[from..end];
            from = end;
            piece
        })
    }
}

/// Tool arguments in small pieces that end on character boundaries.
pub(crate) fn fragments(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = ARGUMENT_BYTES.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::{Chunked, count_tokens};

    #[test]
    fn chunks_join_to_the_text_and_never_split_a_character() {
        let text = "é🦀 ".repeat(9);
        for count in 1..60 {
            let chunked = Chunked::evenly(text.clone(), count);
            assert_eq!(chunked.iter().collect::<String>(), text);
        }
    }

    #[test]
    fn a_limit_keeps_whole_words() {
        let mut chunked = Chunked::evenly("one two three four".into(), 5);
        assert!(chunked.limit(2));
        assert_eq!(chunked.iter().collect::<String>(), "one two");
        assert!(!chunked.limit(2));
        assert!(chunked.limit(0));
        assert_eq!(chunked.iter().count(), 0);
    }

    #[test]
    fn tokens_are_words() {
        assert_eq!(count_tokens(" a  b\nc "), 3);
        assert_eq!(count_tokens(""), 1);
    }
}
