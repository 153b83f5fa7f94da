//! The languages we know: one row each.
//!
//! A language is offered as soon as `text/<tag>.json` exists. Shared with `build.rs`.

use crate::number::Grouping;
use crate::plural::Rule;

/// What does not stand in the texts of a language.
#[derive(Debug)]
pub(crate) struct Language {
    /// BCP 47, the primary part alone.
    pub(crate) tag: &'static str,
    /// The language's name in itself, for the language menu.
    pub(crate) native_name: &'static str,
    /// `ltr` or `rtl`, for the `dir` attribute.
    pub(crate) direction: &'static str,
    pub(crate) plural: Rule,
    pub(crate) grouping: Grouping,
}

pub(crate) static LANGUAGES: [Language; 9] = [
    row("en", "English", "ltr", Rule::One, Grouping::Comma),
    row("ko", "한국어", "ltr", Rule::Other, Grouping::Comma),
    row("ja", "日本語", "ltr", Rule::Other, Grouping::Comma),
    row("zh", "简体中文", "ltr", Rule::Other, Grouping::Comma),
    row("de", "Deutsch", "ltr", Rule::One, Grouping::Dot),
    row(
        "es",
        "Español",
        "ltr",
        Rule::OneMillions,
        Grouping::DotFromFiveDigits,
    ),
    row(
        "fr",
        "Français",
        "ltr",
        Rule::ZeroOneMillions,
        Grouping::NarrowSpace,
    ),
    row(
        "pt",
        "Português",
        "ltr",
        Rule::ZeroOneMillions,
        Grouping::Dot,
    ),
    row("hi", "हिन्दी", "ltr", Rule::ZeroOne, Grouping::Indian),
];

const fn row(
    tag: &'static str,
    native_name: &'static str,
    direction: &'static str,
    plural: Rule,
    grouping: Grouping,
) -> Language {
    Language {
        tag,
        native_name,
        direction,
        plural,
        grouping,
    }
}
