//! What the palette offers, under headings.

use leptos::html;
use leptos::prelude::*;
use locales::text;

use super::LIST;
use super::offers::{Group, Offer};
use crate::reader::Reader;
use crate::ui::{Icon, keep_in_view};

/// Id of the option at a place of the list.
pub(super) fn option_id(place: usize) -> String {
    format!("palette-option-{place}")
}

/// The offers, each in its group.
#[component]
pub(super) fn OfferList(
    /// In the order they are shown.
    offered: Memo<Vec<Group>>,
    /// The one the keyboard is at.
    active: RwSignal<usize>,
    /// Takes one.
    on_take: Callback<usize>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let groups = move || {
        let mut place = 0;
        offered
            .get()
            .into_iter()
            .map(|group| {
                let first = place;
                place += group.offers.len();
                view! {
                    <div role="group" aria-label=group.label>
                        <div class="picker-group" aria-hidden="true">{group.label}</div>
                        {group
                            .offers
                            .into_iter()
                            .zip(first..)
                            .map(|(offer, place)| view! { <Choice offer place active on_take /> })
                            .collect_view()}
                    </div>
                }
            })
            .collect_view()
    };
    let none = move || {
        let is_empty = offered.read().is_empty();
        is_empty.then(|| view! { <p class="picker-none">{text::palette::no_match(l)}</p> })
    };
    view! {
        // What scrolls is the list itself: the field steers it, so nobody has to get into it.
        <div class="picker-list" id=LIST role="listbox" aria-label=text::palette::label(l)>
            {groups}
        </div>
        <div role="status">{none}</div>
    }
}

/// One offer.
#[component]
fn Choice(
    /// What is offered.
    offer: Offer,
    /// Its place in the list.
    place: usize,
    /// The one the keyboard is at.
    active: RwSignal<usize>,
    /// Takes it.
    on_take: Callback<usize>,
) -> impl IntoView {
    let option = NodeRef::<html::Div>::new();
    let is_active = Memo::new(move |_| active.get() == place);
    keep_in_view(option, is_active);
    view! {
        <div
            class="picker-option palette-option"
            class:is-active=is_active
            role="option"
            id=option_id(place)
            aria-selected=move || if is_active.get() { "true" } else { "false" }
            node_ref=option
            on:click=move |_| on_take.run(place)
        >
            <Icon name=offer.icon />
            <span class="picker-name" lang=offer.lang>{offer.name}</span>
            {offer.note.map(|note| view! { <span class="picker-note">{note}</span> })}
        </div>
    }
}
