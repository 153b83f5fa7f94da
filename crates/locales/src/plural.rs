//! CLDR's plural rules, for whole numbers, of the languages in `languages.rs`. Shared with `build.rs`.

/// A grammatical form of a counted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    One,
    /// In Romance languages the form of exact millions: "un million **de** jetons".
    Many,
    Other,
}

/// Which form a number takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// One form for everything: Japanese, Korean, Chinese.
    Other,
    /// 1 is `one`: English, German.
    One,
    /// 0 and 1 are `one`: Hindi.
    ZeroOne,
    /// 1 is `one`, exact millions are `many`: Spanish.
    OneMillions,
    /// 0 and 1 are `one`, exact millions are `many`: French, Portuguese as in Brazil.
    ZeroOneMillions,
}

impl Rule {
    /// The forms the language has, in the order in which a table entry joins them.
    pub(crate) fn forms(self) -> &'static [Form] {
        match self {
            Self::Other => &[Form::Other],
            Self::One | Self::ZeroOne => &[Form::One, Form::Other],
            Self::OneMillions | Self::ZeroOneMillions => &[Form::One, Form::Many, Form::Other],
        }
    }

    /// The form of a number; the sign does not matter.
    pub(crate) fn form(self, count: i64) -> Form {
        let size = count.unsigned_abs();
        let one = match self {
            Self::Other => false,
            Self::One | Self::OneMillions => size == 1,
            Self::ZeroOne | Self::ZeroOneMillions => size <= 1,
        };
        let knows_many = matches!(self, Self::OneMillions | Self::ZeroOneMillions);
        if one {
            Form::One
        } else if knows_many && size != 0 && size.is_multiple_of(1_000_000) {
            Form::Many
        } else {
            Form::Other
        }
    }

    /// The position of a number's form in [`Rule::forms`].
    pub(crate) fn position(self, count: i64) -> usize {
        let form = self.form(count);
        self.forms()
            .iter()
            .position(|known| *known == form)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Form::{self, Many, One, Other};
    use crate::languages::LANGUAGES;

    /// 0, 1, 2, 5, 21, a million, a million and one, three million, minus one: as `Intl.PluralRules` answers.
    const COUNTS: [i64; 9] = [0, 1, 2, 5, 21, 1_000_000, 1_000_001, 3_000_000, -1];

    #[test]
    fn the_nine_languages_follow_cldr() {
        let expected: [(&str, [Form; 9]); 9] = [
            (
                "en",
                [Other, One, Other, Other, Other, Other, Other, Other, One],
            ),
            ("ko", [Other; 9]),
            ("ja", [Other; 9]),
            ("zh", [Other; 9]),
            (
                "de",
                [Other, One, Other, Other, Other, Other, Other, Other, One],
            ),
            (
                "es",
                [Other, One, Other, Other, Other, Many, Other, Many, One],
            ),
            (
                "fr",
                [One, One, Other, Other, Other, Many, Other, Many, One],
            ),
            (
                "pt",
                [One, One, Other, Other, Other, Many, Other, Many, One],
            ),
            (
                "hi",
                [One, One, Other, Other, Other, Other, Other, Other, One],
            ),
        ];
        for (language, (tag, forms)) in LANGUAGES.iter().zip(expected) {
            assert_eq!(language.tag, tag);
            assert_eq!(
                COUNTS.map(|count| language.plural.form(count)),
                forms,
                "{tag}"
            );
        }
    }

    #[test]
    fn every_form_a_number_can_take_has_a_position() {
        for language in &LANGUAGES {
            for count in COUNTS {
                let rule = language.plural;
                assert_eq!(
                    rule.forms()[rule.position(count)],
                    rule.form(count),
                    "{} {count}",
                    language.tag
                );
            }
        }
    }
}
