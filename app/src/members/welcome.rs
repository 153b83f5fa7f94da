//! The page behind a one-time link.

use domain::AppError;
use domain::error::Conflict;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::plain::{PlainFacts, PlainPassword, PlainSheet};
use crate::ui::{Field, Notice, Tone};

/// Chooses a password over a one-time link.
///
/// The token stands after the `#` of the link, so no server or proxy logs it. The page's script
/// moves it into the form and hides its field; without JavaScript it is pasted there by hand.
#[component]
pub fn WelcomePage(
    /// Language, warning, fault.
    facts: PlainFacts,
    /// The token that was posted before; empty at the first look.
    token: String,
) -> impl IntoView {
    let l = facts.locale;
    let spent = AppError::Conflict {
        what: Conflict::LinkSpent,
    };
    if facts.fault.as_ref() == Some(&spent) {
        return view! { <LinkSpent locale=l /> }.into_any();
    }
    let token_first = token.is_empty();
    view! {
        <PlainSheet
            locale=l
            title=text::invite::title(l)
            intro=text::invite::intro(l)
            insecure=facts.insecure
        >
            {facts
                .above(&["token", "password"])
                .map(|words| view! { <Notice tone=Tone::Bad title=words /> })}
            <form class="form" method="post">
                <div data-hides-when-filled="token">
                    <Field
                        id="token"
                        label=text::invite::token(l)
                        help=text::invite::token_help(l)
                        error=facts.beside("token")
                    >
                        <input
                            class="input mono"
                            name="token"
                            value=token
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            required
                            autofocus=token_first
                        />
                    </Field>
                </div>
                <PlainPassword
                    locale=l
                    label=text::invite::password(l)
                    new=true
                    error=facts.beside("password")
                    autofocus=!token_first
                />
                <button type="submit" class="button button-primary button-wide">
                    {text::invite::submit(l)}
                </button>
            </form>
        </PlainSheet>
    }
    .into_any()
}

/// The link was used, has expired or was replaced.
#[component]
fn LinkSpent(
    /// Language of the page.
    locale: Locale,
) -> impl IntoView {
    view! {
        <PlainSheet
            locale
            title=text::invite::invalid_title(locale)
            intro=text::invite::invalid_text(locale)
        >
            <a class="button button-primary button-wide" href="/signin">
                {text::signin::title(locale)}
            </a>
        </PlainSheet>
    }
}
