//! What the scanner knows of a language.

/// How a language is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Manner {
    /// Words, texts, numbers and remarks, as in most languages.
    Words,
    /// Tags with text between them.
    Markup,
    /// A change: each line by how it begins.
    Diff,
    /// Markdown.
    Markdown,
}

/// A text in quotes.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A backslash takes the next character's meaning.
    pub(super) escapes: bool,
    /// It goes on over the ends of lines.
    pub(super) lines: bool,
    /// What opens code inside it, up to the matching `}`.
    pub(super) hole: Option<&'static str>,
}

impl Quote {
    const fn on_a_line(mark: &'static str) -> Self {
        Self {
            open: mark,
            close: mark,
            escapes: true,
            lines: false,
            hole: None,
        }
    }

    const fn over_lines(mark: &'static str) -> Self {
        Self {
            lines: true,
            ..Self::on_a_line(mark)
        }
    }

    const fn raw(self) -> Self {
        Self {
            escapes: false,
            ..self
        }
    }

    const fn with_hole(self) -> Self {
        Self {
            hole: Some("${"),
            ..self
        }
    }
}

pub(super) const SINGLE: Quote = Quote::on_a_line("'");
pub(super) const DOUBLE: Quote = Quote::on_a_line("\"");
pub(super) const DOUBLE_LINES: Quote = Quote::over_lines("\"");
pub(super) const SINGLE_RAW: Quote = Quote::over_lines("'").raw();
pub(super) const DOUBLE_RAW: Quote = Quote::over_lines("\"").raw();
pub(super) const DOUBLE_HOLES: Quote = Quote::over_lines("\"").with_hole();
pub(super) const BACK_RAW: Quote = Quote::over_lines("`").raw();
pub(super) const BACK_HOLES: Quote = Quote::over_lines("`").with_hole();
pub(super) const TRIPLE_DOUBLE: Quote = Quote::over_lines("\"\"\"");
pub(super) const TRIPLE_HOLES: Quote = Quote::over_lines("\"\"\"").raw().with_hole();
pub(super) const TRIPLE_SINGLE: Quote = Quote::over_lines("'''");

/// One language. Lists of words are separated by blanks.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Grammar {
    /// Every name it goes by, in small letters.
    pub(in super::super) names: &'static str,
    pub(super) manner: Manner,
    /// Words of the language.
    pub(in super::super) words: &'static str,
    /// Words that stand for a value.
    pub(in super::super) values: &'static str,
    /// Types it brings along.
    pub(in super::super) types: &'static str,
    /// The words above count in any case of their letters.
    pub(super) any_case: bool,
    /// What begins a remark up to the end of the line.
    pub(super) notes: &'static [&'static str],
    /// Such a remark begins only after a blank.
    pub(super) notes_after_blank: bool,
    /// What begins and ends a longer remark.
    pub(super) note: Option<(&'static str, &'static str)>,
    /// Longer remarks nest.
    pub(super) notes_nest: bool,
    /// Longer openings first.
    pub(super) quotes: &'static [Quote],
    /// Letters that may stand right before a quote and belong to it.
    pub(super) quote_letters: &'static str,
    /// Bytes of a word besides letters, digits and `_`.
    pub(super) in_word: &'static str,
    /// Bytes that make the word behind them a name.
    pub(super) sigils: &'static str,
    /// Bytes that make the word behind them one of the language.
    pub(super) word_sigils: &'static str,
    /// What follows a key.
    pub(super) key_mark: Option<u8>,
    /// A word before `(` is a name.
    pub(super) calls: bool,
    /// A word with a capital is a name.
    pub(super) capitals: bool,
    /// `#word` at the start of a line is a word of the language.
    pub(super) directives: bool,
    /// `'a` without a second quote is a lifetime, and `r#"…"#` a text.
    pub(super) rust: bool,
    /// `/…/` is a text where no value stands before it.
    pub(super) patterns: bool,
    /// `<tag` is a name, as in JSX.
    pub(super) tags: bool,
    /// The first word of a command is a name.
    pub(super) commands: bool,
    /// `<<END` begins a text that ends with a line `END`.
    pub(super) here_texts: bool,
    /// `[name]` at the start of a line is a name.
    pub(super) sections: bool,
    /// `#` with digits of base sixteen is a number.
    pub(super) colours: bool,
}

/// A language of which nothing is known.
pub(super) const PLAIN: Grammar = Grammar {
    names: "",
    manner: Manner::Words,
    words: "",
    values: "",
    types: "",
    any_case: false,
    notes: &[],
    notes_after_blank: false,
    note: None,
    notes_nest: false,
    quotes: &[],
    quote_letters: "",
    in_word: "",
    sigils: "",
    word_sigils: "",
    key_mark: None,
    calls: false,
    capitals: false,
    directives: false,
    rust: false,
    patterns: false,
    tags: false,
    commands: false,
    here_texts: false,
    sections: false,
    colours: false,
};

/// What languages with braces have in common.
pub(super) const BRACES: Grammar = Grammar {
    notes: &["//"],
    note: Some(("/*", "*/")),
    quotes: &[DOUBLE, SINGLE],
    calls: true,
    capitals: true,
    ..PLAIN
};
