//! How loading and acting end, for the reader.

use domain::AppError;
use leptos::prelude::*;
use locales::text;

use crate::error::{Answer, ServerError, words};
use crate::reader::Reader;
use crate::ui::{Empty, IconName, Toasts, Tone};

/// Tells on a slip of paper how an act ended. Taken while drawing, used when the answer is there.
#[derive(Clone)]
pub struct Teller {
    reader: Reader,
    toasts: Toasts,
}

impl Teller {
    /// The teller of this page.
    pub fn here() -> Self {
        Self {
            reader: Reader::here(),
            toasts: expect_context(),
        }
    }

    /// Says `done`, or what went wrong; returns the answer's value.
    pub fn tell<T>(&self, answer: Answer<T>, done: &str) -> Option<T> {
        match answer {
            Ok(value) => {
                self.toasts.push(Tone::Good, done);
                Some(value)
            }
            Err(error) => {
                self.toasts.push(Tone::Bad, words(&self.reader, &error.0));
                None
            }
        }
    }
}

/// In place of what could not be loaded: why, and that another role is needed where that is so.
#[component]
pub fn NotLoaded(
    /// Why.
    error: ServerError,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let ServerError(error) = error;
    let (icon, title) = match error {
        AppError::Forbidden => (IconName::Shield, text::errors::forbidden_title(l)),
        _ => (IconName::Warning, text::common::error_title(l)),
    };
    view! { <Empty icon title text=words(&reader, &error) /> }
}
