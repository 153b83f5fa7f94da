//! The on-screen keyboard, where it lies over the page.

/// Tells the stylesheet, as `--keyboard`, how much of the window's lower edge the keyboard covers.
/// Most browsers make the page smaller instead, as the document asks them to; those of iOS do not.
/// On the server nothing happens.
pub fn make_room_for_keyboard() {
    #[cfg(feature = "hydrate")]
    leptos::prelude::Effect::new(browser::follow);
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::VisualViewport;

    /// Less than this is the browser's own bar.
    const LEAST: f64 = 120.0;

    pub(super) fn follow() {
        let Some(seen) = window().visual_viewport() else {
            return;
        };
        let watched = seen.clone();
        let on_resize = Closure::<dyn FnMut()>::new(move || tell(&watched));
        seen.set_onresize(Some(on_resize.as_ref().unchecked_ref()));
        // The frame stands as long as the page.
        on_resize.forget();
    }

    fn tell(seen: &VisualViewport) {
        let whole = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        let root = document().document_element();
        let root = root.and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
        let (Some(whole), Some(root)) = (whole, root) else {
            return;
        };
        // Who zooms in sees less of the page, too, without any keyboard.
        let covered = whole - seen.height() * seen.scale();
        let style = root.style();
        let _ = if covered > LEAST {
            // The browser spells it: our own way to spell fractions is 7 KB, and nobody else needs it.
            let pixels = js_sys::Number::from(covered.round()).to_string_with_radix(10);
            let pixels = pixels.map(String::from).unwrap_or_default();
            style.set_property("--keyboard", &format!("{pixels}px"))
        } else {
            style.remove_property("--keyboard").map(drop)
        };
    }
}
