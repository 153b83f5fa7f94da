//! Which chats are listed, as the address says it.

use domain::chats::TITLE_MOST_CHARS;
use leptos_router::params::ParamsMap;

use crate::address::Address;

/// The page.
pub(super) const PATH: &str = "/history";
/// What is looked for, in the address and in the form.
pub(super) const QUERY: &str = "q";

/// What the address looks for; `None` lists all.
pub(super) fn read(query: &ParamsMap) -> Option<String> {
    wanted(&query.get(QUERY)?)
}

/// What was typed, as far as it can be looked for: no title holds more.
pub(super) fn wanted(typed: &str) -> Option<String> {
    let most = typed.trim().chars().take(TITLE_MOST_CHARS);
    Some(most.collect::<String>()).filter(|wanted| !wanted.is_empty())
}

/// The page that lists them.
pub(super) fn address(wanted: Option<&str>) -> String {
    Address::new(PATH).with(QUERY, wanted).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(text: &str) -> Option<String> {
        read(&ParamsMap::from_iter([(QUERY.to_owned(), text.to_owned())]))
    }

    #[test]
    fn an_address_reads_back_and_says_no_more_than_it_must() {
        assert_eq!(
            address(Some("tea & 예산")),
            "/history?q=tea%20%26%20%EC%98%88%EC%82%B0"
        );
        assert_eq!(read_back("tea & 예산").as_deref(), Some("tea & 예산"));
        assert_eq!(address(None), "/history");
        assert_eq!(read(&ParamsMap::new()), None);
    }

    #[test]
    fn blanks_are_nothing_and_what_no_title_holds_is_cut() {
        assert_eq!(read_back("  "), None);
        assert_eq!(read_back(" tea ").as_deref(), Some("tea"));
        let long = "예".repeat(TITLE_MOST_CHARS + 1);
        assert_eq!(
            wanted(&long).map(|wanted| wanted.chars().count()),
            Some(TITLE_MOST_CHARS)
        );
    }
}
