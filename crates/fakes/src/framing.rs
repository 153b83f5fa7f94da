//! Server-sent events as bytes, in every manner that servers have been seen to write them.

/// A deviation from the plain form; all are legal SSE or seen in the wild, and none changes the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Oddity {
    /// Line ends `\n`, also where the dialect's own are `\r\n`.
    Lf,
    CrLf,
    /// Lone `\r`.
    Cr,
    /// `data:{…}`.
    NoSpace,
    /// The JSON of each event split over two `data:` lines.
    TwoLineData,
    /// A byte order mark at the very beginning.
    Bom,
    /// Comment lines before, between and inside events.
    Comments,
    /// `id:` and `retry:` lines.
    IdAndRetry,
    /// The blank line behind the last event is missing.
    NoFinalBlank,
    /// An event of an unknown type.
    UnknownEvents,
    /// An unknown SSE field line and an unknown member in every JSON object.
    UnknownFields,
    /// No `[DONE]` where the dialect has one.
    NoDone,
    /// More bytes in the `[DONE]` line and behind it.
    BytesAfterDone,
}

impl Oddity {
    pub const ALL: &[Self] = &[
        Self::Lf,
        Self::CrLf,
        Self::Cr,
        Self::NoSpace,
        Self::TwoLineData,
        Self::Bom,
        Self::Comments,
        Self::IdAndRetry,
        Self::NoFinalBlank,
        Self::UnknownEvents,
        Self::UnknownFields,
        Self::NoDone,
        Self::BytesAfterDone,
    ];
}

/// How the body's bytes are dealt out to writes. Each write is an HTTP chunk of its own too, so that a client which
/// hands chunks through sees exactly these pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// One write per event; without a chunk delay, all chunks in one packet.
    #[default]
    Events,
    Whole,
    OneByte,
    Every(usize),
    /// Cut at these offsets of the body.
    At(Vec<usize>),
}

impl Split {
    /// Where each write ends. `events` are the ends of the events.
    pub(crate) fn ends(&self, length: usize, events: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut ends: Vec<usize> = match self {
            Self::Events => events.collect(),
            Self::Whole => Vec::new(),
            Self::OneByte => (1..length).collect(),
            Self::Every(size) => (1..length)
                .step_by((*size).max(1))
                .skip(1)
                .map(|end| end - 1)
                .collect(),
            Self::At(offsets) => offsets.clone(),
        };
        ends.retain(|&end| end > 0 && end < length);
        ends.push(length);
        ends.sort_unstable();
        ends.dedup();
        ends
    }
}

/// The manner in which one stream is written.
#[derive(Clone, Debug)]
pub(crate) struct Framing {
    newline: &'static str,
    odd: u32,
}

impl Framing {
    pub(crate) fn new(natural_newline: &'static str, oddities: &[Oddity]) -> Self {
        let newline = oddities.iter().rev().find_map(|oddity| match oddity {
            Oddity::Lf => Some("\n"),
            Oddity::CrLf => Some("\r\n"),
            Oddity::Cr => Some("\r"),
            _ => None,
        });
        Self {
            newline: newline.unwrap_or(natural_newline),
            odd: oddities.iter().fold(0, |odd, oddity| odd | bit(*oddity)),
        }
    }

    pub(crate) fn has(&self, oddity: Oddity) -> bool {
        self.odd & bit(oddity) != 0
    }

    /// Appends one event. `number` counts the stream's events from 0.
    pub(crate) fn event(&self, out: &mut Vec<u8>, number: usize, name: Option<&str>, data: &str) {
        if self.odd == 0 {
            // By far the most frequent way, kept short for load tests.
            if let Some(name) = name {
                self.line(out, "event: ", name);
            }
            self.line(out, "data: ", data);
            out.extend_from_slice(self.newline.as_bytes());
            return;
        }
        self.begin(out, number);
        if let Some(name) = name {
            self.line(out, "event: ", name);
        }
        if self.has(Oddity::Comments) {
            self.line(out, ": ", "inside an event");
        }
        let field = if self.has(Oddity::NoSpace) {
            "data:"
        } else {
            "data: "
        };
        let widened;
        let data = match data.strip_prefix('{') {
            Some(rest) if self.has(Oddity::UnknownFields) && !rest.starts_with('}') => {
                widened = format!("{{\"x_unheard_of\":{{\"deep\":[1,null,\"{{\"]}},{rest}");
                &widened
            }
            _ => data,
        };
        match structural_comma(data) {
            Some(comma) if self.has(Oddity::TwoLineData) => {
                self.line(out, field, &data[..=comma]);
                self.line(out, field, &data[comma + 1..]);
            }
            _ => self.line(out, field, data),
        }
        if self.has(Oddity::UnknownFields) {
            self.line(out, "x-trace: ", "1");
        }
        out.extend_from_slice(self.newline.as_bytes());
    }

    /// Takes the last blank line away again, if that is the manner.
    pub(crate) fn finish(&self, out: &mut Vec<u8>) {
        if self.has(Oddity::NoFinalBlank) {
            out.truncate(out.len().saturating_sub(self.newline.len()));
        }
    }

    /// What stands before an event's own lines.
    fn begin(&self, out: &mut Vec<u8>, number: usize) {
        if number == 0 && self.has(Oddity::Bom) {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        if self.has(Oddity::Comments) {
            self.line(out, ": ", "keep-alive");
            out.extend_from_slice(self.newline.as_bytes());
        }
        if self.has(Oddity::IdAndRetry) {
            self.line(out, "id: ", &number.to_string());
            if number == 0 {
                self.line(out, "retry: ", "3000");
            }
        }
    }

    fn line(&self, out: &mut Vec<u8>, field: &str, value: &str) {
        out.extend_from_slice(field.as_bytes());
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(self.newline.as_bytes());
    }
}

const fn bit(oddity: Oddity) -> u32 {
    1 << oddity as u32
}

/// The first comma outside of strings: a line break behind it keeps the JSON valid.
fn structural_comma(data: &str) -> Option<usize> {
    if !data.starts_with('{') {
        return None;
    }
    let mut inside = false;
    let mut escaped = false;
    for (index, byte) in data.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => inside = !inside,
            b',' if !inside => return Some(index),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Framing, Oddity, Split};

    fn written(oddities: &[Oddity]) -> String {
        let mut out = Vec::new();
        let framing = Framing::new("\n", oddities);
        framing.event(&mut out, 0, Some("x"), r#"{"a":"1,2","b":2}"#);
        framing.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_events_look_plain() {
        assert_eq!(written(&[]), "event: x\ndata: {\"a\":\"1,2\",\"b\":2}\n\n");
    }

    #[test]
    fn oddities_show() {
        assert_eq!(
            written(&[
                Oddity::CrLf,
                Oddity::TwoLineData,
                Oddity::NoSpace,
                Oddity::NoFinalBlank
            ]),
            "event: x\r\ndata:{\"a\":\"1,2\",\r\ndata:\"b\":2}\r\n"
        );
        assert!(written(&[Oddity::Bom]).starts_with('\u{feff}'));
        assert!(written(&[Oddity::IdAndRetry]).starts_with("id: 0\nretry: 3000\n"));
        assert!(written(&[Oddity::Comments]).starts_with(": keep-alive\n\n"));
        assert!(!written(&[Oddity::Cr]).contains('\n'));
    }

    #[test]
    fn splits_end_at_the_end() {
        let events = [3, 6];
        let ends = |split: Split| split.ends(6, events.into_iter());
        assert_eq!(ends(Split::Events), [3, 6]);
        assert_eq!(ends(Split::Whole), [6]);
        assert_eq!(ends(Split::OneByte), [1, 2, 3, 4, 5, 6]);
        assert_eq!(ends(Split::Every(4)), [4, 6]);
        assert_eq!(ends(Split::At(vec![5, 2, 2, 99])), [2, 5, 6]);
    }
}
