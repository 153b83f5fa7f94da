//! The scanner for HTML and XML.

use super::cursor::{
    begins_word, behind, byte, find, in_word, is_at, is_at_any_case, line_end, skip,
};
use super::grammar::Grammar;
use super::{Kind, Pen, named, scan};

/// Elements whose text is code of another language, and which.
const INNER: [(&str, &str); 2] = [("script", "js"), ("style", "css")];

/// Cuts the whole code.
pub(super) fn scan(pen: &mut Pen<'_>, grammar: &Grammar) {
    let code = pen.code.as_bytes();
    let end = code.len();
    // XML has no elements whose text is code.
    let has_inner = !grammar.any_case;
    let mut at = 0;
    while at < end {
        match code[at] {
            b'<' if is_at(code, at, "<!--") => {
                let note = behind(code, at, end, "-->");
                pen.mark(at, note, Kind::Note);
                at = note;
            }
            b'<' if is_at(code, at, "<![CDATA[") => {
                let text = behind(code, at, end, "]]>");
                pen.mark(at, text, Kind::Text);
                at = text;
            }
            b'<' if matches!(byte(code, at + 1), b'!' | b'?') => {
                let word = behind(code, at, end, ">");
                pen.mark(at, word, Kind::Word);
                at = word;
            }
            b'<' if begins_word(byte(code, at + 1)) || byte(code, at + 1) == b'/' => {
                let name = at + 1 + usize::from(byte(code, at + 1) == b'/');
                at = tag(pen, code, name);
                let opens = INNER
                    .iter()
                    .find(|(element, _)| has_inner && is_at_any_case(code, name, element));
                if let Some((element, language)) = opens.filter(|_| code[name - 1] == b'<') {
                    at = inner(pen, code, at, element, language);
                }
            }
            b'&' => {
                let stop = skip(code, at + 1, end, |byte| in_word(byte) || byte == b'#');
                if byte(code, stop) == b';' {
                    pen.mark(at, stop + 1, Kind::Number);
                }
                at = stop.max(at + 1);
            }
            _ => at += 1,
        }
    }
}

/// Draws a tag from its name on, and tells where it ends.
fn tag(pen: &mut Pen<'_>, code: &[u8], name: usize) -> usize {
    let end = code.len();
    let in_name = |byte| in_word(byte) || matches!(byte, b'-' | b':' | b'.' | b'@');
    let mut at = skip(code, name, end, in_name);
    pen.mark(name, at, Kind::Word);
    while at < end {
        match code[at] {
            b'>' => return at + 1,
            // The next tag: this one was never closed.
            b'<' => return at,
            quote @ (b'"' | b'\'') => {
                let close = if quote == b'"' { "\"" } else { "'" };
                let text = behind(code, at + 1, end, close);
                pen.mark(at, text, Kind::Text);
                at = text;
            }
            byte if in_name(byte) => {
                let stop = skip(code, at, end, in_name);
                pen.mark(at, stop, Kind::Name);
                at = stop;
            }
            _ => at += 1,
        }
    }
    end
}

/// Draws the code inside an element up to its closing tag.
fn inner(pen: &mut Pen<'_>, code: &[u8], at: usize, element: &str, language: &str) -> usize {
    let mut stop = at;
    while let Some(close) = find(code, stop, code.len(), "</") {
        stop = close;
        if is_at_any_case(code, close + 2, element) {
            break;
        }
        stop = close + 2;
    }
    if !is_at_any_case(code, stop + 2, element) {
        stop = code.len();
    }
    pen.draw(at, Kind::Plain);
    // A short one on the line of its tag reads like any other code.
    debug_assert!(at <= line_end(code, at, code.len()));
    if let Some(language) = named(language) {
        scan::scan(pen, language, stop);
    }
    stop
}
