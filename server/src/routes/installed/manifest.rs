//! The web app manifest, in one language.

use locales::{Locale, text};
use serde_json::{Value, json};

/// Paper by day: what a window shows before the page is drawn. The page's own colours follow the
/// system, by its `theme-color` lines.
const PAPER: &str = "#fbf7f1";

/// What a browser needs to know to keep the house as an app.
pub(super) fn manifest(l: Locale) -> Value {
    json!({
        // One app, whatever its manifest's address is and whatever language it speaks.
        "id": "/",
        "lang": l.tag(),
        "dir": l.direction(),
        "name": text::common::app_name(l),
        "short_name": text::common::app_name(l),
        "description": text::installed::description(l),
        "categories": ["productivity", "utilities"],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "display_override": ["window-controls-overlay", "standalone"],
        // A window of its own: to lead an open one elsewhere would take away what is being written in it.
        "launch_handler": { "client_mode": ["navigate-new", "auto"] },
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            icon("/favicon.svg", "any", "any"),
            icon("/icon-192.png", "192x192", "any"),
            icon("/icon-512.png", "512x512", "any"),
            icon("/icon-maskable-512.png", "512x512", "maskable"),
            icon("/mark.svg", "any", "monochrome"),
        ],
        "shortcuts": [
            shortcut(text::nav::new_chat(l), "/", "chat"),
            shortcut(text::nav::models(l), "/models", "models"),
            shortcut(text::nav::keys(l), "/keys", "keys"),
        ],
        "screenshots": [
            screenshot("wide", "1280x800", text::installed::picture_chat(l)),
            screenshot("narrow", "780x1688", text::installed::picture_chat(l)),
        ],
        "share_target": {
            "action": "/share",
            "method": "GET",
            "enctype": "application/x-www-form-urlencoded",
            "params": { "title": "title", "text": "text", "url": "url" },
        },
    })
}

fn icon(src: &str, sizes: &str, purpose: &str) -> Value {
    // Drawings have any size, pictures one.
    let kind = if sizes == "any" {
        "image/svg+xml"
    } else {
        "image/png"
    };
    json!({ "src": src, "type": kind, "sizes": sizes, "purpose": purpose })
}

fn shortcut(name: &str, url: &str, picture: &str) -> Value {
    let picture = format!("/shortcut-{picture}-96.png");
    json!({ "name": name, "url": url, "icons": [icon(&picture, "96x96", "any")] })
}

fn screenshot(form_factor: &str, sizes: &str, label: &str) -> Value {
    json!({
        "src": format!("/screenshot-{form_factor}.png"),
        "type": "image/png",
        "sizes": sizes,
        "form_factor": form_factor,
        "label": label,
    })
}
