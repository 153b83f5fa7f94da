//! Failures where they belong: in place of a list, above a form, under a field.

use domain::AppError;
use domain::error::Conflict;
use domain::people::Fault;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Locale, text};

use super::{Empty, IconName, Notice, Tone};
use crate::error::{ServerError, words};
use crate::reader::Reader;

/// Stands where a list would, when it could not be read: what happened, and a button for what to do:
/// to try again, or to leave for where there is something.
#[component]
pub fn Trouble(
    /// Why.
    error: ServerError,
    /// Whether it stands for a whole page, whose title it gives then.
    #[prop(optional)]
    heads_page: bool,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let title = trouble_title(l, &error.0);
    let (icon, text) = match error.0 {
        AppError::Forbidden => (IconName::Shield, text::errors::forbidden_text(l).to_owned()),
        AppError::NotFound => (IconName::Search, words(&reader, &AppError::NotFound)),
        other => (IconName::Warning, words(&reader, &other)),
    };
    // Of the same address: the document is loaded again, with whatever it says then.
    let (way, label) = match icon {
        IconName::Warning => ("", text::common::retry(l)),
        _ => ("/", text::errors::go_home(l)),
    };
    view! {
        {heads_page.then(|| view! { <Title text=title /> })}
        <Empty icon title text heads_page>
            <a class="button" href=way rel="external">{label}</a>
        </Empty>
    }
}

/// What a page is called that could not be read.
pub fn trouble_title(l: Locale, error: &AppError) -> &'static str {
    match error {
        AppError::Forbidden => text::errors::forbidden_title(l),
        AppError::NotFound => text::errors::not_found_title(l),
        _ => text::common::error_title(l),
    }
}

/// A failure that no field of a form speaks of; nothing while all is well.
#[component]
pub fn FormTrouble(
    /// What the last try came back with.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// The fields that show their own faults by [`at_field`].
    fields: &'static [&'static str],
) -> impl IntoView {
    let reader = Reader::here();
    move || {
        let error = error.get()?;
        if field_of(&error).is_some_and(|field| fields.contains(&field)) {
            return None;
        }
        Some(view! { <Notice tone=Tone::Bad title=words(&reader, &error) /> })
    }
}

/// The words under one field of a form; `wrong` says what the field takes.
pub fn at_field(
    error: impl Into<Signal<Option<AppError>>>,
    field: &'static str,
    wrong: &'static str,
) -> Signal<Option<String>> {
    let reader = Reader::here();
    let error = error.into();
    Signal::derive(move || {
        let error = error.get()?;
        if field_of(&error) != Some(field) {
            return None;
        }
        Some(match &error {
            AppError::Invalid {
                fault: Fault::Empty,
                ..
            } => text::fields::required(reader.locale).to_owned(),
            AppError::Invalid { .. } => wrong.to_owned(),
            other => words(&reader, other),
        })
    })
}

/// The field a failure speaks of.
fn field_of(error: &AppError) -> Option<&str> {
    match error {
        AppError::Invalid { field, .. } => Some(field),
        AppError::Conflict {
            what: Conflict::NameTaken,
        } => Some("name"),
        AppError::Conflict {
            what: Conflict::KeyNeeded,
        } => Some("key"),
        _ => None,
    }
}
