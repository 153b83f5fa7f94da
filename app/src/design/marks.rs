//! What lies below all shells: colours, type, icons.

use leptos::prelude::*;
use locales::text;

use super::page::Sheet;
use crate::reader::Reader;
use crate::ui::{Icon, IconName, Mark};

/// The names of the colours in `style/tokens.css`, with a class each in `design.css`.
const COLOURS: [&str; 18] = [
    "desk",
    "paper",
    "sheet",
    "tint",
    "ink",
    "ink-soft",
    "ink-faint",
    "ink-fill",
    "line",
    "edge",
    "brass",
    "brass-ink",
    "brass-wash",
    "good",
    "warn",
    "bad",
    "bad-fill",
    "code",
];

/// Every colour.
#[component]
pub(super) fn Colours() -> impl IntoView {
    let l = Reader::here().locale;
    let swatches = COLOURS.map(|name| {
        view! {
            <li class="swatch">
                <span class=format!("swatch-fill swatch-{name}")></span>
                <code>{name}</code>
            </li>
        }
    });
    view! {
        <Sheet id="design-colours" title=text::design::colours(l)>
            <ul class="swatches">{swatches.into_iter().collect_view()}</ul>
        </Sheet>
    }
}

/// The sizes of type, and the mark.
#[component]
pub(super) fn Type() -> impl IntoView {
    let l = Reader::here().locale;
    let sizes = ["2xl", "xl", "lg", "read", "base", "sm", "xs"].map(|size| {
        view! {
            <p class=format!("type-{size}")>{text::design::sample(l)} " 0123456789"</p>
        }
    });
    view! {
        <Sheet id="design-type" title=text::design::type_(l)>
            <Mark />
            {sizes.into_iter().collect_view()}
        </Sheet>
    }
}

/// Every icon.
#[component]
pub(super) fn Icons() -> impl IntoView {
    let l = Reader::here().locale;
    let icons = IconName::ALL.map(|name| {
        view! {
            <li>
                <Icon name />
                <code>{format!("{name:?}")}</code>
            </li>
        }
    });
    view! {
        <Sheet id="design-icons" title=text::design::icons(l)>
            <ul class="design-icons">{icons.into_iter().collect_view()}</ul>
        </Sheet>
    }
}
