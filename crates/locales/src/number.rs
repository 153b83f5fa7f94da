//! Digits in groups, as a language writes them. Shared with `build.rs`.

/// Where the separators of a large number stand, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// 1,234,567
    Comma,
    /// 1.234.567
    Dot,
    /// 1234 but 12.345: Spanish leaves four digits together.
    DotFromFiveDigits,
    /// 1 234 567, with U+202F, which does not break a line.
    NarrowSpace,
    /// 12,34,567
    Indian,
}

/// Writes a whole number in groups.
///
/// By hand, because the server has no `Intl`, and both sides must draw the same first page.
pub(crate) fn grouped(grouping: Grouping, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let (separator, group, fewest) = match grouping {
        Grouping::Comma => (',', 3, 4),
        Grouping::Dot => ('.', 3, 4),
        Grouping::DotFromFiveDigits => ('.', 3, 5),
        Grouping::NarrowSpace => ('\u{202f}', 3, 4),
        Grouping::Indian => (',', 2, 4),
    };
    let mut text = String::with_capacity(digits.len() * 2);
    if number < 0 {
        text.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        let left = digits.len() - position;
        // The last group has three digits everywhere; those before it have `group`.
        let border = left >= 3 && (left - 3).is_multiple_of(group);
        if position > 0 && border && digits.len() >= fewest {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;
    use crate::languages::LANGUAGES;

    #[test]
    fn the_nine_languages_group_as_icu_does() {
        let expected = [
            ("en", ["0", "999", "1,234", "12,345", "-1,234,567"]),
            ("ko", ["0", "999", "1,234", "12,345", "-1,234,567"]),
            ("ja", ["0", "999", "1,234", "12,345", "-1,234,567"]),
            ("zh", ["0", "999", "1,234", "12,345", "-1,234,567"]),
            ("de", ["0", "999", "1.234", "12.345", "-1.234.567"]),
            ("es", ["0", "999", "1234", "12.345", "-1.234.567"]),
            (
                "fr",
                [
                    "0",
                    "999",
                    "1\u{202f}234",
                    "12\u{202f}345",
                    "-1\u{202f}234\u{202f}567",
                ],
            ),
            ("pt", ["0", "999", "1.234", "12.345", "-1.234.567"]),
            ("hi", ["0", "999", "1,234", "12,345", "-12,34,567"]),
        ];
        for (language, (tag, texts)) in LANGUAGES.iter().zip(expected) {
            assert_eq!(language.tag, tag);
            let numbers = [0, 999, 1_234, 12_345, -1_234_567];
            assert_eq!(
                numbers.map(|number| grouped(language.grouping, number)),
                texts,
                "{tag}"
            );
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let grouping = LANGUAGES[0].grouping;
        assert_eq!(grouped(grouping, i64::MAX), "9,223,372,036,854,775,807");
        assert_eq!(grouped(grouping, i64::MIN), "-9,223,372,036,854,775,808");
    }
}
