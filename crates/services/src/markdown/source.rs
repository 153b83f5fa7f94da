//! From text to a Markdown tree: what is normalised before parsing, and what the parser may know.

use std::sync::LazyLock;

use comrak::nodes::Node;
use comrak::{Arena, Options, parse_document};

use super::math::signs::{self, DOLLAR};

/// Put into the source wherever a construct must not be recognised, and taken out of the tree again.
///
/// A noncharacter: it means nothing to Markdown or HTML, and [`Cleaner`] lets none in from outside.
pub(super) const SHIELD: char = '\u{FDD0}';

/// The only schemes a link may have.
pub(super) const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    // Which signs reach the parser is for `math::signs`.
    options.extension.math_dollars = true;
    options.extension.math_latex = true;
    // Raw HTML does not survive parsing as such; should any slip through, it is printed as text.
    options.render.escape = true;
    options
});

/// The parser's and printer's settings.
pub(super) fn options() -> &'static Options<'static> {
    &OPTIONS
}

/// Brings line ends to `\n` and removes what would upset the parser, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Cleaner {
    /// A `\r` was last: a `\n` that follows belongs to it, even in the next piece.
    after_return: bool,
}

impl Cleaner {
    /// Appends the clean form of `piece` to `out`.
    pub(super) fn push(&mut self, piece: &str, out: &mut String) {
        out.reserve(piece.len());
        for char in piece.chars() {
            let after_return = std::mem::replace(&mut self.after_return, char == '\r');
            match char {
                '\n' if after_return => {}
                '\r' => out.push('\n'),
                // A byte order mark counts only at the start of a text, but a growing one has many starts.
                '\u{FEFF}' => {}
                '\0' | SHIELD | DOLLAR => out.push(char::REPLACEMENT_CHARACTER),
                other => out.push(other),
            }
        }
    }
}

/// The clean form of a whole text.
pub(super) fn cleaned(text: &str) -> String {
    let mut out = String::new();
    Cleaner::default().push(text, &mut out);
    out
}

/// Parses clean text.
pub(super) fn parse<'a>(arena: &'a Arena<'a>, clean: &str) -> Node<'a> {
    parse_document(arena, &shielded(&signs::judged(clean)), &OPTIONS)
}

/// Hides two constructs from the parser: raw HTML, so that no tag can swallow the Markdown after it, and
/// reference definitions, so that no block depends on another.
fn shielded(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len() + clean.len() / 16);
    let mut rest = clean;
    while let Some(at) = rest.find(['<', ']']) {
        let (before, from) = rest.split_at(at + 1);
        out.push_str(before);
        let next = from.bytes().next();
        let hide = if before.ends_with(']') {
            next == Some(b':')
        } else {
            let tag = next.is_some_and(|byte| byte.is_ascii_alphabetic() || b"/!?".contains(&byte));
            tag && !has_safe_scheme(from)
        };
        if hide {
            out.push(SHIELD);
        }
        rest = from;
    }
    out.push_str(rest);
    out
}

/// Whether an address begins with one of [`SCHEMES`]. Strict on purpose: no leading blanks, nothing inside
/// the scheme.
pub(super) fn has_safe_scheme(url: &str) -> bool {
    SCHEMES.iter().any(|scheme| {
        let head = url.as_bytes().get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    })
}
