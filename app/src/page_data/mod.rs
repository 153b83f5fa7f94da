//! What the server writes into the page for its first picture, read with as little code as possible.
//!
//! `serde_json` reads it as well; but it knows fractions, and says of every type and field what was wrong,
//! in words: more code than half of what the chat's own pages are, for a text that the same build has
//! written a moment ago. This reader knows whole numbers, texts, lists and objects, and says only that
//! it could not read; then the browser asks the server again.

use std::borrow::Cow;
use std::fmt::{self, Display};

use leptos::server::codee::{Decoder, Encoder};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// The encoding of what lies in the page.
pub(crate) struct PageData;

impl<T: serde::Serialize> Encoder<T> for PageData {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for PageData {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        T::deserialize(&mut Reader { text, at: 0 })
    }
}

/// It is not what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

// Each says the same, so that nothing is compiled that would say it in words.
impl de::Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Read<T> = Result<T, Unreadable>;

/// A place in a text.
struct Reader<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Reader<'de> {
    /// The next sign that is not a space.
    fn peek(&mut self) -> Read<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(Unreadable)
    }

    /// Goes past a sign if it is the next.
    fn take(&mut self, sign: u8) -> Read<bool> {
        let is_next = self.peek()? == sign;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    fn expect(&mut self, sign: u8) -> Read<()> {
        if self.take(sign)? {
            Ok(())
        } else {
            Err(Unreadable)
        }
    }

    /// Goes past a word if it is the next.
    fn word(&mut self, word: &str) -> Read<bool> {
        self.peek()?;
        let rest = self.text.get(self.at..).ok_or(Unreadable)?;
        let is_next = rest.starts_with(word);
        self.at += if is_next { word.len() } else { 0 };
        Ok(is_next)
    }

    fn truth(&mut self) -> Read<bool> {
        if self.word("true")? {
            Ok(true)
        } else if self.word("false")? {
            Ok(false)
        } else {
            Err(Unreadable)
        }
    }

    /// The signs of a number.
    fn digits(&mut self) -> Read<&'de str> {
        self.peek()?;
        let rest = self.text.get(self.at..).ok_or(Unreadable)?;
        let end = rest.find(|sign: char| !matches!(sign, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
        let digits = end.map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        self.at += digits.len();
        Ok(digits)
    }

    fn string(&mut self) -> Read<Cow<'de, str>> {
        self.expect(b'"')?;
        let mut whole = Cow::Borrowed("");
        loop {
            let rest = self.text.get(self.at..).ok_or(Unreadable)?;
            let end = rest.find(['"', '\\']).ok_or(Unreadable)?;
            let plain = rest.get(..end).ok_or(Unreadable)?;
            let ends = rest.as_bytes().get(end) == Some(&b'"');
            self.at += end + 1;
            if whole.is_empty() {
                whole = Cow::Borrowed(plain);
            } else {
                whole.to_mut().push_str(plain);
            }
            if ends {
                return Ok(whole);
            }
            let sign = self.escaped()?;
            whole.to_mut().push(sign);
        }
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Read<char> {
        let sign = *self.text.as_bytes().get(self.at).ok_or(Unreadable)?;
        self.at += 1;
        Ok(match sign {
            b'"' | b'\\' | b'/' => char::from(sign),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                if !(0xD800..0xDC00).contains(&first) {
                    return char::from_u32(first).ok_or(Unreadable);
                }
                let escape = self.text.get(self.at..self.at + 2);
                self.at += 2;
                let second = self.unit()?.wrapping_sub(0xDC00);
                if escape != Some("\\u") || second >= 0x400 {
                    return Err(Unreadable);
                }
                let sign = 0x1_0000 + ((first - 0xD800) << 10) + second;
                char::from_u32(sign).ok_or(Unreadable)?
            }
            _ => return Err(Unreadable),
        })
    }

    fn unit(&mut self) -> Read<u32> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unreadable)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Unreadable)
    }
}

/// A whole number, below zero or not.
macro_rules! numbers {
    ($($name:ident)+) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            let digits = self.digits()?;
            if digits.starts_with('-') {
                visitor.visit_i64(digits.parse().map_err(|_| Unreadable)?)
            } else {
                visitor.visit_u64(digits.parse().map_err(|_| Unreadable)?)
            }
        })+
    };
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.peek()? {
            b'"' => self.deserialize_str(visitor),
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let truth = self.truth()?;
        visitor.visit_bool(truth)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_string(self.string()?.into_owned())
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.word("null")? {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.word("null")? {
            visitor.visit_unit()
        } else {
            Err(Unreadable)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'[')?;
        visitor.visit_seq(Parts::of(self, b']'))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'{')?;
        visitor.visit_map(Parts::of(self, b'}'))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let has_more = self.take(b'{')?;
        visitor.visit_enum(Choice {
            reader: self,
            has_more,
        })
    }

    // Texts of one sign, bytes, tuples and what is passed over: rare or none in a page.
    forward_to_deserialize_any! {
        f32 f64 char bytes byte_buf unit_struct tuple tuple_struct ignored_any
    }
}

/// What a list or an object holds, up to its end.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    end: u8,
    is_first: bool,
}

impl<'r, 'de> Parts<'r, 'de> {
    fn of(reader: &'r mut Reader<'de>, end: u8) -> Self {
        Self {
            reader,
            end,
            is_first: true,
        }
    }

    /// Goes to the next; false past the last.
    fn go_on(&mut self) -> Read<bool> {
        if self.reader.take(self.end)? {
            return Ok(false);
        }
        if !self.is_first {
            self.reader.expect(b',')?;
        }
        self.is_first = false;
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        if !self.go_on()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        if !self.go_on()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Read<V::Value> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// One of several kinds: its name alone, or an object with what it holds under its name.
struct Choice<'r, 'de> {
    reader: &'r mut Reader<'de>,
    has_more: bool,
}

impl<'de> EnumAccess<'de> for Choice<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Read<(V::Value, Self)> {
        let kind = seed.deserialize(&mut *self.reader)?;
        if self.has_more {
            self.reader.expect(b':')?;
        }
        Ok((kind, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_, 'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Read<()> {
        if self.has_more {
            Err(Unreadable)
        } else {
            Ok(())
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Read<T::Value> {
        if !self.has_more {
            return Err(Unreadable);
        }
        let held = seed.deserialize(&mut *self.reader)?;
        self.reader.expect(b'}')?;
        Ok(held)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Read<V::Value> {
        Err(Unreadable)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        if !self.has_more {
            return Err(Unreadable);
        }
        let held = de::Deserializer::deserialize_map(&mut *self.reader, visitor)?;
        self.reader.expect(b'}')?;
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::AppError;
    use domain::people::Fault;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        Holding(Vec<i64>),
        Named { size: u32 },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Everything {
        text: String,
        small: i8,
        large: u64,
        yes: bool,
        none: Option<String>,
        some: Option<u16>,
        kinds: Vec<Kind>,
        map: BTreeMap<String, Option<u8>>,
        answer: Result<(), AppError>,
    }

    fn everything() -> Everything {
        Everything {
            text: "a \"quoted\" line\nand \\ / \u{1} 한국어 \u{1F600}".to_owned(),
            small: -128,
            large: u64::MAX,
            yes: true,
            none: None,
            some: Some(7),
            kinds: vec![
                Kind::Plain,
                Kind::Holding(vec![-1, 0, 1]),
                Kind::Holding(Vec::new()),
                Kind::Named { size: 3 },
            ],
            map: BTreeMap::from([("a".to_owned(), None)]),
            answer: Err(AppError::invalid("name", Fault::Empty)),
        }
    }

    fn decode<T: DeserializeOwned>(text: &str) -> Read<T> {
        <PageData as Decoder<T>>::decode(text)
    }

    #[test]
    fn what_the_server_writes_is_read_as_it_was() {
        let written = PageData::encode(&everything()).unwrap();
        assert_eq!(decode(&written), Ok(everything()));
    }

    #[test]
    fn escapes_and_spaces_are_read_and_unknown_fields_passed_over() {
        let read: Read<Kind> = decode(r#" { "Named" : { "more":[{"a":[null]}], "size" : 3 } } "#);
        assert_eq!(read, Ok(Kind::Named { size: 3 }));
        let text: Read<String> = decode(r#""\ud83d\ude00\u00e9\/""#);
        assert_eq!(text.as_deref(), Ok("\u{1F600}é/"));
    }

    #[test]
    fn anything_else_is_unreadable() {
        for wrong in [
            "",
            "1.5",
            "\"",
            "\"\\ud83d\"",
            "{",
            "[1,",
            "{\"Named\":1}",
            "nul",
        ] {
            assert_eq!(decode::<Kind>(wrong), Err(Unreadable), "{wrong}");
            assert_eq!(decode::<String>(wrong), Err(Unreadable), "{wrong}");
            assert_eq!(decode::<Vec<i64>>(wrong), Err(Unreadable), "{wrong}");
        }
    }
}
