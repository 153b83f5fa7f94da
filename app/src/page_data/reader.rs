//! The reader of [`PageData`](super::PageData).

use std::borrow::Cow;

use serde::de::{
    self, Deserialize, DeserializeSeed, EnumAccess, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::Unreadable;

type Read<T> = Result<T, Unreadable>;

/// A place in a text.
pub(super) struct Reader<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Reader<'de> {
    /// The beginning of a text.
    pub(super) fn of(text: &'de str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads what comes and keeps nothing of it.
    pub(super) fn passes_over(mut self) -> Read<()> {
        IgnoredAny::deserialize(&mut self).map(drop)
    }

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
