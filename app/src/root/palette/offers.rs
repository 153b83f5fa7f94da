//! What the palette offers for what is typed.

use domain::chats::ChatRow;
use domain::models::ModelChoice;
use locales::{Locale, text};

use crate::chats::ChatAct;
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
    /// The language of its name, where that is another one.
    pub(super) lang: Option<&'static str>,
    pub(super) deed: Deed,
}

impl Offer {
    fn new(icon: IconName, name: &str, deed: Deed) -> Self {
        Self {
            icon,
            name: name.to_owned(),
            note: None,
            lang: None,
            deed,
        }
    }
}

/// What happens when it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Goes to a page of the app.
    Go(String),
    /// Begins a chat with a model.
    Begin(String),
    /// Does something to the open chat.
    Chat(ChatAct),
    /// Sets the member's language.
    Speak(Locale),
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
    /// What can be done to the open chat.
    pub(super) acts: &'a [ChatAct],
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
    let this_chat = Group {
        label: text::palette::this_chat(l),
        offers: this_chat(l, stock.acts, query),
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
        offers: actions(l, stock.administers, query),
    };
    // What was typed is more often a page than a title that happens to hold it.
    let order = if is_blank {
        [chats, this_chat, places, models, actions]
    } else {
        [places, this_chat, actions, chats, models]
    };
    order
        .into_iter()
        .filter(|group| !group.offers.is_empty())
        .collect()
}

fn chat(l: Locale, row: &ChatRow) -> Offer {
    let title = row.title.as_deref().unwrap_or(text::chat::untitled(l));
    Offer::new(
        IconName::List,
        title,
        Deed::Go(format!("/chats/{}", row.id)),
    )
}

fn this_chat(l: Locale, acts: &[ChatAct], query: &str) -> Vec<Offer> {
    let offer = |act: &ChatAct| {
        let (icon, name) = match act {
            ChatAct::Stop => (IconName::Stop, text::palette::stop(l)),
            ChatAct::Regenerate => (IconName::Refresh, text::palette::regenerate(l)),
            ChatAct::CopyReply => (IconName::Copy, text::palette::copy_reply(l)),
            ChatAct::Rename => (IconName::Edit, text::palette::rename_chat(l)),
            ChatAct::Delete => (IconName::Trash, text::palette::delete_chat(l)),
        };
        Offer::new(icon, name, Deed::Chat(*act))
    };
    let offers = acts.iter().map(offer);
    offers
        .filter(|offer| found(&[&offer.name], query))
        .collect()
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
        .map(|(icon, label, href)| Offer::new(icon, label, Deed::Go(href.to_owned())))
        .collect()
}

fn models(all: &[ModelChoice], query: &str) -> Vec<Offer> {
    all.iter()
        .filter(|model| found(&[&model.id, &model.label], query))
        .take(MOST_MODELS)
        .map(|model| Offer {
            note: (model.label != model.id).then(|| model.id.clone()),
            ..Offer::new(IconName::Plus, &model.label, Deed::Begin(model.id.clone()))
        })
        .collect()
}

/// What people do from everywhere. While nothing is typed only what is done often, so that the list can be
/// looked over.
fn actions(l: Locale, administers: bool, query: &str) -> Vec<Offer> {
    let add =
        |name: &str, address: &str| Offer::new(IconName::Plus, name, Deed::Go(address.to_owned()));
    let often = [
        add(text::palette::create_key(l), "/keys?add"),
        Offer::new(
            IconName::List,
            text::palette::shortcuts(l),
            Deed::ShowShortcuts,
        ),
        Offer::new(IconName::SignOut, text::nav::sign_out(l), Deed::SignOut),
    ];
    if query.trim().is_empty() {
        return often.into();
    }
    let of_administrators = administers.then(|| {
        [
            add(text::members::add(l), "/members?add"),
            add(text::connections::add(l), "/connections?add"),
            add(text::limits::add(l), "/limits?add"),
        ]
    });
    let others = Locale::ALL.iter().filter(|locale| **locale != l);
    let languages = others.map(|locale| Offer {
        note: Some(text::nav::language(l).to_owned()),
        lang: Some(locale.tag()),
        ..Offer::new(IconName::Globe, locale.native_name(), Deed::Speak(*locale))
    });
    let all = of_administrators.into_iter().flatten();
    all.chain(often)
        .chain(languages)
        .filter(|offer| {
            found(
                &[&offer.name, offer.note.as_deref().unwrap_or_default()],
                query,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{ChatId, Timestamp};

    use super::*;

    fn names(administers: bool, query: &str) -> Vec<String> {
        names_with(administers, &[], query)
    }

    fn names_with(administers: bool, acts: &[ChatAct], query: &str) -> Vec<String> {
        let row = ChatRow {
            id: ChatId::new(Timestamp(1), [1; 10]),
            title: Some("Keys to the shed".to_owned()),
            updated_at: Timestamp(1),
        };
        let stock = Stock {
            administers,
            chats: &[row],
            models: &[],
            acts,
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
            [
                "API keys",
                "Create an API key",
                "Keyboard shortcuts",
                "Keys to the shed"
            ]
        );
    }

    #[test]
    fn without_a_query_the_last_chats_come_first_and_nobody_sees_pages_of_others() {
        let seen = names(false, "");
        assert_eq!(seen[0], "Keys to the shed");
        assert!(!seen.contains(&"Members".to_owned()), "{seen:?}");
        assert!(names(true, "").contains(&"Members".to_owned()));
    }

    #[test]
    fn who_administers_is_offered_what_administrators_add() {
        assert_eq!(
            names(true, "add"),
            [
                "Add member",
                "Add connection",
                "Add limit",
                "Keys to the shed"
            ]
        );
        assert_eq!(names(false, "add"), ["Keys to the shed"]);
    }

    #[test]
    fn another_language_is_found_by_its_name_and_by_the_word() {
        assert_eq!(names(false, "한국"), ["한국어", "Keys to the shed"]);
        assert_eq!(names(false, "language"), ["한국어", "Keys to the shed"]);
        assert!(!names(false, "").contains(&"한국어".to_owned()));
    }

    #[test]
    fn an_open_chat_offers_what_can_be_done_to_it_and_never_first() {
        let acts = [ChatAct::Regenerate, ChatAct::Rename];
        let seen = names_with(false, &acts, "");
        assert_eq!(seen[0], "Keys to the shed");
        assert!(
            seen.contains(&"Regenerate the last reply".to_owned()),
            "{seen:?}"
        );
        assert_eq!(
            names_with(false, &acts, "rename"),
            ["Rename this chat", "Keys to the shed"]
        );
    }
}
