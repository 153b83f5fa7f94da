//! The container, read. `docs/operations/backup.md` describes it.
//!
//! Two lines in clear (what it is, and the head as JSON), then gzip, then a line with the SHA-256 of
//! everything before it. In the gzip one line of JSON a piece: a string begins a table, an array is
//! a row, an object ends the table with what was counted of it.

use std::io::{BufRead, BufReader, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::bufread::GzDecoder;
use ring::digest::{Context, SHA256};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value;
use store::backup::{Cell, Kind, Table, size_bytes};

use super::error::file;
use super::sums::Adder;
use super::{BackupError, Head, Piece, Result, Source, TableSums};
use crate::secrets::hex;

/// The first line, without its layout.
pub(super) const WHAT: &str = "PURSER BACKUP ";
/// The present layout.
pub(super) const LAYOUT: &str = "1";
/// `\nsha256 `, 64 digits, `\n`.
pub(super) const TRAILER_BYTES: usize = 8 + 64 + 1;
/// Longest line, lest a damaged file ask for all memory.
const LINE_BYTES: u64 = 256 * 1024 * 1024;
/// Memory that the rows of one piece take, about.
const PIECE_BYTES: usize = 1024 * 1024;

/// The last line for a digest.
pub(super) fn trailer(digest: &[u8]) -> String {
    format!("\nsha256 {}\n", hex(digest))
}

/// A row as its line, without the end of the line.
pub(super) fn row_line(row: &[Cell]) -> Result<Vec<u8>> {
    serde_json::to_vec(&Line(row)).map_err(|error| BackupError::Damaged(error.to_string()))
}

struct Line<'a>(&'a [Cell]);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_seq(Some(self.0.len()))?;
        for cell in self.0 {
            match cell {
                Cell::Null => line.serialize_element(&()),
                Cell::Id(id) => line.serialize_element(id),
                Cell::Int(number) => line.serialize_element(number),
                Cell::Flag(flag) => line.serialize_element(flag),
                Cell::Text(text) => line.serialize_element(text),
                Cell::Bytes(bytes) => line.serialize_element(&BASE64.encode(bytes)),
            }?;
        }
        line.end()
    }
}

/// Passes everything but the trailer on, and digests it.
struct Body<R> {
    input: R,
    /// Read but not passed on; the last of it may be the trailer.
    held: Vec<u8>,
    digest: Context,
    ended: bool,
}

impl<R: Read> Read for Body<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let mut some = [0; 16 * 1024];
        while !self.ended && self.held.len() < TRAILER_BYTES + out.len().min(some.len()) {
            let count = self.input.read(&mut some)?;
            self.ended = count == 0;
            self.held.extend_from_slice(&some[..count]);
        }
        let free = self.held.len().saturating_sub(TRAILER_BYTES);
        let count = free.min(out.len());
        out[..count].copy_from_slice(&self.held[..count]);
        self.digest.update(&self.held[..count]);
        self.held.drain(..count);
        Ok(count)
    }
}

/// A backup file as a source of pieces. Its end is only believed when the digest fits.
pub(super) struct Reader<R: Read> {
    head: Head,
    lines: BufReader<GzDecoder<BufReader<Body<R>>>>,
    table: Option<(Table, Adder)>,
    /// A line that was read too far.
    next_line: Option<Vec<u8>>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the two lines in clear.
    pub(super) fn begin(input: R) -> Result<Self> {
        let mut body = BufReader::new(Body {
            input,
            held: Vec::new(),
            digest: Context::new(&SHA256),
            ended: false,
        });
        let mut first = Vec::new();
        let reading = file("reading the backup");
        body.by_ref()
            .take(64)
            .read_until(b'\n', &mut first)
            .map_err(reading)?;
        let first = String::from_utf8_lossy(&first);
        match first.strip_prefix(WHAT).map(str::trim_end) {
            None => return Err(BackupError::NotABackup),
            Some(LAYOUT) => {}
            Some(other) => return Err(BackupError::Layout(other.to_owned())),
        }
        let mut head = Vec::new();
        body.by_ref()
            .take(4 * 1024 * 1024)
            .read_until(b'\n', &mut head)
            .map_err(file("reading the backup"))?;
        let head = serde_json::from_slice(&head).map_err(|_| damaged("its head"))?;
        Ok(Self {
            head,
            lines: BufReader::new(GzDecoder::new(body)),
            table: None,
            next_line: None,
            ended: false,
        })
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>> {
        if let Some(line) = self.next_line.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        // The decoder's complaints are about what it was given.
        self.lines
            .by_ref()
            .take(LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(|error| damaged(&error.to_string()))?;
        match line.pop() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) => Err(damaged("it ends in the middle of a line")),
        }
    }

    /// After the gzip nothing may follow but the trailer, and that must fit.
    fn finish(&mut self) -> Result<()> {
        let body = self.lines.get_mut().get_mut();
        let mut rest = [0; 1];
        let more = body.read(&mut rest).map_err(file("reading the backup"))?;
        if more > 0 {
            return Err(damaged("something follows its end"));
        }
        let body = body.get_ref();
        let expected = trailer(body.digest.clone().finish().as_ref());
        if body.held != expected.as_bytes() {
            return Err(damaged("it is cut short, or was changed after it was made"));
        }
        Ok(())
    }

    fn begin_table(&mut self, line: &[u8]) -> Result<Piece> {
        let name: String = serde_json::from_slice(line).map_err(|_| damaged("a table's name"))?;
        let table = self.head.tables.iter().find(|table| table.name == name);
        let table = table.ok_or_else(|| damaged("a table that its head does not name"))?;
        self.table = Some((table.clone(), Adder::default()));
        Ok(Piece::Table(table.clone()))
    }

    fn end_table(&mut self, line: &[u8]) -> Result<Piece> {
        let told: TableSums = serde_json::from_slice(line).map_err(|_| damaged("a sum"))?;
        let counted = self.table.take().map(|(_, adder)| adder.finish());
        if counted.as_ref() != Some(&told) {
            return Err(damaged("a table does not add up"));
        }
        Ok(Piece::Sums(told))
    }

    fn rows(&mut self, first: &[u8]) -> Result<Piece> {
        let outside = || damaged("a row outside of a table");
        let (table, mut adder) = self.table.take().ok_or_else(outside)?;
        let mut rows = Vec::new();
        let mut bytes = 0;
        let mut add = |line: &[u8]| {
            let row = parse(&table, line)?;
            adder.add(&table, &row)?;
            let size = size_bytes(&row);
            rows.push(row);
            Ok::<usize, BackupError>(size)
        };
        bytes += add(first)?;
        while bytes < PIECE_BYTES {
            match self.line()? {
                Some(line) if line.first() == Some(&b'[') => bytes += add(&line)?,
                other => {
                    self.next_line = other;
                    break;
                }
            }
        }
        self.table = Some((table, adder));
        Ok(Piece::Rows(rows))
    }
}

impl<R: Read> Source for Reader<R> {
    async fn next(&mut self) -> Result<Option<Piece>> {
        if self.ended {
            return Ok(None);
        }
        let Some(line) = self.line()? else {
            self.ended = true;
            if self.table.is_some() {
                return Err(damaged("it ends in the middle of a table"));
            }
            self.finish()?;
            return Ok(None);
        };
        match (line.first(), &self.table) {
            (Some(b'['), Some(_)) => self.rows(&line).map(Some),
            (Some(b'{'), Some(_)) => self.end_table(&line).map(Some),
            (Some(b'"'), None) => self.begin_table(&line).map(Some),
            _ => Err(damaged("a line where none belongs")),
        }
    }
}

fn parse(table: &Table, line: &[u8]) -> Result<Vec<Cell>> {
    let unfit = || damaged(&format!("a row of {} does not fit its columns", table.name));
    let values: Vec<Value> = serde_json::from_slice(line).map_err(|_| unfit())?;
    if values.len() != table.columns.len() {
        return Err(unfit());
    }
    let cells = values.into_iter().zip(&table.columns);
    cells
        .map(|(value, column)| cell(value, column.kind).ok_or_else(unfit))
        .collect()
}

fn cell(value: Value, kind: Kind) -> Option<Cell> {
    match (value, kind) {
        (Value::Null, _) => Some(Cell::Null),
        (Value::Number(number), Kind::Int) => number.as_i64().map(Cell::Int),
        (Value::Bool(flag), Kind::Flag) => Some(Cell::Flag(flag)),
        (Value::String(text), Kind::Text) => Some(Cell::Text(text)),
        (Value::String(text), Kind::Id) => text.parse().ok().map(Cell::Id),
        (Value::String(text), Kind::Bytes) => BASE64.decode(text).ok().map(Cell::Bytes),
        _ => None,
    }
}

fn damaged(what: &str) -> BackupError {
    BackupError::Damaged(what.to_owned())
}
