//! What can be wrong in a locale file.

use std::fmt;

/// One fault: which file, which key, what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) tag: String,
    pub(crate) key: String,
    pub(crate) problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Not JSON, or a value that is neither text nor object; the reader's own words.
    Unreadable(String),
    /// There is no `en.json`.
    ReferenceMissing,
    /// `src/languages.rs` has no row for the file's name.
    UnknownLanguage,
    DuplicateKey,
    /// A key that cannot be the name of a Rust function or module.
    KeyName,
    /// Two keys that would become the same function.
    NameTaken,
    MissingKey,
    ExtraKey,
    /// A plural without a form that the language needs.
    MissingForm,
    /// A plural form that the language does not have.
    ExtraForm,
    EmptyText,
    ControlCharacter,
    /// A brace that belongs to no `{placeholder}`.
    Braces,
    MissingPlaceholder(String),
    UnknownPlaceholder(String),
    /// `{locale}` is the first argument of every function.
    ReservedPlaceholder,
    /// `{count}` outside a plural would say "1 members".
    CountOutsidePlural,
}

impl Fault {
    pub(crate) fn new(tag: &str, key: &str, problem: Problem) -> Self {
        Self {
            tag: tag.to_owned(),
            key: key.to_owned(),
            problem,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text/{}.json: ", self.tag)?;
        if !self.key.is_empty() {
            write!(f, "`{}` ", self.key)?;
        }
        match &self.problem {
            Problem::Unreadable(reason) => write!(f, "cannot be read: {reason}"),
            Problem::ReferenceMissing => write!(f, "is missing; all others are compared with it"),
            Problem::UnknownLanguage => write!(f, "has no row in src/languages.rs"),
            Problem::DuplicateKey => write!(f, "stands here twice"),
            Problem::KeyName => write!(f, "must be made of a-z, 0-9 and single _ between them"),
            Problem::NameTaken => write!(f, "is a plural and a plain text at once"),
            Problem::MissingKey => write!(f, "is missing"),
            Problem::ExtraKey => write!(f, "is not in English"),
            Problem::MissingForm => write!(f, "is missing, the plural needs it in this language"),
            Problem::ExtraForm => write!(f, "is a plural form that this language does not have"),
            Problem::EmptyText => write!(f, "is empty"),
            Problem::ControlCharacter => write!(f, "contains a control character"),
            Problem::Braces => write!(f, "has a brace that belongs to no {{placeholder}}"),
            Problem::MissingPlaceholder(name) => write!(f, "lacks {{{name}}}"),
            Problem::UnknownPlaceholder(name) => write!(f, "has {{{name}}}, which English has not"),
            Problem::ReservedPlaceholder => write!(f, "uses {{locale}}, which names the language"),
            Problem::CountOutsidePlural => {
                write!(
                    f,
                    "uses {{count}}: write it as a plural, `_one` and `_other`"
                )
            }
        }
    }
}
