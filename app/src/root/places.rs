//! The places of the house: the sidebar lists them, the palette finds them.

use locales::{Locale, text};

use crate::ui::IconName;

/// A page that can be gone to from everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Where it leads.
    pub(super) href: &'static str,
    /// Its sign.
    pub(super) icon: IconName,
    /// Its name.
    pub(super) label: &'static str,
}

const fn place(href: &'static str, icon: IconName, label: &'static str) -> Place {
    Place { href, icon, label }
}

/// Everybody's places.
pub(super) fn of_members(l: Locale, administers: bool) -> Vec<Place> {
    let mut places = vec![
        place("/home", IconName::Home, text::nav::home(l)),
        place("/", IconName::Plus, text::nav::new_chat(l)),
        place("/history", IconName::Chat, text::history::label(l)),
        place("/models", IconName::Book, text::nav::models(l)),
        place("/keys", IconName::Key, text::nav::keys(l)),
        place("/usage", IconName::Coins, text::nav::usage(l)),
    ];
    // For admins the same page lists the calls of everyone, so it stands further below.
    if !administers {
        places.push(calls(l));
    }
    places
}

/// Those of who administers.
pub(super) fn of_administrators(l: Locale) -> Vec<Place> {
    vec![
        place("/members", IconName::Users, text::nav::members(l)),
        place("/connections", IconName::Plug, text::nav::connections(l)),
        place("/limits", IconName::Gauge, text::nav::limits(l)),
        calls(l),
        place("/audit", IconName::Shield, text::nav::audit(l)),
        place("/settings", IconName::Sliders, text::nav::settings(l)),
        place("/system", IconName::Pulse, text::nav::system(l)),
    ]
}

fn calls(l: Locale) -> Place {
    place("/calls", IconName::List, text::nav::calls(l))
}
