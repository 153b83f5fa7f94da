//! The keys that work, in a list.

use leptos::prelude::*;
use locales::{Locale, text};

use crate::chats::OpenChat;
use crate::reader::Reader;
use crate::ui::Dialog;

/// The keys that open the palette. The server does not know whose keyboard it is.
pub(super) const KEYS_OF_PALETTE: &str = "Ctrl/⌘ K";

/// The list of keys.
#[component]
pub(super) fn Shortcuts(
    /// Open or closed.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let chat = OpenChat::here();
    // What Enter does is known to this browser alone, so nothing is said before it is asked.
    let keys = move || {
        shown.get().then(|| {
            keys(l, chat.enter_sends())
                .into_iter()
                .map(|(keys, does)| {
                    view! {
                        <div>
                            <dt><kbd class="keys">{keys}</kbd></dt>
                            <dd>{does}</dd>
                        </div>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Dialog
            id="shortcuts"
            open=shown
            title=text::palette::shortcuts(l)
            close_label=text::common::close(l)
        >
            <dl class="shortcuts">{keys}</dl>
        </Dialog>
    }
}

/// Keys with what they do.
fn keys(l: Locale, enter_sends: bool) -> [(&'static str, &'static str); 8] {
    let (send, line) = if enter_sends {
        ("Enter", "Shift Enter")
    } else {
        ("Ctrl/⌘ Enter", "Enter")
    };
    [
        (KEYS_OF_PALETTE, text::palette::key_palette(l)),
        ("?", text::palette::key_help(l)),
        ("Ctrl/⌘ Shift O", text::nav::new_chat(l)),
        ("Shift Esc", text::palette::key_write(l)),
        (send, text::palette::key_send(l)),
        (line, text::palette::key_line(l)),
        ("Esc", text::palette::key_close(l)),
        ("Esc", text::palette::key_stop(l)),
    ]
}

/// Whether what is typed now goes into a field.
pub(super) fn is_writing() -> bool {
    #[cfg(feature = "hydrate")]
    {
        document().active_element().is_some_and(|at| {
            matches!(at.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                || at.has_attribute("contenteditable")
        })
    }
    #[cfg(not(feature = "hydrate"))]
    true
}
