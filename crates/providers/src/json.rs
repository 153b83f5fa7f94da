//! Reading JSON that strangers wrote: tolerant of types, exact with numbers.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The text of a JSON string; `None` for anything else.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(raw.get()).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// The text of a string, or the spelling of a number.
pub(crate) fn scalar(raw: &RawValue) -> Option<Cow<'_, str>> {
    let number = raw
        .get()
        .starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if number {
        Some(Cow::Borrowed(raw.get()))
    } else {
        text(raw)
    }
}

/// A string, and nothing for any other type: a stranger's type error must not cost us the rest.
pub(crate) fn lenient_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// A count of tokens: a whole number, also written as `12.0` or `"12"`; nothing for any other type.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let spelled = match Value::deserialize(from)? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        _ => return Ok(None),
    };
    Ok(domain::money::parse_scaled(&spelled, 0).ok())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::{count, lenient_text, scalar, text};

    #[derive(Deserialize)]
    struct Sample {
        #[serde(default, deserialize_with = "count")]
        number: Option<i64>,
        #[serde(default, deserialize_with = "lenient_text")]
        word: Option<String>,
    }

    #[test]
    fn numbers_are_counts_in_any_spelling() {
        for (json, expected) in [
            (r#"{"number":12}"#, Some(12)),
            (r#"{"number":12.0}"#, Some(12)),
            (r#"{"number":"12"}"#, Some(12)),
            (r#"{"number":1.2e1}"#, Some(12)),
            (r#"{"number":-3}"#, Some(-3)),
            (r#"{"number":12.5}"#, None),
            (r#"{"number":null}"#, None),
            (r#"{"number":[1]}"#, None),
            (r#"{"number":99999999999999999999}"#, None),
            (r"{}", None),
        ] {
            let sample: Sample = serde_json::from_str(json).unwrap();
            assert_eq!(sample.number, expected, "{json}");
        }
    }

    #[test]
    fn texts_are_strings_only() {
        let raw = |json: &'static str| serde_json::from_str::<&RawValue>(json).unwrap();
        assert_eq!(text(raw(r#""a\nb""#)).as_deref(), Some("a\nb"));
        assert_eq!(text(raw(r#""""#)).as_deref(), Some(""));
        assert_eq!(text(raw("12")), None);
        assert_eq!(scalar(raw("12.50")).as_deref(), Some("12.50"));
        assert_eq!(scalar(raw("{}")), None);
        let sample: Sample = serde_json::from_str(r#"{"word":7}"#).unwrap();
        assert_eq!(sample.word, None);
    }
}
