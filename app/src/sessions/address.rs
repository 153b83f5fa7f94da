//! Where people reach the house.

use leptos::prelude::*;

use crate::reader::Reader;

/// The address people reach the house at, without a slash at its end.
///
/// It is the configured one; where there is none, on the server this returns nothing and in the
/// browser, after hydration, the address of the page.
pub fn house_address() -> Signal<String> {
    let configured = Reader::here().facts.public_url.unwrap_or_default();
    let address = RwSignal::new(configured.trim_end_matches('/').to_owned());
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
