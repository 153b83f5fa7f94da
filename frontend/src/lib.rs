//! The few lines that bring the page to life in the browser.

use leptos::mount::hydrate_from_async;
use leptos::prelude::*;
use locales::Locale;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Takes the page's language, then attaches the app to what the server drew.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    install_texts();
    // The client router would swallow links that leave the app, such as the one to sign in.
    let _ = leptos::server_fn::redirect::set_redirect_hook(|target: &str| {
        let _ = window().location().set_href(target);
    });
    let Some(body) = document().body() else {
        return;
    };
    spawn_local(async move {
        // What the module itself took belongs to another task than what it does: a tap comes between.
        app::ui::next_task().await;
        app::bring_piece().await;
        let app = hydrate_from_async(body, app::App).await;
        app.forget();
        // Tells the app, tests and styles that a click is no longer lost. A page whose code comes in a
        // piece of its own lives only once that is there.
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
        app::fetch_tools();
    });
}

/// The script before this one left the texts of the page's language in a global.
fn install_texts() {
    let tag = document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"));
    let locale = tag.as_deref().and_then(Locale::parse).unwrap_or_default();
    let texts = js_sys::Reflect::get(&js_sys::global(), &"purserTexts".into())
        .map(|texts| js_sys::Array::from(&texts))
        .unwrap_or_default();
    let texts: Vec<String> = texts.iter().filter_map(|text| text.as_string()).collect();
    if let Err(error) = locales::install(locale, texts) {
        web_sys::console::error_1(&error.to_string().into());
    }
}
