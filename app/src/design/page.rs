//! The page.

use domain::AppError;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::text;

use super::marks::{Colours, Icons, Type};
use super::reading::{Choosing, Reading};
use super::shells::{Controls, Figures, Lists, Overlays, Words};
use crate::error::ServerError;
use crate::reader::Reader;
use crate::ui::{PageHead, Trouble};

/// Everything a page can be made of, for administrators.
#[component]
pub fn DesignPage() -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    if !reader.facts.me.role.administers() {
        #[cfg(feature = "ssr")]
        crate::error::answer_with_status(&AppError::Forbidden);
        return view! {
            <Title text=text::design::title(l) />
            <div class="page">
                <PageHead title=text::design::title(l) />
                <Trouble error=ServerError(AppError::Forbidden) />
            </div>
        }
        .into_any();
    }
    view! {
        <Title text=text::design::title(l) />
        <div class="page page-wide">
            <PageHead title=text::design::title(l) lead=text::design::intro(l) />
            <Colours />
            <Type />
            <Controls />
            <Figures />
            <Words />
            <Lists />
            <Reading />
            <Choosing />
            <Overlays />
            <Icons />
        </div>
    }
    .into_any()
}

/// A part of the page.
#[component]
pub(super) fn Sheet(
    /// Unique in the page.
    id: &'static str,
    /// What it shows.
    title: &'static str,
    /// The shells.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="design-sheet" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {children()}
        </section>
    }
    .into_any()
}
