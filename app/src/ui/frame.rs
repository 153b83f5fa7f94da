//! The app around every page.

use leptos::{ev::MouseEvent, html, prelude::*, text_prop::TextProp};

use super::{Icon, IconName, Mark, in_turn};

/// Sidebar and page side by side; in a narrow window the sidebar hides behind a menu button.
///
/// There it is a native popover: it opens before hydration, closes on Esc and on a click beside it,
/// and when a link in it is followed.
#[component]
pub fn Frame(
    /// Name of the house.
    #[prop(into)]
    name: TextProp,
    /// Text of the link that jumps to the page.
    #[prop(into)]
    skip_label: TextProp,
    /// Name of the menu button.
    #[prop(into)]
    menu_label: TextProp,
    /// Name of the button that narrows and widens the sidebar.
    #[prop(into)]
    collapse_label: TextProp,
    /// Sidebar narrowed to icons. Start it from what the server knows; never from storage.
    narrow: RwSignal<bool>,
    /// Runs when somebody has narrowed or widened it.
    #[prop(into)]
    on_narrow: Callback<bool>,
    /// Sidebar: `<nav class="nav">` with `nav-link`s, a `sidebar-fill`, a `sidebar-foot`.
    #[prop(into)]
    sidebar: ViewFnOnce,
    /// Buttons at the end of the bar on phones, such as "new chat".
    #[prop(optional, into)]
    bar: ViewFnOnce,
    /// The page.
    children: Children,
) -> impl IntoView {
    let side = NodeRef::<html::Aside>::new();
    let bar_name = name.clone();
    let menu_name = menu_label.clone();
    let collapse_name = collapse_label.clone();

    view! {
        <a class="skip" href="#main" rel="external">{move || skip_label.get()}</a>
        <div class="frame" class:is-closed=narrow>
            <header class="frame-bar">
                {in_turn(move || view! {
                    <button
                        type="button"
                        class="button button-quiet button-icon"
                        popovertarget="sidebar"
                        aria-label=move || menu_label.get()
                    >
                        <Icon name=IconName::Menu />
                    </button>
                    <a class="brand" href="/">
                        <Mark />
                        <span class="brand-name cut">{move || bar_name.get()}</span>
                    </a>
                    <div class="toolbar-end">{bar.run()}</div>
                })}
            </header>
            <aside
                class="sidebar"
                id="sidebar"
                popover="auto"
                aria-label=move || menu_name.get()
                node_ref=side
                on:click=move |event| {
                    if let Some(side) = side.get_untracked().filter(|_| is_on_link(&event)) {
                        // Refuses only when it is not open as a popover, as in a wide window.
                        let _ = side.hide_popover();
                    }
                }
            >
                <div class="sidebar-head">
                    {in_turn(move || view! {
                        <a class="brand" href="/">
                            <Mark />
                            <span class="brand-name cut">{move || name.get()}</span>
                        </a>
                        <button
                            type="button"
                            class="button button-quiet button-icon sidebar-collapse"
                            aria-label=move || collapse_label.get()
                            aria-pressed=move || if narrow.get() { "true" } else { "false" }
                            title=move || collapse_name.get()
                            on:click=move |_| {
                                let is_narrow = !narrow.get_untracked();
                                narrow.set(is_narrow);
                                on_narrow.run(is_narrow);
                            }
                        >
                            <Icon name=IconName::Panel />
                        </button>
                    })}
                </div>
                <div class="part">{in_turn(move || sidebar.run())}</div>
            </aside>
            <main class="main" id="main" tabindex="-1">
                {in_turn(children)}
            </main>
        </div>
    }
    .into_any()
}

/// Whether a click landed on a link or inside one.
fn is_on_link(event: &MouseEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    event
        .target()
        .and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok())
        .and_then(|element| element.closest("a[href]").ok().flatten())
        .is_some()
}
