//! Addresses of our own pages, with what they say in their query.

use std::fmt::Write;

use domain::time::{Day, Days};

/// An address that grows by what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    text: String,
    has_query: bool,
}

impl Address {
    /// The address of a page that says nothing more.
    pub(crate) fn new(path: &str) -> Self {
        Self {
            text: path.to_owned(),
            has_query: false,
        }
    }

    /// Says something more, if there is anything to say.
    pub(crate) fn with(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.text.push(if self.has_query { '&' } else { '?' });
            self.has_query = true;
            self.text.push_str(name);
            self.text.push('=');
            self.text.push_str(&encoded(value));
        }
        self
    }

    /// Says some days, by `from` and `to`.
    pub(crate) fn with_days(self, days: Days) -> Self {
        let written = |day: Option<Day>| day.map(Day::written);
        self.with("from", written(days.from).as_deref())
            .with("to", written(days.to).as_deref())
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

/// A text as it may stand in a query.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
