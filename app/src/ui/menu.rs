//! The one menu.

use leptos::{html, prelude::*, text_prop::TextProp};

/// A button that shows a short list of acts beside it; a choice, Esc or a click elsewhere closes it.
///
/// The list is a native popover, so it opens before hydration too. Entries are buttons or links with
/// the class `menu-item`, reached with Tab.
#[component]
pub fn Menu(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Name of the button, read aloud and shown as tooltip.
    #[prop(into)]
    label: TextProp,
    /// Classes of the button.
    #[prop(default = "button button-quiet button-icon")]
    button_class: &'static str,
    /// Whether the list grows from the button's start edge; otherwise it ends at its end edge.
    #[prop(optional)]
    from_start: bool,
    /// What the button shows: an icon, or icon and words.
    #[prop(into)]
    face: ViewFnOnce,
    /// Entries.
    children: Children,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let class = if from_start {
        "menu menu-from-start"
    } else {
        "menu"
    };
    let title = label.clone();

    view! {
        <div class="menu-box">
            <button
                type="button"
                class=button_class
                popovertarget=id.clone()
                aria-label=move || label.get()
                title=move || title.get()
            >
                {face.run()}
            </button>
            <div
                class=class
                id=id
                popover="auto"
                node_ref=list
                on:click=move |_| {
                    if let Some(list) = list.get_untracked() {
                        // Refuses only when it is closed already.
                        let _ = list.hide_popover();
                    }
                }
            >
                {children()}
            </div>
        </div>
    }
    .into_any()
}
