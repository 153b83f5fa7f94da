//! The tools above the list: which calls it shows.

use domain::calls::CallsWanted;
use leptos::prelude::*;
use locales::text;

use super::address::{PATH, address, kept};
use crate::reader::Reader;
use crate::ui::{DateRange, FilterTag, Toolbar};

/// The days, and each filter that holds, to be taken away.
#[component]
pub(super) fn CallTools(
    /// Which calls are listed.
    wanted: Memo<CallsWanted>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let model = Memo::new(move |_| wanted.read().model.clone());
    let only_mine = Memo::new(move |_| wanted.read().only_mine);
    let without_model = move || {
        address(&CallsWanted {
            model: None,
            ..wanted.get()
        })
    };
    let of_all = move || {
        address(&CallsWanted {
            only_mine: false,
            ..wanted.get()
        })
    };
    view! {
        <Toolbar label=text::calls::filters(l)>
            <DateRange
                id="calls-days"
                label=text::days::label(l)
                path=PATH
                keep=Signal::derive(move || kept(&wanted.read()))
                days=Signal::derive(move || wanted.read().days)
            />
            {move || {
                model
                    .get()
                    .map(|model| view! {
                        <FilterTag
                            name=text::calls::model(l)
                            value=model
                            href=Signal::derive(without_model)
                        />
                    })
            }}
            {move || {
                only_mine
                    .get()
                    .then(|| view! {
                        <FilterTag
                            name=text::calls::who(l)
                            value=text::home::of_mine(l)
                            href=Signal::derive(of_all)
                        />
                    })
            }}
        </Toolbar>
    }
}
