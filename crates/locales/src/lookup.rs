//! What the generated functions call.

use crate::Locale;
use crate::number::grouped;

/// Between the forms of a plural; the generator joins them with the same character.
const FORM_SEPARATOR: char = '\u{1f}';

/// The text with a number: from the tables, or in the browser from the installed texts, whatever their language.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn entry(locale: Locale, index: usize) -> &'static str {
    crate::compiled::texts(locale)
        .get(index)
        .copied()
        .unwrap_or_default()
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn entry(_: Locale, index: usize) -> &'static str {
    crate::installed::entry(index)
}

/// The language whose texts [`entry`] answers with: its rules decide about form and digits.
#[cfg(not(target_arch = "wasm32"))]
fn spoken(locale: Locale) -> Locale {
    locale
}

#[cfg(target_arch = "wasm32")]
fn spoken(locale: Locale) -> Locale {
    crate::installed::installed().unwrap_or(locale)
}

/// The form for a number, filled in.
pub(crate) fn plural(locale: Locale, index: usize, count: i64, values: &[&str]) -> String {
    let language = spoken(locale).language();
    let forms = entry(locale, index);
    let form = forms
        .split(FORM_SEPARATOR)
        .nth(language.plural.position(count));
    fill(
        form.unwrap_or_default(),
        &grouped(language.grouping, count),
        values,
    )
}

/// Replaces `{#}` by the count and `{0}`, `{1}` … by the values.
pub(crate) fn fill(template: &str, count: &str, values: &[&str]) -> String {
    let mut text = String::new();
    let mut parts = template.split('{');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (mark, words) = part.split_once('}').unwrap_or_default();
        if mark == "#" {
            text.push_str(count);
        } else if let Some(value) = mark
            .parse()
            .ok()
            .and_then(|number: usize| values.get(number))
        {
            text.push_str(value);
        }
        text.push_str(words);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn values_stand_where_the_language_wants_them() {
        assert_eq!(fill("{1} 중 {0} 사용", "", &["3", "10"]), "10 중 3 사용");
        assert_eq!(fill("{#}/{0}, {#}", "7", &["9"]), "7/9, 7");
    }

    #[test]
    fn a_value_with_braces_is_not_read_as_a_template() {
        assert_eq!(fill("<{0}>{1}", "", &["{1}", "b"]), "<{1}>b");
    }

    #[test]
    fn a_text_of_another_build_leaves_gaps_but_does_not_panic() {
        assert_eq!(fill("{7} and {x", "", &["a"]), " and ");
        assert_eq!(fill("", "", &["a"]), "");
    }
}
