//! Long texts that were pasted: they stand beside the draft as chips, and go with it.

use leptos::ev::ClipboardEvent;
use leptos::prelude::*;
use locales::text;

use super::open::OpenChat;
use crate::reader::Reader;
use crate::ui::{Icon, IconName};

/// Whether a text would bury what is being written.
#[cfg(any(feature = "hydrate", test))]
fn is_long(text: &str) -> bool {
    const MANY_CHARACTERS: usize = 3_000;
    const MANY_LINES: usize = 40;
    text.chars().count() >= MANY_CHARACTERS || text.lines().count() >= MANY_LINES
}

/// What is sent: the draft, then what was pasted, each after an empty line.
pub(super) fn whole(draft: &str, pastes: &[String]) -> String {
    let parts: Vec<&str> = std::iter::once(draft)
        .chain(pastes.iter().map(|paste| paste.trim_end()))
        .filter(|part| !part.trim().is_empty())
        .collect();
    parts.join("\n\n")
}

impl OpenChat {
    /// Takes a long text off the clipboard before the field does.
    #[cfg(feature = "hydrate")]
    pub(super) fn take_long_paste(self, event: &ClipboardEvent) {
        let data = event.clipboard_data();
        let text = data.and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text
            && is_long(&text)
        {
            event.prevent_default();
            // As a field would have it.
            let text = text.replace("\r\n", "\n");
            self.pastes.update(|pastes| pastes.push(text));
        }
    }

    /// Nothing is pasted on a server.
    #[cfg(not(feature = "hydrate"))]
    pub(super) fn take_long_paste(self, _event: &ClipboardEvent) {
        let _ = self;
    }
}

/// The chips, each of which can be put into the text or taken away.
#[component]
pub(super) fn Pastes() -> impl IntoView {
    let l = Reader::here().locale;
    let open = OpenChat::here();
    let numbered = move || {
        let pastes = open.pastes.get();
        pastes.into_iter().enumerate().collect::<Vec<_>>()
    };
    let take = move |place: usize| {
        let mut taken = String::new();
        open.pastes.update(|pastes| {
            if place < pastes.len() {
                taken = pastes.remove(place);
            }
        });
        taken
    };
    let chip = move |(place, paste): (usize, String)| {
        let reader = Reader::here();
        let count = i64::try_from(paste.chars().count()).unwrap_or(i64::MAX);
        let begin: String = paste.trim_start().chars().take(160).collect();
        view! {
            <li class="chip">
                <Icon name=IconName::List />
                <button
                    type="button"
                    class="chip-text"
                    title=begin
                    on:click=move |_| {
                        let paste = take(place);
                        let draft = open.draft.get_untracked();
                        open.draft.set(whole(&draft, &[paste]));
                    }
                >
                    <span class="cut">{text::composer::pasted(l, &reader.integer(count))}</span>
                    <span class="only-read">{text::composer::put_into_text(l)}</span>
                </button>
                <button
                    type="button"
                    class="button button-quiet button-small button-icon"
                    aria-label=text::composer::remove_pasted(l)
                    title=text::composer::remove_pasted(l)
                    on:click=move |_| { take(place); }
                >
                    <Icon name=IconName::Close />
                </button>
            </li>
        }
    };
    let has_some = Memo::new(move |_| !open.pastes.read().is_empty());
    move || {
        has_some.get().then(|| {
            view! {
                <ul class="chips" aria-label=text::composer::pasted_texts(l)>
                    {move || numbered().into_iter().map(chip).collect_view()}
                </ul>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted_follows_what_was_written() {
        let pastes = ["one\n".to_owned(), "two".to_owned()];
        assert_eq!(whole("Compare:", &pastes), "Compare:\n\none\n\ntwo");
        assert_eq!(whole(" \n", &pastes), "one\n\ntwo");
        assert_eq!(whole("as it stands \n", &[]), "as it stands \n");
    }

    #[test]
    fn only_a_text_that_would_bury_the_draft_is_long() {
        assert!(!is_long("a line of code"));
        assert!(is_long(&"가".repeat(3_000)));
        assert!(is_long(&"short\n".repeat(40)));
    }
}
