//! The scanner for languages made of words, texts, numbers and remarks.

use super::cursor::{
    before, begins_word, behind, byte, in_word, is_at, line_end, next_visible, skip,
};
use super::grammar::{Grammar, Quote};
use super::{Kind, Language, Pen};

/// How deep code inside a text inside code may go before it stays text.
const HOLES_MOST: usize = 6;

/// Longest pattern, in bytes. Each slash could be the start of one, so the search for its end is bounded.
const PATTERN_MOST: usize = 500;

/// Longest word looked up whatever the case of its letters.
const WORD_MOST: usize = 32;

/// Cuts the code from where the pen stands up to `end`.
pub(super) fn scan(pen: &mut Pen<'_>, language: &Language, end: usize) {
    let start = pen.at;
    let mut scanner = Scanner {
        code: pen.code.as_bytes(),
        grammar: language.grammar,
        language,
        end,
        at: start,
        holes: 0,
        here: None,
        commands_next: true,
        value_before: false,
        pen,
    };
    scanner.run(false);
    scanner.pen.draw(end, Kind::Plain);
}

struct Scanner<'a, 'p> {
    code: &'a [u8],
    grammar: &'static Grammar,
    language: &'p Language,
    end: usize,
    at: usize,
    /// How many texts this code is inside of.
    holes: usize,
    /// The word that ends the text whose opening was on this line.
    here: Option<(usize, usize)>,
    /// The next word is the name of a command.
    commands_next: bool,
    /// What stands before could be divided: a slash does not begin a pattern.
    value_before: bool,
    pen: &'p mut Pen<'a>,
}

impl Scanner<'_, '_> {
    /// Reads to the end, or past the brace that closes a hole.
    fn run(&mut self, in_hole: bool) {
        let mut braces = 0_usize;
        while self.at < self.end {
            let here = byte(self.code, self.at);
            match here {
                b'\n' => {
                    self.at += 1;
                    self.commands_next = true;
                    self.value_before = false;
                    self.here_text();
                }
                b' ' | b'\t' => self.at += 1,
                b'}' if in_hole && braces == 0 => return,
                _ if self.note() || self.special() || self.text() => {}
                _ if here.is_ascii_digit() => self.number(),
                _ if begins_word(here) || self.joins_word(self.at) => self.word(),
                _ => {
                    match here {
                        b'{' => braces += 1,
                        b'}' => braces = braces.saturating_sub(1),
                        _ => {}
                    }
                    self.commands_next |= matches!(here, b'|' | b'&' | b';' | b'(' | b'{' | b'!');
                    self.commands_next &= here != b'[';
                    self.value_before = matches!(here, b')' | b']' | b'}');
                    self.at += 1;
                }
            }
        }
    }

    fn mark(&mut self, end: usize, kind: Kind) {
        let end = end.min(self.end);
        self.pen.mark(self.at, end, kind);
        self.at = end;
        self.commands_next = false;
        self.value_before = true;
    }

    fn note(&mut self) -> bool {
        let grammar = self.grammar;
        let begins = |mark: &&&str| is_at(self.code, self.at, mark);
        let apart = !grammar.notes_after_blank
            || matches!(before(self.code, self.at), b' ' | b'\t' | b'\n' | b';');
        if apart && grammar.notes.iter().any(|mark| begins(&mark)) {
            self.mark(line_end(self.code, self.at, self.end), Kind::Note);
            return true;
        }
        let Some((open, close)) = grammar.note.filter(|(open, _)| begins(&open)) else {
            return false;
        };
        let value_before = self.value_before;
        let mut at = self.at + open.len();
        let mut depth = 1;
        while depth > 0 && at < self.end {
            if is_at(self.code, at, close) {
                depth -= 1;
                at += close.len();
            } else if grammar.notes_nest && is_at(self.code, at, open) {
                depth += 1;
                at += open.len();
            } else {
                at += 1;
            }
        }
        self.mark(at, Kind::Note);
        self.value_before = value_before;
        true
    }

    /// What only some languages have.
    fn special(&mut self) -> bool {
        let grammar = self.grammar;
        let next = byte(self.code, self.at + 1);
        let first_on_line = || {
            let blanks = self.code[..self.at].iter().rev();
            let mut before = blanks.skip_while(|&&byte| byte == b' ' || byte == b'\t');
            before.next().is_none_or(|&byte| byte == b'\n')
        };
        let ends = |from, wanted: fn(u8) -> bool| skip(self.code, from, self.end, wanted);
        let (end, kind) = match byte(self.code, self.at) {
            b'#' if grammar.directives && first_on_line() => (
                ends(self.at + 1, |byte| in_word(byte) || byte == b' '),
                Kind::Word,
            ),
            b'#' if grammar.rust && matches!(next, b'[' | b'!') => {
                let end = behind(
                    self.code,
                    self.at,
                    line_end(self.code, self.at, self.end),
                    "]",
                );
                (end, Kind::Name)
            }
            b'#' if grammar.colours && next.is_ascii_hexdigit() => {
                let end = ends(self.at + 1, |byte| in_word(byte) || byte == b'-');
                let is_colour = self.code[self.at + 1..end]
                    .iter()
                    .all(u8::is_ascii_hexdigit);
                (end, if is_colour { Kind::Number } else { Kind::Name })
            }
            b'[' if grammar.sections && first_on_line() => {
                (line_end(self.code, self.at, self.end), Kind::Name)
            }
            b'\'' if grammar.rust && begins_word(next) && !self.is_char() => {
                (ends(self.at + 1, in_word), Kind::Name)
            }
            b'r' if grammar.rust && matches!(next, b'"' | b'#') => match self.raw_text_end() {
                Some(end) => (end, Kind::Text),
                None => return false,
            },
            b'/' if grammar.patterns && !self.value_before => match self.pattern_end() {
                Some(end) => (end, Kind::Text),
                None => return false,
            },
            b'<' if grammar.tags && !in_word(before(self.code, self.at)) => {
                let name = self.at + 1 + usize::from(next == b'/');
                if !begins_word(byte(self.code, name)) {
                    return false;
                }
                self.pen.draw(name, Kind::Plain);
                self.at = name;
                (
                    ends(name, |byte| in_word(byte) || matches!(byte, b'.' | b'-')),
                    Kind::Name,
                )
            }
            b'<' if grammar.here_texts && next == b'<' => return self.here_word(),
            sigil if grammar.sigils.as_bytes().contains(&sigil) => {
                let braced = usize::from(sigil == b'$' && next == b'{');
                let end = ends(self.at + 1 + braced, in_word);
                if end == self.at + 1 + braced {
                    return false;
                }
                let closed = braced == 1 && byte(self.code, end) == b'}';
                (end + usize::from(closed), Kind::Name)
            }
            sigil if grammar.word_sigils.as_bytes().contains(&sigil) && begins_word(next) => (
                ends(self.at + 1, |byte| in_word(byte) || byte == b'-'),
                Kind::Word,
            ),
            _ => return false,
        };
        self.mark(end, kind);
        true
    }

    /// Whether the quote here closes after one character, which tells a character from a lifetime.
    fn is_char(&self) -> bool {
        let rest = self.code.get(self.at + 1..self.end).unwrap_or_default();
        let length = match rest.first() {
            Some(byte) if *byte < 0x80 => 1,
            _ => skip(rest, 0, rest.len(), |byte| byte >= 0x80),
        };
        rest.get(length) == Some(&b'\'')
    }

    fn raw_text_end(&self) -> Option<usize> {
        let hashes = skip(self.code, self.at + 1, self.end, |byte| byte == b'#');
        if byte(self.code, hashes) != b'"' {
            return None;
        }
        let close = format!("\"{}", "#".repeat(hashes - self.at - 1));
        Some(behind(self.code, hashes + 1, self.end, &close))
    }

    fn pattern_end(&self) -> Option<usize> {
        let line = line_end(self.code, self.at, self.end.min(self.at + PATTERN_MOST));
        let mut at = self.at + 1;
        let mut in_set = false;
        if matches!(byte(self.code, at), b' ' | b'\n') {
            return None;
        }
        while at < line {
            match self.code[at] {
                b'\\' => at += 1,
                b'[' => in_set = true,
                b']' => in_set = false,
                b'/' if !in_set => {
                    return Some(skip(self.code, at + 1, line, |byte| {
                        byte.is_ascii_alphabetic()
                    }));
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    fn text(&mut self) -> bool {
        let quotes = self.grammar.quotes.iter();
        let Some(quote) = quotes
            .copied()
            .find(|quote| is_at(self.code, self.at, quote.open))
        else {
            return false;
        };
        self.quoted(quote, self.at + quote.open.len());
        true
    }

    /// Reads a text on from `at`, behind its opening.
    fn quoted(&mut self, quote: Quote, mut at: usize) {
        let start = self.at;
        while at < self.end {
            if is_at(self.code, at, quote.close) {
                at += quote.close.len();
                break;
            }
            match self.code[at] {
                b'\n' if !quote.lines => break,
                b'\\' if quote.escapes => at += 2,
                _ => match quote.hole.filter(|hole| is_at(self.code, at, hole)) {
                    Some(hole) if self.holes < HOLES_MOST => {
                        self.mark(at, Kind::Text);
                        self.at = at + hole.len();
                        self.pen.draw(self.at, Kind::Plain);
                        self.holes += 1;
                        self.value_before = false;
                        self.run(true);
                        self.holes -= 1;
                        self.pen.draw(self.at, Kind::Plain);
                        at = self.at + 1;
                        self.pen.draw(at.min(self.end), Kind::Plain);
                        self.at = at.min(self.end);
                    }
                    _ => at += 1,
                },
            }
        }
        let is_key = self.grammar.key_mark == Some(next_visible(self.code, at, self.end));
        // Its inside has been drawn, where it has any.
        self.at = self.at.max(start);
        self.mark(at, if is_key { Kind::Name } else { Kind::Text });
    }

    fn number(&mut self) {
        let mut at = self.at;
        while at < self.end {
            let here = self.code[at];
            let next = byte(self.code, at + 1);
            let goes_on = in_word(here)
                || (here == b'.' && next.is_ascii_digit())
                || (matches!(here, b'+' | b'-')
                    && matches!(before(self.code, at), b'e' | b'E')
                    && next.is_ascii_digit()
                    && !is_at(self.code, self.at, "0x"))
                || (here == b'%' && self.grammar.colours);
            if !goes_on {
                break;
            }
            at += 1;
        }
        self.mark(at, Kind::Number);
    }

    /// Whether the byte here is one that this language has in its words, with more of a word behind it.
    fn joins_word(&self, at: usize) -> bool {
        let joins = |byte| self.grammar.in_word.as_bytes().contains(&byte);
        let next = byte(self.code, at + 1);
        // A number keeps its sign to itself.
        let is_sign = next.is_ascii_digit() && !in_word(before(self.code, at));
        joins(byte(self.code, at)) && (in_word(next) || joins(next)) && !is_sign
    }

    fn word(&mut self) {
        let grammar = self.grammar;
        let mut end = self.at;
        while end < self.end && (in_word(self.code[end]) || self.joins_word(end)) {
            end += 1;
        }
        let word = self.pen.code.get(self.at..end).unwrap_or_default();
        let next = byte(self.code, end);
        let joins_quote = |char| grammar.quote_letters.contains(char);
        if word.len() <= 3 && word.chars().all(joins_quote) {
            let quotes = grammar.quotes.iter().copied();
            if let Some(quote) = quotes
                .filter(|quote| is_at(self.code, end, quote.open))
                .max_by_key(|quote| quote.open.len())
            {
                self.quoted(quote, end + quote.open.len());
                return;
            }
        }
        let known = if !grammar.any_case {
            self.language.words.get(word).copied()
        } else if word.len() <= WORD_MOST {
            let lower = word.to_ascii_lowercase();
            self.language.words.get(lower.as_str()).copied()
        } else {
            None
        };
        let begins_command = std::mem::take(&mut self.commands_next) && grammar.commands;
        let is_key = || {
            let mark = skip(self.code, end, self.end, |byte| byte == b' ');
            let behind_mark = byte(self.code, mark + 1);
            grammar.key_mark == Some(byte(self.code, mark))
                && (grammar.key_mark != Some(b':')
                    || grammar.colours
                    || matches!(behind_mark, b' ' | b'\n'))
        };
        let has_capital = word.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
        let kind = if is_key() {
            Kind::Name
        } else if let Some(kind) = known {
            kind
        } else if (grammar.calls && next == b'(')
            || (grammar.capitals && has_capital)
            || (begins_command && next != b'=')
        {
            Kind::Name
        } else {
            Kind::Plain
        };
        let keeps_command = grammar.commands && known == Some(Kind::Word);
        // After `return` a slash begins a pattern, after a name it divides.
        let is_value = known != Some(Kind::Word);
        self.mark(end, kind);
        self.commands_next = keeps_command;
        self.value_before = is_value;
    }

    /// `<<END`, `<<-'END'` and the like: what follows on the next lines is a text.
    fn here_word(&mut self) -> bool {
        let mut at = self.at + 2;
        at += usize::from(matches!(byte(self.code, at), b'-' | b'~'));
        at += usize::from(matches!(byte(self.code, at), b'\'' | b'"'));
        if !begins_word(byte(self.code, at)) {
            return false;
        }
        let end = skip(self.code, at, self.end, in_word);
        self.here = Some((at, end));
        let end = end + usize::from(matches!(byte(self.code, end), b'\'' | b'"'));
        self.mark(end, Kind::Text);
        true
    }

    /// At the start of a line: the text that the line above has announced.
    fn here_text(&mut self) {
        let Some((from, to)) = self.here.take() else {
            return;
        };
        let word = self.code[from..to].to_vec();
        let mut at = self.at;
        while at < self.end {
            let line = line_end(self.code, at, self.end);
            let is_last = self.code[at..line].trim_ascii() == word;
            at = (line + usize::from(!is_last)).min(self.end);
            if is_last {
                break;
            }
        }
        self.mark(at, Kind::Text);
        self.commands_next = true;
    }
}
