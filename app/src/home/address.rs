//! What the home page shows, as its address says it.

use domain::usage::{Span, Whose};

/// Whose figures, over how many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) whose: Whose,
    pub(super) span: Span,
}

impl Shown {
    /// As an address says it. Only who runs the house sees the house's.
    pub(super) fn read(of: Option<&str>, days: Option<&str>, administers: bool) -> Self {
        let whose = match of.and_then(Whose::from_word) {
            Some(Whose::Mine) => Whose::Mine,
            _ if administers => Whose::House,
            _ => Whose::Mine,
        };
        Self {
            whose,
            span: days.and_then(Span::from_word).unwrap_or(Span::Month),
        }
    }

    /// The address, without what goes without saying.
    pub(super) fn address(self, administers: bool) -> String {
        let mut address = "/home".to_owned();
        let mut mark = '?';
        if administers && self.whose == Whose::Mine {
            address.push_str("?of=mine");
            mark = '&';
        }
        if self.span != Span::Month {
            address.push(mark);
            address.push_str("days=");
            address.push_str(self.span.word());
        }
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_and_says_no_more_than_it_must() {
        for (address, of, days) in [
            ("/home", None, None),
            ("/home?of=mine", Some("mine"), None),
            ("/home?days=7", None, Some("7")),
            ("/home?of=mine&days=90", Some("mine"), Some("90")),
        ] {
            assert_eq!(Shown::read(of, days, true).address(true), address);
        }
        let member = Shown::read(Some("house"), Some("nonsense"), false);
        assert_eq!((member.whose, member.span), (Whose::Mine, Span::Month));
        assert_eq!(member.address(false), "/home");
    }
}
