//! A body under construction: its bytes, what each stretch of them means, and how it ends.

use std::io::Write as _;
use std::ops::Range;

use flate2::{Compression, write::GzEncoder};

use crate::{Ending, ErrorKind, Oddity, Script, Usage, framing::Framing};

/// What an event is for; endings count and cut by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Opens the stream or a block.
    Open,
    /// Carries a piece of the answer.
    Content,
    /// Closes a block or the stream, tells usage.
    Close,
}

/// The end of one event within the bytes, with what the client knows once it has read up to here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) end: usize,
    part: Part,
    /// Usage this event reports.
    pub(crate) usage: Option<Usage>,
    /// Output tokens delivered so far.
    pub(crate) output: u64,
}

/// What happens after the last byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Clean,
    /// Close the connection without ending the HTTP message.
    Cut,
    Reset,
    Hang,
    /// Write this stretch again and again.
    Repeat(Range<usize>),
}

#[derive(Debug)]
pub(crate) struct Frames {
    framing: Framing,
    pub(crate) bytes: Vec<u8>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) end: End,
    /// `content-length` to announce; a stream has none and is sent chunked.
    pub(crate) length: Option<usize>,
}

impl Frames {
    /// An empty stream.
    pub(crate) fn stream(natural_newline: &'static str, script: &Script) -> Self {
        Self {
            framing: Framing::new(natural_newline, &script.oddities),
            bytes: Vec::with_capacity(4096),
            marks: Vec::with_capacity(24),
            end: End::Clean,
            length: None,
        }
    }

    /// A body that is no stream.
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self {
            framing: Framing::new("\n", &[]),
            length: Some(bytes.len()),
            marks: Vec::new(),
            end: End::Clean,
            bytes,
        }
    }

    /// A whole generation, which the script may break.
    pub(crate) fn whole_answer(
        bytes: Vec<u8>,
        usage: Option<Usage>,
        output: u64,
        ending: Ending,
    ) -> Self {
        let mut frames = Self::whole(bytes);
        let half = frames.bytes.len() / 2;
        let end = match ending {
            Ending::Clean | Ending::Error { .. } => End::Clean,
            Ending::NoFinish { .. } | Ending::Truncate { .. } => End::Cut,
            Ending::Reset { .. } => End::Reset,
            Ending::Hang { .. } => End::Hang,
            Ending::Endless => {
                frames.bytes = vec![b' '; 1024];
                frames.length = None;
                frames.end = End::Repeat(0..1024);
                return frames;
            }
        };
        if end == End::Clean {
            frames.marks.push(Mark {
                end: frames.bytes.len(),
                part: Part::Close,
                usage,
                output,
            });
        } else {
            frames.bytes.truncate(half);
        }
        frames.end = end;
        frames
    }

    /// Adds a server-sent event.
    pub(crate) fn event(
        &mut self,
        part: Part,
        name: Option<&str>,
        data: &str,
        usage: Option<Usage>,
        output: u64,
    ) {
        if part == Part::Content
            && self.framing.has(Oddity::UnknownEvents)
            && !self.marks.iter().any(|mark| mark.part == Part::Content)
        {
            let note = "{\"type\":\"unheard.of\",\"note\":\"ignore me\"}";
            self.framing
                .event(&mut self.bytes, self.marks.len(), Some("unheard.of"), note);
            self.mark(Part::Open, None, output);
        }
        self.framing
            .event(&mut self.bytes, self.marks.len(), name, data);
        self.mark(part, usage, output);
    }

    /// Adds bytes as they are.
    pub(crate) fn raw(&mut self, part: Part, bytes: &[u8], usage: Option<Usage>, output: u64) {
        self.bytes.extend_from_slice(bytes);
        self.mark(part, usage, output);
    }

    /// Adds the `[DONE]` of the OpenAI family.
    pub(crate) fn done(&mut self) {
        let output = self.marks.last().map_or(0, |mark| mark.output);
        if self.framing.has(Oddity::NoDone) {
            return;
        }
        if self.framing.has(Oddity::BytesAfterDone) {
            self.event(Part::Close, None, "[DONE] bye", None, output);
            self.event(Part::Close, None, "{\"late\":true}", None, output);
        } else {
            self.event(Part::Close, None, "[DONE]", None, output);
        }
    }

    /// Ends the stream as ordered; `error` adds the dialect's error event.
    pub(crate) fn close(
        mut self,
        ending: Ending,
        error: impl FnOnce(&mut Self, ErrorKind),
    ) -> Self {
        match ending {
            Ending::Clean => {
                self.framing.finish(&mut self.bytes);
                if let Some(last) = self.marks.last_mut() {
                    last.end = self.bytes.len();
                }
            }
            Ending::Error { after, kind } => {
                self.keep(after);
                error(&mut self, kind);
            }
            Ending::NoFinish { after } => self.keep(after),
            Ending::Hang { after } => {
                self.keep(after);
                self.end = End::Hang;
            }
            Ending::Truncate { after } => {
                self.keep_and_half(after);
                self.end = End::Cut;
            }
            Ending::Reset { after } => {
                self.keep_and_half(after);
                self.end = End::Reset;
            }
            Ending::Endless => {
                self.keep(usize::MAX);
                let from = self.marks.iter().rev().nth(1).map_or(0, |mark| mark.end);
                self.end = End::Repeat(from..self.bytes.len());
            }
        }
        self
    }

    /// Compresses, flushing behind every event so that each can be read when it arrives.
    pub(crate) fn gzip(&mut self) -> std::io::Result<()> {
        if matches!(self.end, End::Repeat(_)) {
            return Ok(());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let mut from = 0;
        for mark in &mut self.marks {
            encoder.write_all(&self.bytes[from..mark.end])?;
            encoder.flush()?;
            from = mark.end;
            mark.end = encoder.get_ref().len();
        }
        encoder.write_all(&self.bytes[from..])?;
        if self.end == End::Clean {
            self.bytes = encoder.finish()?;
            if let Some(last) = self.marks.last_mut() {
                last.end = self.bytes.len();
            }
            self.length = self.length.map(|_| self.bytes.len());
        } else {
            encoder.flush()?;
            self.bytes.clone_from(encoder.get_ref());
        }
        Ok(())
    }

    fn mark(&mut self, part: Part, usage: Option<Usage>, output: u64) {
        self.marks.push(Mark {
            end: self.bytes.len(),
            part,
            usage,
            output,
        });
    }

    /// Number of events up to and including the `after`th with content.
    fn kept(&self, after: usize) -> usize {
        let content = self
            .marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| mark.part == Part::Content)
            .take(after)
            .last();
        content.map_or(0, |(index, _)| index + 1)
    }

    fn keep(&mut self, after: usize) {
        self.marks.truncate(self.kept(after));
        let end = self.marks.last().map_or(0, |mark| mark.end);
        self.bytes.truncate(end);
    }

    /// Keeps as [`Self::keep`] does, and half of the event that follows.
    fn keep_and_half(&mut self, after: usize) {
        let kept = self.kept(after);
        let next = self.marks.get(kept).map(|mark| mark.end);
        self.marks.truncate(kept);
        let end = self.marks.last().map_or(0, |mark| mark.end);
        self.bytes.truncate(end + (next.unwrap_or(end) - end) / 2);
    }
}
