//! Changing how the house looks in this browser (`domain::look`).

use domain::look::Liking;

use crate::later;

/// Keeps that this is liked, or no longer, for the pages to come.
pub(crate) fn keep_liking(liking: Liking, is_liked: bool) {
    // What cannot be kept holds for this page all the same.
    later::with(
        move |tools| (tools.frame.keep_liking)(liking, is_liked),
        || {},
    );
}

#[cfg(feature = "hydrate")]
pub(crate) use browser::{choose_theme, keep_model, write};

/// A server has no cookies of its own.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn write(_liking: Liking, _is_liked: bool) {}

/// Nobody chooses on a server.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn keep_model(_id: &str) {}

/// Nobody chooses on a server.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn choose_theme(_theme: Option<Liking>) {}

#[cfg(feature = "hydrate")]
mod browser {
    use domain::look::{LOOK_COOKIE, Liking, Look, MODEL_COOKIE};
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlDocument};

    use crate::address::encoded;

    /// How long a browser is asked to keep it.
    const KEPT_SECONDS: u32 = 365 * 24 * 60 * 60;

    /// The cookie with one liking changed.
    pub(crate) fn write(liking: Liking, is_liked: bool) {
        let Some(page) = page() else { return };
        let look = kept(&page).with(liking, is_liked);
        keep(&page, LOOK_COOKIE, look.as_str());
    }

    /// Keeps the model that new chats begin with.
    pub(crate) fn keep_model(id: &str) {
        if let Some(page) = page() {
            keep(&page, MODEL_COOKIE, &encoded(id));
        }
    }

    fn keep(page: &HtmlDocument, name: &str, value: &str) {
        let is_secure = window().location().protocol().as_deref() == Ok("https:");
        let secure = if is_secure { "; Secure" } else { "" };
        // Lax, because whoever follows a link to the house should find it as they like it.
        let _ = page.set_cookie(&format!(
            "{name}={value}; Path=/; SameSite=Lax; Max-Age={KEPT_SECONDS}{secure}"
        ));
    }

    /// What is kept now: another tab may have changed it since this page came.
    fn kept(page: &HtmlDocument) -> Look {
        let cookies = page.cookie().unwrap_or_default();
        let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        let kept = pairs.find(|(name, _)| *name == LOOK_COOKIE);
        kept.map_or_else(Look::default, |(_, value)| Look::read(value))
    }

    fn page() -> Option<HtmlDocument> {
        document().dyn_into().ok()
    }

    /// By day or by night from now on; without a theme as the system has it.
    pub(crate) fn choose_theme(theme: Option<Liking>) {
        if let Some(theme) = theme {
            write(theme, true);
        } else {
            write(Liking::Light, false);
            write(Liking::Dark, false);
        }
        show(theme);
    }

    /// The document and the bars around it in a theme.
    fn show(theme: Option<Liking>) {
        let look = theme.map(|theme| Look::default().with(theme, true));
        let chosen = look.as_ref().and_then(Look::theme);
        if let Some(root) = document().document_element() {
            let _ = match chosen {
                Some(theme) => root.set_attribute("data-theme", theme),
                None => root.remove_attribute("data-theme"),
            };
        }
        let Ok(bars) = document().query_selector_all("meta[name=theme-color]") else {
            return;
        };
        // In the order the document's head has them.
        for (place, theme) in (0..).zip(["light", "dark"]) {
            let media = match chosen {
                None => format!("(prefers-color-scheme: {theme})"),
                Some(chosen) if chosen == theme => "all".to_owned(),
                Some(_) => "not all".to_owned(),
            };
            let bar = bars
                .item(place)
                .and_then(|bar| bar.dyn_into::<Element>().ok());
            if let Some(bar) = bar {
                let _ = bar.set_attribute("media", &media);
            }
        }
    }
}
