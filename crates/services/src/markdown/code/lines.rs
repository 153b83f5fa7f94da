//! Texts whose lines tell by their beginning what they are.

use super::{Kind, Pen};

/// Longest address looked for, in bytes. Each bracket could begin one.
const ADDRESS_MOST: usize = 2_000;

/// A change as `git diff` prints it.
pub(super) fn diff(pen: &mut Pen<'_>) {
    let mut end = 0;
    for line in pen.code.split_inclusive('\n') {
        end += line.len();
        let begins = |marks: &[&str]| marks.iter().any(|mark| line.starts_with(mark));
        let kind = if begins(&["+++", "---"]) {
            Kind::Name
        } else if begins(&["+", ">"]) {
            Kind::Added
        } else if begins(&["-", "<"]) {
            Kind::Removed
        } else if begins(&["@@"]) {
            Kind::Word
        } else if begins(&[
            "diff ",
            "index ",
            "new file",
            "deleted file",
            "similarity",
            "rename ",
        ]) {
            Kind::Note
        } else {
            Kind::Plain
        };
        pen.draw(end, kind);
    }
}

/// Markdown: headings, quotes, lists, code.
pub(super) fn markdown(pen: &mut Pen<'_>) {
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in pen.code.split_inclusive('\n') {
        let end = at + line.len();
        let text = line.trim_start();
        let start = end - text.len();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| text.starts_with(mark));
        if let Some(open) = fence {
            pen.draw(end, Kind::Text);
            if mark == Some(open) {
                fence = None;
            }
        } else if mark.is_some() {
            pen.draw(end, Kind::Text);
            fence = mark;
        } else if text.starts_with('#') {
            pen.draw(end, Kind::Word);
        } else if text.starts_with('>') {
            pen.draw(end, Kind::Note);
        } else {
            let bullet = list_mark(text);
            if bullet > 0 {
                pen.mark(start, start + bullet, Kind::Word);
            }
            inline(pen, start + bullet, end);
        }
        at = end;
    }
}

/// Length of a list's mark, 0 without one.
fn list_mark(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let marks: &[&str] = if digits > 0 {
        &[". ", ") "]
    } else {
        &["- ", "* ", "+ "]
    };
    if marks.iter().any(|mark| rest.starts_with(mark)) {
        digits + 1
    } else {
        0
    }
}

/// Code and addresses inside a line.
fn inline(pen: &mut Pen<'_>, mut at: usize, end: usize) {
    let code = pen.code;
    while let Some(found) = code[at..end].find(['`', '(']) {
        let open = at + found;
        let (close, kind) = if code.as_bytes()[open] == b'`' {
            ('`', Kind::Text)
        } else {
            (')', Kind::Name)
        };
        let is_address = kind == Kind::Text || code[..open].ends_with(']');
        let most = code.floor_char_boundary(end.min(open + ADDRESS_MOST));
        match code[open + 1..most.max(open + 1)]
            .find(close)
            .filter(|_| is_address)
        {
            Some(length) => {
                at = open + 1 + length + 1;
                pen.mark(open, at, kind);
            }
            None => at = open + 1,
        }
    }
}
