//! Choosing among words.

use domain::calls::Word;
use leptos::prelude::*;
use locales::Locale;

/// One `<option>` a word, with its spelling as value; the chosen one is in front.
pub fn word_options<T>(
    l: Locale,
    words: &[T],
    chosen: RwSignal<T>,
    name: fn(Locale, T) -> &'static str,
) -> impl IntoView + use<T>
where
    T: Word + PartialEq + Send + Sync,
{
    words
        .iter()
        .map(|word| {
            let word = *word;
            view! {
                <option value=word.spelling() prop:selected=move || chosen.get() == word>
                    {name(l, word)}
                </option>
            }
        })
        .collect_view()
}
