//! How somebody likes the house to look in one browser.
//!
//! Kept by the browser as a cookie, so that the server knows it before the first picture: what is only
//! found out afterwards would move the page, or flash. It says nothing about anybody and opens nothing.

use serde::{Deserialize, Serialize};

/// Name of the cookie.
pub const LOOK_COOKIE: &str = "purser-look";
/// Name of the cookie with the model that was chosen last, encoded as in an address.
pub const MODEL_COOKIE: &str = "purser-model";

/// One thing that is liked another way than it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liking {
    /// By day, whatever the system says.
    Light,
    /// By night, whatever the system says.
    Dark,
    /// The sidebar narrowed to icons.
    Narrow,
    /// The places of administration unfolded.
    Administration,
    /// No price before a message is sent.
    NoPrice,
}

impl Liking {
    const ALL: [Self; 5] = [
        Self::Light,
        Self::Dark,
        Self::Narrow,
        Self::Administration,
        Self::NoPrice,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Narrow => "narrow",
            Self::Administration => "administration",
            Self::NoPrice => "noprice",
        }
    }
}

/// All that is liked another way: words joined by points, such as `dark.narrow`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Look(String);

impl Look {
    /// As a cookie's value says it. Anybody can write into it, so unknown words are left out.
    pub fn read(value: &str) -> Self {
        let is_said = |liking: &Liking| value.split('.').any(|word| word == liking.word());
        Liking::ALL
            .into_iter()
            .filter(is_said)
            .fold(Self::default(), |look, liking| look.with(liking, true))
    }

    /// As a cookie's value says it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is liked.
    pub fn has(&self, liking: Liking) -> bool {
        self.0.split('.').any(|word| word == liking.word())
    }

    /// The same with this liked, or no longer. Day and night exclude each other.
    #[must_use]
    pub fn with(&self, liking: Liking, is_liked: bool) -> Self {
        let gone = match liking {
            Liking::Light => [Liking::Light, Liking::Dark],
            Liking::Dark => [Liking::Dark, Liking::Light],
            other => [other, other],
        };
        let mut words: Vec<&str> = self.0.split('.').filter(|word| !word.is_empty()).collect();
        words.retain(|word| gone.iter().all(|gone| gone.word() != *word));
        if is_liked {
            words.push(liking.word());
        }
        Self(words.join("."))
    }

    /// The theme that stands in the document, `light` or `dark`; without one the system decides.
    pub fn theme(&self) -> Option<&'static str> {
        [Liking::Light, Liking::Dark]
            .into_iter()
            .find(|theme| self.has(*theme))
            .map(Liking::word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_liked_reads_back_and_nothing_else_does() {
        let look = Look::default()
            .with(Liking::Narrow, true)
            .with(Liking::Dark, true);
        assert_eq!(look.as_str(), "narrow.dark");
        assert!(Look::read(look.as_str()).has(Liking::Narrow));
        assert_eq!(
            Look::read("\"><script>.dark.dark.x").as_str(),
            "dark",
            "a cookie can hold anything"
        );
        assert_eq!(Look::read(""), Look::default());
    }

    #[test]
    fn day_and_night_exclude_each_other_and_the_system_decides_without_them() {
        let dark = Look::read("dark.noprice");
        assert_eq!(dark.theme(), Some("dark"));
        let light = dark.with(Liking::Light, true);
        assert_eq!(
            (light.theme(), light.as_str()),
            (Some("light"), "noprice.light")
        );
        let system = light.with(Liking::Dark, false);
        assert_eq!((system.theme(), system.as_str()), (None, "noprice"));
        assert_eq!(
            Look::read("light.dark").theme(),
            Some("dark"),
            "the last one read"
        );
    }
}
