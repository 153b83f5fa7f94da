//! Words that stand ready for the composer, because another app has shared them.

/// The parameter of the start page's address that brings them.
pub const DRAFT: &str = "draft";

/// What stands ready, once; on the server nothing does.
#[cfg(feature = "hydrate")]
pub(super) fn given_draft() -> Option<String> {
    use leptos::prelude::window;
    use wasm_bindgen::JsValue;

    let location = window().location();
    let query = web_sys::UrlSearchParams::new_with_str(&location.search().ok()?).ok()?;
    let given = query.get(DRAFT)?;
    // Loaded again, the page must not bring back what was sent meanwhile.
    let path = location.pathname().ok()?;
    let history = window().history().ok()?;
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    Some(given)
}

/// What stands ready, once; on the server nothing does.
#[cfg(not(feature = "hydrate"))]
pub(super) fn given_draft() -> Option<String> {
    None
}
