//! A page or a part of it that could not be loaded.

use domain::AppError;
use leptos::prelude::*;
use locales::text;

use super::{Empty, IconName};
use crate::error::{ServerError, words};
use crate::reader::Reader;

/// In place of what could not be loaded: why, and that another role is needed where that is so.
#[component]
pub fn NotLoaded(
    /// Why.
    error: ServerError,
    /// Whether it stands for a whole page.
    #[prop(optional)]
    heads_page: bool,
) -> impl IntoView {
    let reader = Reader::here();
    let l = reader.locale;
    let ServerError(error) = error;
    let (icon, title) = match error {
        AppError::Forbidden => (IconName::Shield, text::errors::forbidden_title(l)),
        _ => (IconName::Warning, text::common::error_title(l)),
    };
    view! { <Empty icon title text=words(&reader, &error) heads_page /> }
}
