//! The set-up page.

use domain::AppError;
use domain::error::Conflict;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::plain::{PlainFacts, PlainPassword, PlainSheet};
use crate::ui::{Field, Notice, Tone};

/// What was entered, to be shown again. The password never is.
#[derive(Debug, Clone, Default)]
pub struct SetUpEntries {
    /// The token from the console.
    pub token: String,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// Makes the first owner; once that is done, only says so.
#[component]
pub fn SetUpPage(
    /// Language, warning, fault.
    facts: PlainFacts,
    /// What was entered before.
    entries: SetUpEntries,
) -> impl IntoView {
    let l = facts.locale;
    let done = AppError::Conflict {
        what: Conflict::AlreadySetUp,
    };
    if facts.fault.as_ref() == Some(&done) {
        return view! { <AlreadyDone locale=l /> }.into_any();
    }
    // Whoever sets up knows no credentials yet: what does not fit can only be the token.
    let wrong_token = facts.fault == Some(AppError::WrongCredentials);
    let token_error = wrong_token
        .then(|| text::setup::wrong_token(l).to_owned())
        .or_else(|| facts.beside("token"));
    let above = facts
        .above(&["token", "name", "email", "password"])
        .filter(|_| !wrong_token);
    // The keyboard goes to what must be mended, at the first look to what must be filled in.
    let first = if token_error.is_some() {
        "token"
    } else if facts.beside("name").is_some() {
        "name"
    } else if facts.beside("email").is_some() {
        "email"
    } else if facts.beside("password").is_some() {
        "password"
    } else if entries.token.is_empty() {
        "token"
    } else {
        "name"
    };
    view! {
        <PlainSheet
            locale=l
            title=text::setup::title(l)
            intro=text::setup::intro(l)
            insecure=facts.insecure
        >
            {above.map(|words| view! { <Notice tone=Tone::Bad title=words /> })}
            <form class="form" method="post">
                <Field
                    id="token"
                    label=text::setup::token(l)
                    help=text::setup::token_help(l)
                    error=token_error
                >
                    <input
                        class="input mono"
                        name="token"
                        value=entries.token
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                        autofocus=first == "token"
                    />
                </Field>
                <Field
                    id="name"
                    label=text::setup::display_name(l)
                    help=text::setup::display_name_help(l)
                    error=facts.beside("name")
                >
                    <input
                        class="input"
                        name="name"
                        value=entries.name
                        autocomplete="name"
                        maxlength="80"
                        required
                        autofocus=first == "name"
                    />
                </Field>
                <Field id="email" label=text::setup::email(l) error=facts.beside("email")>
                    <input
                        class="input"
                        type="email"
                        name="email"
                        value=entries.email
                        autocomplete="username"
                        maxlength="254"
                        required
                        autofocus=first == "email"
                    />
                </Field>
                <PlainPassword
                    locale=l
                    label=text::setup::password(l)
                    new=true
                    error=facts.beside("password")
                    autofocus=first == "password"
                />
                <button type="submit" class="button button-primary button-wide">
                    {text::setup::submit(l)}
                </button>
            </form>
        </PlainSheet>
    }
    .into_any()
}

/// The house has its owner.
#[component]
fn AlreadyDone(
    /// Language of the page.
    locale: Locale,
) -> impl IntoView {
    view! {
        <PlainSheet
            locale
            title=text::setup::already_done(locale)
            intro=text::setup::already_done_text(locale)
        >
            <a class="button button-primary button-wide" href="/signin">
                {text::signin::title(locale)}
            </a>
        </PlainSheet>
    }
}
