//! Which dollars begin a formula and which are money; which lines belong to a formula that has begun.
//!
//! The parser is shown only those signs that a formula stands between, always in pairs: the rest are hidden from
//! it and come back when its tree is made safe. So prices stay prices, and a text full of openings costs no more
//! than any other. Each line is judged by itself and by what is above it, never by what follows: a growing text is
//! read the same line by line as at once.

use std::borrow::Cow;

use super::super::source::SHIELD;

/// Stands for a dollar that the parser must not see. Like [`SHIELD`] it cannot come from outside.
pub(in super::super) const DOLLAR: char = '\u{FDD1}';

/// How far a code span is followed, in bytes: each tick could open one.
const SPAN_MOST: usize = 2_000;

/// The text with its dollars judged, and the lines inside a display formula shielded from being lists and the like.
pub(in super::super) fn judged(clean: &str) -> Cow<'_, str> {
    if !clean.contains('$') && !clean.contains("\\[") && !clean.contains("\\(") {
        return Cow::Borrowed(clean);
    }
    let mut out = String::with_capacity(clean.len() + clean.len() / 16);
    let mut judge = Judge::default();
    for line in clean.split_inclusive('\n') {
        judge.line(line, &mut out);
    }
    Cow::Owned(out)
}

/// Whether the line after all of these is inside a formula that one of them has begun.
pub(in super::super) fn is_open_after<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut judge = Judge::default();
    let mut out = String::new();
    for line in lines {
        out.clear();
        judge.line(line, &mut out);
    }
    judge.open.is_some()
}

/// The signs back in a text, and the shields gone.
pub(in super::super) fn restored(text: &str) -> String {
    let chars = text.chars().filter(|&char| char != SHIELD);
    chars
        .map(|char| if char == DOLLAR { '$' } else { char })
        .collect()
}

#[derive(Clone, Copy)]
struct Open {
    close: &'static str,
    /// How many `>` of a quote stand before it.
    quotes: usize,
    /// Where it begins in an item of a list, otherwise 0: an item further out ends it.
    column: usize,
}

#[derive(Default)]
struct Judge {
    open: Option<Open>,
}

impl Judge {
    fn line(&mut self, line: &str, out: &mut String) {
        let bare = line.trim_matches([' ', '\t', '\n', '>']);
        // A blank line ends a formula as in TeX, and a fence is never inside one.
        let is_end = bare.is_empty() || bare.starts_with("```") || bare.starts_with("~~~");
        let opened = self.open.take().filter(|open| {
            let leaves = indent(line, open.quotes) < open.column && prefix(line).is_item;
            !is_end && !leaves
        });
        let Some(open) = opened else {
            self.outside(line, out);
            return;
        };
        let start = indent(line, open.quotes);
        out.push_str(&line[..start]);
        out.push(SHIELD);
        let inside = &line[start..];
        if let Some(end) = inside.find(open.close) {
            hide(&inside[..end], out);
            out.push_str(open.close);
            self.text(&inside[end + open.close.len()..], None, out);
        } else {
            self.open = Some(open);
            hide(inside, out);
        }
    }

    fn outside(&mut self, line: &str, out: &mut String) {
        let prefix = prefix(line);
        out.push_str(&line[..prefix.length]);
        let open = Open {
            close: "$$",
            quotes: prefix.quotes,
            column: if prefix.is_item { prefix.length } else { 0 },
        };
        self.text(&line[prefix.length..], Some(open), out);
    }

    /// Judges the signs of a line's words. A formula of several lines begins with its line, as `opening`.
    fn text(&mut self, text: &str, opening: Option<Open>, out: &mut String) {
        let last = Last {
            round: text.rfind("\\)"),
            square: text.rfind("\\]"),
        };
        let mut at = 0;
        while let Some(found) = text[at..].find(['$', '\\', '`']) {
            let sign = at + found;
            out.push_str(&text[at..sign]);
            let from = &text[sign..];
            let read = match from.as_bytes()[0] {
                b'`' => span(from),
                b'\\' => bracket(text, sign, last),
                _ => dollars(text, sign),
            };
            at = sign
                + match read {
                    Read::Shown(length) => {
                        out.push_str(&from[..length]);
                        length
                    }
                    Read::Hidden(length) => {
                        hide(&from[..length], out);
                        length
                    }
                    Read::Opening(close) => {
                        let rest = &from[2..];
                        let begins = sign == 0 && (rest.trim().is_empty() || is_formula(rest));
                        if let Some(open) = opening.filter(|_| begins) {
                            self.open = Some(Open { close, ..open });
                            out.push_str(&from[..2]);
                            hide(rest, out);
                            return;
                        }
                        hide(&from[..2], out);
                        2
                    }
                };
        }
        out.push_str(&text[at..]);
    }
}

/// Where a line's last formulas in brackets end: behind them none is looked for.
#[derive(Clone, Copy)]
struct Last {
    round: Option<usize>,
    square: Option<usize>,
}

/// What a sign begins.
enum Read {
    /// A formula, or something else that the parser may see, of this length.
    Shown(usize),
    /// So many bytes that it must not take for a formula.
    Hidden(usize),
    /// A formula that does not close on this line with what closes it.
    Opening(&'static str),
}

/// Copies text with everything hidden that could begin or end a formula.
fn hide(text: &str, out: &mut String) {
    let mut after_backslash = false;
    for char in text.chars() {
        if after_backslash && matches!(char, '(' | '[') {
            out.push(SHIELD);
        }
        out.push(if char == '$' { DOLLAR } else { char });
        after_backslash = char == '\\';
    }
}

/// A run of ticks, and the code span it opens where that closes on this line.
fn span(from: &str) -> Read {
    let ticks = from.bytes().take_while(|&byte| byte == b'`').count();
    let most = from.floor_char_boundary(SPAN_MOST).max(ticks);
    let mut at = ticks;
    while let Some(found) = from.get(at..most).and_then(|rest| rest.find('`')) {
        let start = at + found;
        let run = from[start..]
            .bytes()
            .take_while(|&byte| byte == b'`')
            .count();
        at = start + run;
        if run == ticks {
            return Read::Hidden(at);
        }
    }
    Read::Shown(ticks)
}

/// A backslash and what it stands before, at `at` in a line's words.
fn bracket(text: &str, at: usize, last: Last) -> Read {
    let from = &text[at..];
    let (close, last) = match from.as_bytes().get(1) {
        Some(b'(') => ("\\)", last.round),
        Some(b'[') => ("\\]", last.square),
        // A tick counts also behind a backslash, once code has begun.
        Some(b'`') | None => return Read::Shown(1),
        Some(_) => return Read::Shown(1 + from[1..].chars().next().map_or(0, char::len_utf8)),
    };
    let closes = last.is_some_and(|last| last >= at + 2);
    let found = closes.then(|| from[2..].find(close)).flatten();
    let Some(length) = found else {
        return if close == "\\]" {
            Read::Opening(close)
        } else {
            Read::Hidden(2)
        };
    };
    let inside = from[2..2 + length].trim();
    let is_number = inside.bytes().all(|byte| byte.is_ascii_digit());
    // `\[x\]` is a box to tick and `\[1\]` a reference, both escaped.
    let is_mark = inside.is_empty() || (close == "\\]" && (inside == "x" || is_number));
    if is_mark {
        Read::Hidden(2)
    } else {
        Read::Shown(2 + length + 2)
    }
}

/// One or more dollars, at `at` in a line's words.
fn dollars(text: &str, at: usize) -> Read {
    let from = &text[at..];
    let run = from.bytes().take_while(|&byte| byte == b'$').count();
    match run {
        1 => inline(text, at).map_or(Read::Hidden(1), Read::Shown),
        2 => match from[2..].find("$$") {
            Some(length) if is_formula(&from[2..2 + length]) => Read::Shown(2 + length + 2),
            Some(_) => Read::Hidden(2),
            None => Read::Opening("$$"),
        },
        _ => Read::Hidden(run),
    }
}

/// Length of the formula between single dollars. As Pandoc's rule, and stricter: no letter or digit of ASCII may
/// touch it from outside (Korean may), and a price with words behind it is none.
fn inline(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].bytes().next_back();
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"\\=&?/#%@".contains(&byte)) {
        return None;
    }
    let inside = &text[at + 1..];
    let mut close = 0;
    loop {
        close += inside[close..].find(['$', '`'])?;
        let is_escaped = inside[..close].ends_with('\\');
        if !is_escaped || inside[close..].starts_with('`') {
            break;
        }
        close += 1;
    }
    let after = inside[close + 1..].bytes().next();
    let touches = after.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'$');
    let formula = &inside[..close];
    let has_blank_edge = formula.trim() != formula || formula.is_empty();
    if inside[close..].starts_with('`') || touches || has_blank_edge {
        return None;
    }
    let is_price = formula.starts_with(|char: char| char.is_ascii_digit()) && is_prose(formula);
    (!is_price).then_some(close + 2)
}

/// Whether this is more than words, such as those after `$$` in a list of restaurants.
fn is_formula(inside: &str) -> bool {
    let is_sign = |byte: u8| b"\\=^_{}+<>|&*".contains(&byte);
    !inside.trim().is_empty() && (inside.bytes().any(is_sign) || !is_prose(inside))
}

/// Whether there are words outside of commands and braces.
fn is_prose(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut letters = 0;
    let mut in_command = false;
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'\\' => in_command = true,
            _ => {}
        }
        if byte.is_ascii_alphabetic() {
            letters += usize::from(!in_command && depth == 0);
        } else {
            in_command = byte == b'\\';
            letters = 0;
        }
        if letters >= 2 {
            return true;
        }
    }
    false
}

/// What stands before a line's words: blanks, quotes, a list's mark.
struct Prefix {
    length: usize,
    /// How many quotes there are.
    quotes: usize,
    is_item: bool,
}

fn prefix(line: &str) -> Prefix {
    let bytes = line.as_bytes();
    let mut prefix = Prefix {
        length: 0,
        quotes: 0,
        is_item: false,
    };
    while let Some((&byte, rest)) = bytes.get(prefix.length..).and_then(<[u8]>::split_first) {
        let more = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mark = match byte {
            b'-' | b'*' | b'+' => Some(0),
            b'0'..=b'9' if matches!(rest.get(more), Some(b'.' | b')')) => Some(more + 1),
            _ => None,
        };
        let item = mark.filter(|&mark| matches!(rest.get(mark), Some(b' ' | b'\t')));
        match (byte, item) {
            (_, Some(mark)) => {
                prefix.is_item = true;
                prefix.length += mark + 2;
            }
            (b'>', _) => {
                prefix.quotes += 1;
                prefix.length += 1;
            }
            (b' ' | b'\t', _) => prefix.length += 1,
            _ => break,
        }
    }
    prefix
}

/// Length of the blanks before a line, and of at most so many `>`.
fn indent(line: &str, mut quotes: usize) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'>') if quotes > 0 => {
                quotes -= 1;
                at += 1;
            }
            _ => return at,
        }
    }
}
