//! Colour for code: which part of a block is a word of the language, a text, a number, a name, a remark.
//!
//! A scanner of our own, driven by one table a language. It knows far less than a parser, only what a handful of
//! colours can show; in return it is linear, keeps nothing in memory but the tables, and costs so little that an
//! open block is simply done anew. `docs/ARCHITECTURE.md` says why no library does it.
//!
//! What it gives back is the code itself, cut into pieces that each name a [`Kind`]. A model's words can choose
//! among these, but never add a class, an attribute or a tag.

mod cursor;
mod grammar;
pub(super) mod languages;
mod lines;
mod markup;
mod scan;

use std::collections::HashMap;
use std::sync::LazyLock;

use grammar::{Grammar, Manner};

/// Beyond this a block stays plain: nobody reads it for its colours, and each piece costs the sanitiser and the
/// browser an element. Ten thousand lines of code are about 350,000 bytes.
const COLOURED_BYTES: usize = 512 * 1024;

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Nothing of the kinds below.
    Plain,
    /// A word that belongs to the language.
    Word,
    /// A text in quotes.
    Text,
    /// A number, or another value that stands for itself.
    Number,
    /// A name that somebody gave: a type, a function, a key.
    Name,
    /// A remark that nobody executes.
    Note,
    /// A line that a change adds.
    Added,
    /// A line that a change takes away.
    Removed,
}

impl Kind {
    /// Every class that a piece can have.
    pub(super) const CLASSES: [&'static str; 7] = [
        "hl-word",
        "hl-text",
        "hl-number",
        "hl-name",
        "hl-note",
        "hl-added",
        "hl-removed",
    ];

    /// The class it is shown with.
    pub(super) fn class(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Word => Some("hl-word"),
            Self::Text => Some("hl-text"),
            Self::Number => Some("hl-number"),
            Self::Name => Some("hl-name"),
            Self::Note => Some("hl-note"),
            Self::Added => Some("hl-added"),
            Self::Removed => Some("hl-removed"),
        }
    }
}

/// A language with its words at hand.
#[derive(Debug)]
pub(super) struct Language {
    grammar: &'static Grammar,
    words: HashMap<&'static str, Kind>,
}

/// By every name. Made when the first block of code is shown.
pub(super) static LANGUAGES: LazyLock<HashMap<&'static str, &'static Language>> =
    LazyLock::new(|| {
        let mut by_name = HashMap::new();
        for language in ALL.iter() {
            for name in language.grammar.names.split(' ') {
                by_name.insert(name, language);
            }
        }
        by_name
    });

static ALL: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let grammars = languages::GRAMMARS.iter().copied();
    let languages = grammars.map(|grammar| {
        let of = |words: &'static str, kind| words.split_whitespace().map(move |word| (word, kind));
        let words = of(grammar.words, Kind::Word)
            .chain(of(grammar.values, Kind::Number))
            .chain(of(grammar.types, Kind::Name));
        Language {
            grammar,
            words: words.collect(),
        }
    });
    languages.collect()
});

/// The code cut into pieces of one kind each, in order and without a gap; one plain piece where the language is
/// unknown or the code is longer than anybody reads.
pub(super) fn pieces<'a>(language: &str, code: &'a str) -> Vec<(Kind, &'a str)> {
    let known = (code.len() <= COLOURED_BYTES)
        .then(|| named(language))
        .flatten();
    let mut pen = Pen::new(code);
    match known.map(|language| (language, language.grammar.manner)) {
        Some((language, Manner::Words)) => scan::scan(&mut pen, language, code.len()),
        Some((language, Manner::Markup)) => markup::scan(&mut pen, language.grammar),
        Some((_, Manner::Diff)) => lines::diff(&mut pen),
        Some((_, Manner::Markdown)) => lines::markdown(&mut pen),
        None => {}
    }
    pen.done()
}

/// The language of a name as models write it, whatever its letters.
fn named(name: &str) -> Option<&'static Language> {
    let name = name.to_ascii_lowercase();
    LANGUAGES.get(name.as_str()).copied()
}

/// Cuts code into pieces from its start to its end.
#[derive(Debug)]
struct Pen<'a> {
    code: &'a str,
    /// End of the last piece.
    at: usize,
    pieces: Vec<(Kind, std::ops::Range<usize>)>,
}

impl<'a> Pen<'a> {
    fn new(code: &'a str) -> Self {
        Self {
            code,
            at: 0,
            pieces: Vec::new(),
        }
    }

    /// Everything up to `end` that has no kind yet gets this one.
    fn draw(&mut self, end: usize, kind: Kind) {
        let end = self.code.ceil_char_boundary(end);
        if end <= self.at {
            return;
        }
        match self.pieces.last_mut() {
            Some((last, range)) if *last == kind => range.end = end,
            _ => self.pieces.push((kind, self.at..end)),
        }
        self.at = end;
    }

    /// What is between is plain, the piece itself of this kind.
    fn mark(&mut self, start: usize, end: usize, kind: Kind) {
        self.draw(start, Kind::Plain);
        self.draw(end, kind);
    }

    fn done(mut self) -> Vec<(Kind, &'a str)> {
        self.draw(self.code.len(), Kind::Plain);
        let code = self.code;
        let pieces = self.pieces.into_iter();
        pieces
            .filter_map(|(kind, range)| Some((kind, code.get(range)?)))
            .collect()
    }
}
