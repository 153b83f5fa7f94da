//! Pages that are forms and need no WASM: set-up, sign-in, and the one-time link.
//!
//! The server answers `GET` and `POST` of each path with the document made here. Everything works
//! with JavaScript off; `public/plain.js` only adds comfort.

use domain::AppError;
use domain::look::Look;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::error::words;
use crate::reader::{Reader, ReaderFacts};
use crate::ui::{Field, Mark, Notice, Tone};

#[cfg(feature = "ssr")]
pub use documents::{set_up_page, sign_in_page, welcome_page};

/// What every plain page is told.
#[derive(Debug, Clone)]
pub struct PlainFacts {
    /// Language of the page.
    pub locale: Locale,
    /// How the house shall look in this browser.
    pub look: Look,
    /// Whether the password would travel in the clear over a network.
    pub insecure: bool,
    /// The address people reach the house at, where it is configured.
    pub public_url: Option<String>,
    /// What a house is called that tells strangers, empty for Purser's own name; `None` for one that
    /// keeps to itself.
    pub house: Option<String>,
    /// Why the last try failed; `None` at the first look.
    pub fault: Option<AppError>,
}

impl PlainFacts {
    /// The house by the name it tells strangers.
    pub(crate) fn house_name(&self) -> String {
        let name = self.house.clone().filter(|name| !name.is_empty());
        name.unwrap_or_else(|| text::common::app_name(self.locale).to_owned())
    }

    /// What to say of the fault above the form; nothing when it belongs to one of the `fields`.
    pub(crate) fn above(&self, fields: &[&str]) -> Option<String> {
        self.fault
            .as_ref()
            .filter(|fault| !matches!(fault, AppError::Invalid { field, .. } if fields.contains(&field.as_str())))
            .map(|fault| self.words(fault))
    }

    /// What to say of the fault beside a field.
    pub(crate) fn beside(&self, name: &str) -> Option<String> {
        self.fault
            .as_ref()
            .filter(|fault| matches!(fault, AppError::Invalid { field, .. } if field == name))
            .map(|fault| self.words(fault))
    }

    fn words(&self, fault: &AppError) -> String {
        // Nobody is known here, so the words that need a reader's clock do without it.
        let reader = Reader {
            locale: self.locale,
            facts: ReaderFacts::unknown(),
        };
        words(&reader, fault)
    }
}

/// One sheet on the desk: mark and house above, the languages below.
#[component]
pub(crate) fn PlainSheet(
    /// Language of the page.
    locale: Locale,
    /// Title, the only `h1`.
    title: &'static str,
    /// A sentence under the title.
    #[prop(optional, into)]
    intro: Option<&'static str>,
    /// What the house is called, where it has a front page to lead back to.
    #[prop(optional_no_strip)]
    house: Option<String>,
    /// Warns that the page is not encrypted.
    #[prop(optional)]
    insecure: bool,
    /// What the language links keep of the address, already encoded and starting with `&`.
    #[prop(optional, into)]
    query: String,
    /// The form, or what stands in its place.
    children: Children,
) -> impl IntoView {
    let house = match house {
        Some(name) => view! {
            <a class="plain-house" href=format!("/?lang={}", locale.tag())>
                <Mark />
                <bdi>{name}</bdi>
            </a>
        }
        .into_any(),
        None => view! {
            <p class="plain-house">
                <Mark />
                {text::common::app_name(locale)}
            </p>
        }
        .into_any(),
    };
    view! {
        <main class="plain">
            <div class="plain-card">
                <header class="plain-head">
                    {house}
                    <h1>{title}</h1>
                    {intro.map(|intro| view! { <p class="faint">{intro}</p> })}
                </header>
                {insecure
                    .then(|| view! { <Notice tone=Tone::Warn title=text::setup::insecure(locale) /> })}
                {children()}
            </div>
            <Languages locale query />
        </main>
    }
}

/// The same page in each language.
#[component]
pub(crate) fn Languages(
    /// Language of the page.
    locale: Locale,
    /// What the links keep of the address, already encoded and starting with `&`.
    #[prop(optional, into)]
    query: String,
) -> impl IntoView {
    let languages = Locale::ALL
        .iter()
        .map(move |language| {
            let tag = language.tag();
            view! {
                <a
                    href=format!("?lang={tag}{query}")
                    lang=tag
                    hreflang=tag
                    aria-current=(*language == locale).then_some("true")
                >
                    {language.native_name()}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="plain-foot" aria-label=text::nav::language(locale)>{languages}</nav> }
}

/// A password with a button that shows what was typed; without JavaScript the button is not there.
#[component]
pub(crate) fn PlainPassword(
    /// Language of the page.
    locale: Locale,
    /// The question.
    label: &'static str,
    /// Chosen here rather than entered: its least length is said and asked for.
    #[prop(optional)]
    new: bool,
    /// What is wrong with it.
    error: Option<String>,
    /// Takes the keyboard first.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let input = view! {
        <input
            class="input"
            type="password"
            name="password"
            autocomplete=if new { "new-password" } else { "current-password" }
            minlength=new.then(|| domain::people::PASSWORD_LEAST.to_string())
            required
            autofocus=autofocus
        />
    };
    let least = i64::try_from(domain::people::PASSWORD_LEAST).unwrap_or(i64::MAX);
    let field = if new {
        let help = text::setup::password_help(locale, least);
        view! { <Field id="password" label error help>{input}</Field> }.into_any()
    } else {
        view! { <Field id="password" label error>{input}</Field> }.into_any()
    };
    view! {
        <div class="plain-password">
            {field}
            <button
                type="button"
                class="plain-show"
                hidden
                aria-controls="password"
                data-shows-password="password"
                data-hide-label=text::signin::hide_password(locale)
            >
                {text::signin::show_password(locale)}
            </button>
        </div>
    }
}

#[cfg(feature = "ssr")]
mod documents {
    use leptos::config::LeptosOptions;
    use leptos::prelude::*;
    use locales::text;

    use super::PlainFacts;
    use crate::members::WelcomePage;
    use crate::sessions::SignInPage;
    use crate::setup::{SetUpEntries, SetUpPage};
    use crate::shell::{About, plain_document};

    /// The set-up page: `token`, `name`, `email` and `password` are posted to the same path.
    pub fn set_up_page(
        options: &LeptosOptions,
        facts: PlainFacts,
        entries: SetUpEntries,
    ) -> String {
        let about = facts.about(text::setup::title(facts.locale));
        plain_document(options, facts.locale, &facts.look.clone(), about, || {
            view! { <SetUpPage facts entries /> }.into_any()
        })
    }

    /// The sign-in page: `email`, `password` and `next` are posted to the same path.
    ///
    /// `next` is the path to go on to; empty for the start page. The server checks it when posted.
    pub fn sign_in_page(
        options: &LeptosOptions,
        facts: PlainFacts,
        email: String,
        next: String,
    ) -> String {
        let about = facts.about(text::signin::title(facts.locale));
        plain_document(options, facts.locale, &facts.look.clone(), about, || {
            view! { <SignInPage facts email next /> }.into_any()
        })
    }

    /// The page behind a one-time link: `token` and `password` are posted to the same path.
    pub fn welcome_page(options: &LeptosOptions, facts: PlainFacts, token: String) -> String {
        let about = facts.about(text::invite::title(facts.locale));
        plain_document(options, facts.locale, &facts.look.clone(), about, || {
            view! { <WelcomePage facts token /> }.into_any()
        })
    }

    impl PlainFacts {
        /// What a form says of itself where a link to it is shown.
        fn about(&self, title: &str) -> About {
            let l = self.locale;
            About {
                title: text::common::page_title(l, title),
                house: self.house_name(),
                description: text::installed::description(l).to_owned(),
                public_url: self.public_url.clone(),
            }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::error::Conflict;
    use domain::people::Fault;
    use leptos::config::LeptosOptions;

    use super::*;
    use crate::setup::SetUpEntries;

    fn facts(fault: Option<AppError>) -> PlainFacts {
        PlainFacts {
            locale: Locale::Ko,
            look: Look::default(),
            insecure: true,
            public_url: None,
            house: None,
            fault,
        }
    }

    fn options() -> LeptosOptions {
        LeptosOptions::builder().output_name("purser").build()
    }

    #[test]
    fn a_fault_of_a_field_stands_beside_it_and_what_was_entered_stays() {
        let entries = SetUpEntries {
            token: "t0ken".to_owned(),
            name: "Ann <b>".to_owned(),
            email: "ann@example".to_owned(),
        };
        let fault = AppError::invalid("password", Fault::TooShort);
        let page = set_up_page(&options(), facts(Some(fault)), entries);
        assert!(
            page.starts_with("<!DOCTYPE html><html lang=\"ko\""),
            "{page}"
        );
        assert!(page.contains("value=\"Ann &lt;b&gt;\""), "{page}");
        assert!(page.contains("value=\"t0ken\""), "{page}");
        assert!(page.contains(&text::fields::password_too_short(Locale::Ko, 10)));
        assert!(page.contains("aria-invalid=\"true\""), "{page}");
        assert!(page.contains(text::setup::insecure(Locale::Ko)));
        assert!(
            !page.contains("<script>") && !page.contains("style="),
            "{page}"
        );
    }

    #[test]
    fn a_wrong_password_is_said_above_the_form_and_the_way_on_is_kept() {
        let page = sign_in_page(
            &options(),
            facts(Some(AppError::WrongCredentials)),
            "ann@example.org".to_owned(),
            "/keys?a=1&b=2".to_owned(),
        );
        assert!(page.contains(text::signin::wrong(Locale::Ko)));
        assert!(
            page.contains("name=\"next\" value=\"/keys?a=1&amp;b=2\""),
            "{page}"
        );
        assert!(
            page.contains("?lang=en&amp;next=%2Fkeys%3Fa%3D1%26b%3D2"),
            "{page}"
        );
    }

    #[test]
    fn a_spent_link_shows_no_form() {
        let fault = AppError::Conflict {
            what: Conflict::LinkSpent,
        };
        let page = welcome_page(&options(), facts(Some(fault)), "x".to_owned());
        assert!(page.contains(text::invite::invalid_title(Locale::Ko)));
        assert!(!page.contains("<form"), "{page}");
        assert!(welcome_page(&options(), facts(None), String::new()).contains("<form"));
    }
}
