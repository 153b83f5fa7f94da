//! Motion that explains a change: what was fades into what is.

/// Whether changes may move: the browser can, and no reduced motion is asked.
#[cfg(feature = "hydrate")]
fn may_move() -> bool {
    use leptos::prelude::{document, window};

    let is_reduced = window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|asked| asked.matches());
    !is_reduced && js_sys::Reflect::has(&document(), &START.into()).unwrap_or(false)
}

/// Changes what is on the page, moving where that may be; otherwise at once. A change that moves comes
/// up to a frame later, so it looks first whether it is still wanted.
pub fn moving(change: impl FnOnce() + 'static) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        use wasm_bindgen::closure::Closure;

        let page = leptos::prelude::document();
        let start = js_sys::Reflect::get(&page, &START.into());
        if may_move()
            && let Some(start) = start.ok().and_then(|start| start.dyn_into().ok())
        {
            let start: js_sys::Function = start;
            // A page that is not shown does not move, but changes all the same.
            if let Ok(moves) = start.call1(&page, &Closure::once_into_js(change)) {
                await_quietly(&moves);
            }
            return;
        }
    }
    change();
}

/// A change that another one overtakes is there without having moved: nothing to complain of.
#[cfg(feature = "hydrate")]
fn await_quietly(moves: &wasm_bindgen::JsValue) {
    use wasm_bindgen::JsCast;

    let ready = js_sys::Reflect::get(moves, &"ready".into());
    if let Some(ready) = ready.ok().and_then(|ready| ready.dyn_into().ok()) {
        let ready: js_sys::Promise = ready;
        leptos::task::spawn_local(async move {
            let _ = ready.await;
        });
    }
}

#[cfg(feature = "hydrate")]
const START: &str = "startViewTransition";
