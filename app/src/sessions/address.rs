//! Where people reach the house.

use leptos::prelude::*;

use crate::reader::Reader;

/// The address people reach the house at, without a slash at its end.
///
/// Where the server does not know it, it returns nothing there, and in the browser, after hydration,
/// the address of the page.
pub fn house_address() -> Signal<String> {
    let known = Reader::here().facts.address.unwrap_or_default();
    let address = RwSignal::new(known.trim_end_matches('/').to_owned());
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if address.read_untracked().is_empty()
            && let Ok(origin) = window().location().origin()
        {
            address.set(origin);
        }
    });
    address.into()
}
