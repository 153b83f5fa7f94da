//! Which calls are listed, as addresses say it.

use domain::calls::CallsWanted;
use domain::time::{Day, Days};
use leptos_router::params::ParamsMap;

use crate::address::Address;

/// What says "only mine" to who runs the house; the home page says it the same way.
const MINE: &str = "mine";

/// As an address says it. What no address of ours says is left out; members see their own anyway.
pub(super) fn read(query: &ParamsMap, administers: bool) -> CallsWanted {
    let day = |name| query.get(name).and_then(|text| Day::read(&text));
    CallsWanted {
        only_mine: administers && query.get("of").as_deref() == Some(MINE),
        model: query.get("model").filter(|model| !model.is_empty()),
        days: Days {
            from: day("from"),
            to: day("to"),
        },
    }
}

/// The page that lists them.
pub(crate) fn address(wanted: &CallsWanted) -> String {
    let page = kept(wanted)
        .iter()
        .fold(Address::new(PATH), |address, (name, value)| {
            address.with(name, Some(value))
        });
    page.with_days(wanted.days).into()
}

/// The page.
pub(super) const PATH: &str = "/calls";

/// What an address says beside the days.
pub(super) fn kept(wanted: &CallsWanted) -> Vec<(&'static str, String)> {
    let mine = wanted.only_mine.then(|| ("of", MINE.to_owned()));
    let model = wanted.model.clone().map(|model| ("model", model));
    mine.into_iter().chain(model).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> ParamsMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_address_reads_back_and_says_no_more_than_it_must() {
        let wanted = CallsWanted {
            only_mine: true,
            model: Some("openai/gpt-4o mini&x=1".to_owned()),
            days: Days {
                from: Day::read("2026-11-01"),
                to: None,
            },
        };
        assert_eq!(
            address(&wanted),
            "/calls?of=mine&model=openai%2Fgpt-4o%20mini%26x%3D1&from=2026-11-01"
        );
        let pairs = [
            ("of", "mine"),
            ("model", "openai/gpt-4o mini&x=1"),
            ("from", "2026-11-01"),
        ];
        assert_eq!(read(&query(&pairs), true), wanted);
        assert_eq!(address(&CallsWanted::default()), "/calls");
    }

    #[test]
    fn what_no_address_of_ours_says_is_left_out() {
        let pairs = [
            ("of", "house"),
            ("model", ""),
            ("from", "yesterday"),
            ("to", "2026-02-30"),
        ];
        assert_eq!(read(&query(&pairs), true), CallsWanted::default());
        // A member sees no others, so nothing has to be said.
        assert!(!read(&query(&[("of", "mine")]), false).only_mine);
    }
}
