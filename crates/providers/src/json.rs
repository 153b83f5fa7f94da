//! Reading JSON that strangers wrote: tolerant of types, exact with numbers.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
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
    Ok(match Plain::deserialize(from)? {
        Plain::Text(text) => Some(text),
        Plain::Number(_) | Plain::Other => None,
    })
}

/// A count of tokens: a whole number, also written as `12.0` or `"12"`; nothing for any other type.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let spelled = match Plain::deserialize(from)? {
        Plain::Number(number) => number.to_string(),
        Plain::Text(text) => text,
        Plain::Other => return Ok(None),
    };
    Ok(domain::money::parse_scaled(&spelled, 0).ok())
}

/// A text or a number. Anything else is read over and not built, since two bytes of a list would
/// become dozens in memory.
enum Plain {
    Text(String),
    Number(Number),
    Other,
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Plain, E> {
        Ok(Plain::Text(text))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Plain, E> {
        Ok(Plain::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Plain, E> {
        Ok(Number::from_f64(number).map_or(Plain::Other, Plain::Number))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Plain, E> {
        Ok(Plain::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Plain, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Plain::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Plain::Other)
    }
}

/// A list of at most `MOST` entries. A longer one is JSON of another shape: three bytes of it can
/// become hundreds in memory, so a body of some MiB could otherwise take all there is.
#[derive(Debug)]
pub(crate) struct Few<T, const MOST: usize>(pub(crate) Vec<T>);

impl<T, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Few<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(FewVisitor(PhantomData))
    }
}

struct FewVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for FewVisitor<T, MOST> {
    type Value = Few<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MOST} entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            if entries.len() == MOST {
                return Err(Error::invalid_length(MOST + 1, &self));
            }
            entries.push(entry);
        }
        Ok(Few(entries))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::{Few, count, lenient_text, scalar, text};

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
        for json in [
            r#"{"word":7}"#,
            r#"{"word":-0.5}"#,
            r#"{"word":true}"#,
            r#"{"word":null}"#,
            r#"{"word":[[],{"a":[1]}]}"#,
            r#"{"word":{"a":{}}}"#,
        ] {
            let sample: Sample = serde_json::from_str(json).unwrap();
            assert_eq!(sample.word, None, "{json}");
        }
        let sample: Sample = serde_json::from_str(r#"{"word":"a\nb"}"#).unwrap();
        assert_eq!(sample.word.as_deref(), Some("a\nb"));
    }

    #[test]
    fn a_list_beyond_its_bound_is_of_another_shape() {
        let read = |json| serde_json::from_str::<Few<&RawValue, 3>>(json);
        assert_eq!(read("[1,{},\"x\"]").unwrap().0.len(), 3);
        assert!(read("[]").unwrap().0.is_empty());
        assert!(read("[1,2,3,4]").unwrap_err().is_data());
        assert!(read("{}").unwrap_err().is_data());
    }
}
