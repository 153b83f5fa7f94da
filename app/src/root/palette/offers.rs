//! What the palette offers for what is typed.

use domain::chats::ChatRow;
use domain::models::ModelChoice;
use locales::{Locale, text};

use crate::models::found;
use crate::root::places::{of_administrators, of_members};
use crate::ui::IconName;

/// Most models among what is offered: whoever means another types more of its name.
const MOST_MODELS: usize = 8;

/// Something that can be gone to or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) icon: IconName,
    pub(super) name: String,
    /// Tells it from others of its name.
    pub(super) note: Option<String>,
    pub(super) deed: Deed,
}

/// What happens when it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Goes to a page of the app.
    Go(String),
    /// Begins a chat with a model.
    Begin(String),
    ShowShortcuts,
    SignOut,
}

/// Offers under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) label: &'static str,
    pub(super) offers: Vec<Offer>,
}

/// What is known to choose from.
pub(super) struct Stock<'a> {
    pub(super) administers: bool,
    /// Those changed last while nothing is typed, else those that the server found.
    pub(super) chats: &'a [ChatRow],
    pub(super) models: &'a [ModelChoice],
}

/// The groups that have something for a query, in the order they are shown.
pub(super) fn groups(l: Locale, stock: &Stock<'_>, query: &str) -> Vec<Group> {
    let is_blank = query.trim().is_empty();
    let chats = Group {
        label: if is_blank {
            text::palette::recent(l)
        } else {
            text::palette::chats(l)
        },
        offers: stock.chats.iter().map(|row| chat(l, row)).collect(),
    };
    let places = Group {
        label: text::palette::pages(l),
        offers: places(l, stock.administers, query),
    };
    let models = Group {
        label: text::palette::models(l),
        offers: if is_blank {
            Vec::new()
        } else {
            models(stock.models, query)
        },
    };
    let actions = Group {
        label: text::palette::actions(l),
        offers: actions(l, query),
    };
    // What was typed is more often a page than a title that happens to hold it.
    let order = if is_blank {
        [chats, places, models, actions]
    } else {
        [places, actions, chats, models]
    };
    order
        .into_iter()
        .filter(|group| !group.offers.is_empty())
        .collect()
}

fn chat(l: Locale, row: &ChatRow) -> Offer {
    Offer {
        icon: IconName::List,
        name: row
            .title
            .clone()
            .unwrap_or_else(|| text::chat::untitled(l).to_owned()),
        note: None,
        deed: Deed::Go(format!("/chats/{}", row.id)),
    }
}

fn places(l: Locale, administers: bool, query: &str) -> Vec<Offer> {
    let mut places = of_members(l, administers);
    if administers {
        places.extend(of_administrators(l));
    }
    let known = places
        .into_iter()
        .map(|place| (place.icon, place.label, place.href));
    known
        .chain([(IconName::User, text::nav::account(l), "/account")])
        .filter(|(_, label, _)| found(&[label], query))
        .map(|(icon, label, href)| Offer {
            icon,
            name: label.to_owned(),
            note: None,
            deed: Deed::Go(href.to_owned()),
        })
        .collect()
}

fn models(all: &[ModelChoice], query: &str) -> Vec<Offer> {
    all.iter()
        .filter(|model| found(&[&model.id, &model.label], query))
        .take(MOST_MODELS)
        .map(|model| Offer {
            icon: IconName::Plus,
            name: model.label.clone(),
            note: (model.label != model.id).then(|| model.id.clone()),
            deed: Deed::Begin(model.id.clone()),
        })
        .collect()
}

fn actions(l: Locale, query: &str) -> Vec<Offer> {
    [
        (
            IconName::List,
            text::palette::shortcuts(l),
            Deed::ShowShortcuts,
        ),
        (IconName::SignOut, text::nav::sign_out(l), Deed::SignOut),
    ]
    .into_iter()
    .filter(|(_, name, _)| found(&[name], query))
    .map(|(icon, name, deed)| Offer {
        icon,
        name: name.to_owned(),
        note: None,
        deed,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use domain::{ChatId, Timestamp};

    use super::*;

    fn names(administers: bool, query: &str) -> Vec<String> {
        let row = ChatRow {
            id: ChatId::new(Timestamp(1), [1; 10]),
            title: Some("Keys to the shed".to_owned()),
            updated_at: Timestamp(1),
        };
        let stock = Stock {
            administers,
            chats: &[row],
            models: &[],
        };
        groups(Locale::En, &stock, query)
            .into_iter()
            .flat_map(|group| group.offers)
            .map(|offer| offer.name)
            .collect()
    }

    #[test]
    fn a_page_comes_before_a_chat_that_holds_its_name() {
        assert_eq!(
            names(false, "key"),
            ["API keys", "Keyboard shortcuts", "Keys to the shed"]
        );
    }

    #[test]
    fn without_a_query_the_last_chats_come_first_and_nobody_sees_pages_of_others() {
        let seen = names(false, "");
        assert_eq!(seen[0], "Keys to the shed");
        assert!(!seen.contains(&"Members".to_owned()), "{seen:?}");
        assert!(names(true, "").contains(&"Members".to_owned()));
    }
}
