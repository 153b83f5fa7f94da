//! The one dialog.

use leptos::{ev::MouseEvent, html, prelude::*, text_prop::TextProp};

use super::{Icon, IconName};

/// A sheet over the page with a title, a close button and what the caller puts in.
///
/// The browser keeps the focus inside, gives it back to the opener, and closes on Esc; a click
/// beside the sheet closes it too. It opens only in the browser, after hydration.
#[component]
pub fn Dialog(
    /// Unique in the page; the title is `{id}-title`.
    #[prop(into)]
    id: String,
    /// Open or closed; closing by the reader is written back.
    open: RwSignal<bool>,
    /// What the dialog asks or shows.
    #[prop(into)]
    title: TextProp,
    /// Name of the close button, read aloud only.
    #[prop(into)]
    close_label: TextProp,
    /// Wide enough for a table.
    #[prop(optional)]
    wide: bool,
    /// Buttons at the lower edge, the main one last.
    #[prop(optional, into)]
    foot: Option<ViewFnOnce>,
    /// Body. It stays in the page while closed, so keep loading inside behind `open`. The control
    /// that should have the keyboard first carries `autofocus`; else it is the close button.
    children: Children,
) -> impl IntoView {
    let sheet = NodeRef::<html::Dialog>::new();
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    // Both press and release must be outside, or selecting text out over the edge would close it.
    let pressed_beside = StoredValue::new(false);
    let class = if wide { "dialog dialog-wide" } else { "dialog" };

    Effect::new(move || {
        let wanted = open.get();
        let Some(sheet) = sheet.get() else { return };
        if wanted && !sheet.open() {
            // Fails only when the sheet has left the page; then there is nothing to open.
            let _ = sheet.show_modal();
        } else if !wanted && sheet.open() {
            sheet.close();
        }
    });

    view! {
        <dialog
            class=class
            id=id
            node_ref=sheet
            aria-labelledby=labelled_by
            on:close=move |_| open.set(false)
            on:mousedown=move |event| pressed_beside.set_value(is_on_backdrop(&event))
            on:click=move |event| {
                if pressed_beside.get_value() && is_on_backdrop(&event) {
                    open.set(false);
                }
            }
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id=title_id>
                    {move || title.get()}
                </h2>
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label=move || close_label.get()
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="dialog-body">{children()}</div>
            {foot.map(|foot| view! { <div class="dialog-foot">{foot.run()}</div> })}
        </dialog>
    }
    .into_any()
}

/// The backdrop belongs to the dialog element itself; everything else is a child of it.
fn is_on_backdrop(event: &MouseEvent) -> bool {
    event.target().is_some() && event.target() == event.current_target()
}
