//! The sign-in page.

use leptos::prelude::*;
use locales::text;

use crate::address::encoded;
use crate::plain::{PlainFacts, PlainPassword, PlainSheet};
use crate::ui::{Field, Notice, Tone};

/// The sign-in page.
#[component]
pub fn SignInPage(
    /// Language, warning, fault.
    facts: PlainFacts,
    /// The address entered before.
    email: String,
    /// The path to go on to; empty for the start page.
    next: String,
) -> impl IntoView {
    let l = facts.locale;
    let email_first = email.is_empty();
    let query = if next.is_empty() {
        String::new()
    } else {
        format!("&next={}", encoded(&next))
    };
    let house = facts.house.as_ref().map(|_| facts.house_name());
    view! {
        <PlainSheet locale=l title=text::signin::title(l) house insecure=facts.insecure query>
            {facts
                .above(&["email", "password"])
                .map(|words| view! { <Notice tone=Tone::Bad title=words /> })}
            <form class="form" method="post">
                <input type="hidden" name="next" value=next />
                <Field id="email" label=text::signin::email(l) error=facts.beside("email")>
                    <input
                        class="input"
                        type="email"
                        name="email"
                        value=email
                        autocomplete="username"
                        required
                        autofocus=email_first
                    />
                </Field>
                <PlainPassword
                    locale=l
                    label=text::signin::password(l)
                    error=facts.beside("password")
                    autofocus=!email_first
                />
                <button type="submit" class="button button-primary button-wide">
                    {text::signin::submit(l)}
                </button>
            </form>
            <p class="faint small">{text::signin::forgot(l)}</p>
        </PlainSheet>
    }
}
