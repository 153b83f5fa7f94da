//! The title of a page whose name has to be looked up.

use leptos::prelude::*;
use leptos_meta::Title;

/// Tells the first answer's head what the page is called, once that is known.
///
/// On the server the head is written when everything a page waits for is there, but before what
/// stands below a loading border is drawn: a `Title` there would come too late. In the browser that
/// one does it, and this is nothing.
#[derive(Clone, Default)]
pub struct FirstTitle(ArcRwSignal<String>);

impl FirstTitle {
    /// Sets it.
    pub fn set(&self, title: &str) {
        self.0.set(title.to_owned());
    }

    /// Where the page begins.
    pub fn into_head(self) -> impl IntoView {
        cfg!(feature = "ssr").then(|| view! { <Title text=move || self.0.get_untracked() /> })
    }
}
