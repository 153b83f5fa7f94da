//! Choosing a language, and what is known of it besides its texts.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use crate::languages::{LANGUAGES, Language};

include!(concat!(env!("OUT_DIR"), "/locale.rs"));

impl Locale {
    pub(crate) fn language(self) -> &'static Language {
        // The variant's number is the row; the generator takes both from the same table.
        &LANGUAGES[self as usize]
    }

    /// The BCP 47 tag, for `lang` and for storing: `en`.
    pub fn tag(self) -> &'static str {
        self.language().tag
    }

    /// `ltr` or `rtl`, for `dir`.
    pub fn direction(self) -> &'static str {
        self.language().direction
    }

    /// The language's name in itself: `한국어`.
    pub fn native_name(self) -> &'static str {
        self.language().native_name
    }

    /// Reads a tag by its first part: `ko`, `ko-KR` and `KO_kr` are Korean.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The best language for an `Accept-Language` header; English when nothing fits.
    ///
    /// The highest `q` wins, the earlier of two equal ones; `q=0` refuses a language; `*` means whatever the header
    /// does not name, English first. A range that cannot be read is passed over.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut ranges: Vec<(&str, u16)> = accept_language.split(',').filter_map(range).collect();
        ranges.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
        let named = |locale| {
            ranges
                .iter()
                .any(|(tag, _)| Self::parse(tag) == Some(locale))
        };
        let wanted = ranges.iter().filter(|(_, quality)| *quality > 0);
        let mut fitting = wanted.filter_map(|(tag, _)| match *tag {
            "*" => Self::ALL.into_iter().find(|locale| !named(*locale)),
            tag => Self::parse(tag),
        });
        fitting.next().unwrap_or_default()
    }
}

/// One part of the header: the tag and its quality in thousandths.
fn range(part: &str) -> Option<(&str, u16)> {
    let mut fields = part.split(';').map(str::trim);
    let tag = fields.next().filter(|tag| !tag.is_empty())?;
    match fields.find_map(|field| {
        field
            .strip_prefix("q=")
            .or_else(|| field.strip_prefix("Q="))
    }) {
        Some(quality) => Some((tag, thousandths(quality)?)),
        None => Some((tag, 1000)),
    }
}

/// `1`, `0.8`, `0.25` by hand: reading floats is large in WASM.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A tag of a language we have no texts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLanguage;

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are no texts in this language")
    }
}

impl Error for UnknownLanguage {}

impl FromStr for Locale {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::parse(tag).ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::{Locale, UnknownLanguage};

    #[test]
    fn a_locale_knows_its_row() {
        assert_eq!(
            (Locale::En.tag(), Locale::En.native_name()),
            ("en", "English")
        );
        assert_eq!(
            (Locale::Ko.tag(), Locale::Ko.native_name()),
            ("ko", "한국어")
        );
        for locale in Locale::ALL {
            assert_eq!(locale.tag().parse(), Ok(locale));
            assert!(["ltr", "rtl"].contains(&locale.direction()));
        }
    }

    #[test]
    fn a_tag_is_read_by_its_first_part() {
        for tag in ["ko", "ko-KR", "KO_kr", " ko "] {
            assert_eq!(Locale::parse(tag), Some(Locale::Ko), "{tag}");
        }
        for tag in ["", "kok", "*", "k", "english"] {
            assert_eq!(tag.parse::<Locale>(), Err(UnknownLanguage), "{tag}");
        }
    }

    #[test]
    fn the_header_decides() {
        for (header, expected) in [
            ("ko", Locale::Ko),
            ("en-GB,en;q=0.9,ko;q=0.8", Locale::En),
            ("ko-KR,ko;q=0.9,en;q=0.8", Locale::Ko),
            // The weight counts, not the place.
            ("en;q=0.5,ko;q=0.8", Locale::Ko),
            ("en;q=0.8 , ko ; q=0.85", Locale::Ko),
            // Equal weights: the earlier one.
            ("ko;q=0.7,en;q=0.7", Locale::Ko),
            ("xx,ko;q=0.1", Locale::Ko),
            // Nothing fits, nothing is there, nothing can be read.
            ("xx", Locale::En),
            ("", Locale::En),
            (";;,=,q=1,\u{fffd}", Locale::En),
            // A broken weight passes over its range alone.
            ("ko;q=abc", Locale::En),
            ("ko;q=2", Locale::En),
            ("ko;q=1.5,en;q=0.1", Locale::En),
            ("en;q=0.1,ko;q=0.2000", Locale::En),
            ("ko;q=", Locale::En),
        ] {
            assert_eq!(Locale::negotiate(header), expected, "{header}");
        }
    }

    #[test]
    fn a_weight_of_zero_refuses_and_a_star_takes_the_rest() {
        assert_eq!(Locale::negotiate("ko;q=0"), Locale::En);
        assert_eq!(Locale::negotiate("en;q=0, *"), Locale::Ko);
        assert_eq!(Locale::negotiate("en;q=0.000,ko;q=0.001"), Locale::Ko);
        assert_eq!(Locale::negotiate("*"), Locale::En);
        assert_eq!(Locale::negotiate("*, en;q=0.5"), Locale::Ko);
    }
}
