//! Secrets that were planted, and everywhere they must not be seen.

use std::fmt::Write as _;

use base64::Engine;
use testkit::Answer;

/// What leaves the house, with where it was seen, and the secrets that must not be in it.
#[derive(Default)]
pub(super) struct Watch {
    seen: Vec<(String, String)>,
    pub(super) secrets: Vec<(&'static str, String)>,
}

impl Watch {
    pub(super) fn plant(&mut self, what: &'static str, secret: &str) -> String {
        assert!(
            secret.len() >= 16,
            "{what} is too short to be told from chance"
        );
        self.secrets.push((what, secret.to_owned()));
        secret.to_owned()
    }

    /// The cookie of a new login is a secret, and stands in no other header.
    pub(super) fn login(&mut self, place: &str, answer: &Answer) {
        let cookie = answer
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default();
        let secret = cookie.split_once('=').map(|(_, secret)| secret.to_owned());
        self.plant(
            "a login",
            &secret.unwrap_or_else(|| panic!("{place}: {} {}", answer.status, answer.text)),
        );
        let mut rest = answer.clone();
        rest.headers.remove("set-cookie");
        self.answer(place, &rest);
    }

    pub(super) fn answer(&mut self, place: &str, answer: &Answer) {
        self.text(place, format!("{:?}\n{}", answer.headers, answer.text));
    }

    pub(super) fn text(&mut self, place: &str, text: String) {
        self.seen.push((place.to_owned(), text));
    }

    /// Nothing of a secret is in what was seen.
    pub(super) fn check(&self) {
        for (place, text) in &self.seen {
            for (what, secret) in &self.secrets {
                for spelling in spellings(secret) {
                    if let Some(at) = text.find(&spelling) {
                        let around: String = text[..at].chars().rev().take(200).collect();
                        let around: String = around.chars().rev().collect();
                        panic!("{what} is in {place}, behind: {around}");
                    }
                }
            }
        }
    }
}

/// How a secret may show: its middle, its end, and as other alphabets spell it.
fn spellings(secret: &str) -> Vec<String> {
    let middle = secret.len() / 2;
    let mut hex = String::new();
    for byte in secret.bytes() {
        write!(hex, "{byte:02x}").unwrap();
    }
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret);
    vec![
        secret[middle - 6..middle + 6].to_owned(),
        // Masks show four characters.
        secret[secret.len() - 8..].to_owned(),
        hex[..24].to_owned(),
        base64[..16].to_owned(),
    ]
}
