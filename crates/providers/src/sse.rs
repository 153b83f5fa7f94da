//! Server-sent events out of bytes, however a provider and the network cut them.
//!
//! Made for many thousand events a second: an event that lies inside one piece of the network is a
//! slice of it, and no line is copied.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Longest event. A larger one is an attack or a mistake.
const LONGEST_EVENT: usize = 4 << 20;

/// An event longer than [`LONGEST_EVENT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// One event, or a block of comments.
#[derive(Debug, Clone)]
pub(crate) struct SseEvent {
    /// The bytes as they came, the blank line included. Where the end of the stream left the blank
    /// line out, it is added, so that something can follow.
    pub(crate) raw: Bytes,
    name: Range<usize>,
    data: Data,
}

#[derive(Debug, Clone)]
enum Data {
    None,
    Line(Range<usize>),
    /// Several lines, joined with line feeds.
    Joined(Vec<u8>),
    /// JSON without any `data:`, which some servers drop into the stream when they fail.
    Stray(Range<usize>),
}

impl SseEvent {
    /// The event's type, empty when it has none.
    pub(crate) fn name(&self) -> &[u8] {
        self.raw.get(self.name.clone()).unwrap_or_default()
    }

    /// What it carries; `None` for comments.
    pub(crate) fn data(&self) -> Option<&[u8]> {
        match &self.data {
            Data::None => None,
            Data::Line(range) | Data::Stray(range) => self.raw.get(range.clone()),
            Data::Joined(bytes) => Some(bytes),
        }
    }
}

/// Cuts a stream into events.
#[derive(Debug)]
pub(crate) struct Parser {
    /// The network's piece, while no event began in an earlier one.
    piece: Bytes,
    /// An event that began in an earlier piece, and what follows it.
    carry: BytesMut,
    scan: Scan,
}

/// What is known about the event at the front of the buffer. Positions count from its first byte.
#[derive(Debug, Default)]
struct Scan {
    /// Bytes looked at.
    seen: usize,
    /// Where the line being read begins.
    line: usize,
    /// A carriage return came last: a line feed right behind it belongs to it.
    after_return: bool,
    /// The first line is still to come, where a byte order mark may stand.
    fresh: bool,
    name: Range<usize>,
    data: Option<Range<usize>>,
    more_data: Vec<Range<usize>>,
    stray: Option<Stray>,
}

/// JSON outside of any field, read until its brackets balance.
#[derive(Debug, Clone, Copy)]
struct Stray {
    start: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Parser {
    pub(crate) fn new() -> Self {
        Self {
            piece: Bytes::new(),
            carry: BytesMut::new(),
            scan: Scan {
                fresh: true,
                ..Scan::default()
            },
        }
    }

    /// Takes the next piece of the network.
    pub(crate) fn feed(&mut self, piece: Bytes) {
        if self.carry.is_empty() && self.piece.is_empty() {
            self.piece = piece;
        } else {
            self.set_aside();
            self.carry.extend_from_slice(&piece);
        }
    }

    /// The next whole event.
    ///
    /// # Errors
    /// When an event is longer than is sane; the stream is then of no further use.
    pub(crate) fn next(&mut self) -> Result<Option<SseEvent>, TooLong> {
        let buffer: &[u8] = if self.carry.is_empty() {
            &self.piece
        } else {
            &self.carry
        };
        let end = self.scan.run(buffer);
        if end.unwrap_or(buffer.len()) > LONGEST_EVENT {
            return Err(TooLong);
        }
        let Some(end) = end else {
            self.set_aside();
            return Ok(None);
        };
        let raw = if self.carry.is_empty() {
            self.piece.split_to(end)
        } else {
            self.carry.split_to(end).freeze()
        };
        Ok(Some(self.scan.take(raw)))
    }

    /// What is left at the end of the stream, if it is more than comments.
    pub(crate) fn finish(&mut self) -> Option<SseEvent> {
        self.set_aside();
        let mut rest = std::mem::take(&mut self.carry);
        if self.scan.line < rest.len() {
            let line = self.scan.line..rest.len();
            self.scan.line(&rest, line);
            rest.extend_from_slice(b"\n");
        }
        if self.scan.data.is_none() && self.scan.stray.is_none() {
            return None;
        }
        rest.extend_from_slice(b"\n");
        Some(self.scan.take(rest.freeze()))
    }

    /// Keeps the beginning of an event for the next piece.
    fn set_aside(&mut self) {
        self.carry.extend_from_slice(&self.piece);
        self.piece = Bytes::new();
    }
}

impl Scan {
    /// Reads on; the length of the event when it is whole.
    fn run(&mut self, buffer: &[u8]) -> Option<usize> {
        loop {
            let next = buffer.get(self.seen)?;
            if std::mem::take(&mut self.after_return) && *next == b'\n' {
                // The second half of a line end that is already dealt with.
                self.seen += 1;
                self.line = self.seen;
            }
            let rest = buffer.get(self.seen..)?;
            let Some(length) = rest.iter().position(|&byte| byte == b'\n' || byte == b'\r') else {
                self.seen = buffer.len();
                return None;
            };
            let end = self.seen + length;
            let line = self.line..end;
            self.seen = end + 1;
            self.line = self.seen;
            self.after_return = rest[length] == b'\r';
            if self.line(buffer, line) {
                if self.after_return && buffer.get(self.seen) == Some(&b'\n') {
                    self.seen += 1;
                    self.after_return = false;
                }
                return Some(self.seen);
            }
        }
    }

    /// Takes in one line without its end; true when it ends the event.
    fn line(&mut self, buffer: &[u8], mut at: Range<usize>) -> bool {
        let mut line = &buffer[at.clone()];
        let fresh = std::mem::take(&mut self.fresh);
        if let Some(rest) = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| fresh) {
            at.start = at.end - rest.len();
            line = rest;
        }
        if let Some(mut stray) = self.stray {
            let balanced = stray.read(line);
            self.stray = Some(stray);
            return balanced || line.is_empty();
        }
        if line.is_empty() {
            return true;
        }
        let (name, value) = match line.iter().position(|&byte| byte == b':') {
            Some(colon) => {
                let space = usize::from(line.get(colon + 1) == Some(&b' '));
                (&line[..colon], at.start + colon + 1 + space..at.end)
            }
            None => (line, at.end..at.end),
        };
        match name {
            b"data" if self.data.is_none() => self.data = Some(value),
            b"data" => self.more_data.push(value),
            b"event" => self.name = value,
            _ => return self.data.is_none() && self.begin_stray(line, at.start),
        }
        false
    }

    /// Starts to read JSON, if that is what the line is; true when the line is all of it.
    fn begin_stray(&mut self, line: &[u8], start: usize) -> bool {
        if !line.trim_ascii_start().starts_with(b"{") && !line.trim_ascii_start().starts_with(b"[")
        {
            return false;
        }
        let mut stray = Stray {
            start,
            depth: 0,
            in_string: false,
            escaped: false,
        };
        let balanced = stray.read(line);
        self.stray = Some(stray);
        balanced
    }

    /// Hands the event over and starts anew.
    fn take(&mut self, raw: Bytes) -> SseEvent {
        let data = match (self.stray.take(), self.data.take()) {
            (Some(stray), _) => Data::Stray(stray.start..raw.len()),
            (None, None) => Data::None,
            (None, Some(line)) if self.more_data.is_empty() => Data::Line(line),
            (None, Some(first)) => {
                let mut joined = raw.get(first).unwrap_or_default().to_vec();
                for line in self.more_data.drain(..) {
                    joined.push(b'\n');
                    joined.extend_from_slice(raw.get(line).unwrap_or_default());
                }
                Data::Joined(joined)
            }
        };
        self.seen = 0;
        self.line = 0;
        SseEvent {
            raw,
            name: std::mem::take(&mut self.name),
            data,
        }
    }
}

impl Stray {
    /// Reads one line; true when every bracket is closed.
    fn read(&mut self, line: &[u8]) -> bool {
        for &byte in line {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.depth == 0
    }
}

#[cfg(test)]
mod tests;
