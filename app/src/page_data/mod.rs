//! What the server writes into the page for its first picture, read with as little code as possible.
//!
//! `serde_json` reads it as well; but it knows fractions, and says of every type and field what was wrong,
//! in words: more code than half of what the chat's own pages are, for a text that the same build has
//! written a moment ago. This reader knows whole numbers, texts, lists and objects, and says only that
//! it could not read; then the browser asks the server again.

use std::fmt::{self, Display};

use leptos::server::codee::{Decoder, Encoder};
use serde::de::{self, DeserializeOwned, Expected, Unexpected};

use self::reader::Reader;

mod reader;

/// The encoding of what lies in the page.
pub(crate) struct PageData;

impl<T: serde::Serialize> Encoder<T> for PageData {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        let text = serde_json::to_string(value)?;
        // A page with a fraction would not come to life; say so to who adds one.
        debug_assert!(
            Reader::of(&text).passes_over().is_ok(),
            "the browser cannot read this: only whole numbers travel in a page"
        );
        Ok(text)
    }
}

impl<T: DeserializeOwned> Decoder<T> for PageData {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        T::deserialize(&mut Reader::of(text))
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

    fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
        <PageData as Decoder<T>>::decode(text)
    }

    #[test]
    fn what_the_server_writes_is_read_as_it_was() {
        let written = PageData::encode(&everything()).unwrap();
        assert_eq!(decode(&written), Ok(everything()));
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "only whole numbers")]
    fn who_puts_a_fraction_into_a_page_is_told() {
        let _ = PageData::encode(&vec![Some(1.5)]);
    }

    #[test]
    fn escapes_and_spaces_are_read_and_unknown_fields_passed_over() {
        let read: Result<Kind, _> =
            decode(r#" { "Named" : { "more":[{"a":[null]}], "size" : 3 } } "#);
        assert_eq!(read, Ok(Kind::Named { size: 3 }));
        let text: Result<String, _> = decode(r#""\ud83d\ude00\u00e9\/""#);
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
