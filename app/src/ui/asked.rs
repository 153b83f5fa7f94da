//! Dialogs that an address can open.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

/// Opens a dialog when its page is reached with `?add`, once the page has come to life. The wish leaves
/// the address at once: a page that is loaded again later must not ask again.
pub fn open_when_asked(open: RwSignal<bool>) {
    let query = use_query_map();
    let path = use_location().pathname;
    let navigate = use_navigate();
    Effect::new(move || {
        if query.read().get("add").is_none() {
            return;
        }
        open.set(true);
        let quietly = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path.get_untracked(), quietly);
    });
}
