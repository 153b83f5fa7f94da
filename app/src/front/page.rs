//! The front page.

use domain::front::FrontPage;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use locales::{Locale, text};

use crate::plain::{Languages, PlainFacts};
use crate::shell::{About, plain_document};
use crate::ui::{Icon, IconName, Mark};

/// Longest description beside a link, in characters: what is longer is cut by who shows it.
const DESCRIPTION_MOST: usize = 200;

/// The document of the front page.
pub fn front_page(options: &LeptosOptions, facts: PlainFacts, page: &FrontPage) -> String {
    let l = facts.locale;
    let description = if page.text.is_empty() {
        text::installed::description(l).to_owned()
    } else {
        let words: Vec<&str> = page.text.split_whitespace().collect();
        words.join(" ").chars().take(DESCRIPTION_MOST).collect()
    };
    let about = About {
        title: if page.name.is_empty() {
            text::common::page_title(l, text::front::headline(l))
        } else {
            page.name.clone()
        },
        house: facts.house_name(),
        description,
        public_url: facts.public_url.clone(),
    };
    plain_document(options, l, &facts.look.clone(), about, || {
        view! { <Front facts page=page.clone() /> }.into_any()
    })
}

/// Name and words of the house, the way in, a picture, and what its people get.
#[component]
fn Front(
    /// Language, name.
    facts: PlainFacts,
    /// What the house says of itself.
    page: FrontPage,
) -> impl IntoView {
    let l = facts.locale;
    let sign_in = format!("/signin?lang={}", l.tag());
    let words = page
        .paragraphs()
        .map(|words| view! { <p dir="auto">{words.to_owned()}</p> })
        .collect_view();
    let title = if page.name.is_empty() {
        text::front::headline(l).to_owned()
    } else {
        page.name.clone()
    };
    view! {
        <div class="front">
            <header class="front-head">
                <p class="plain-house">
                    <Mark />
                    {text::common::app_name(l)}
                </p>
                <Languages locale=l />
            </header>
            <main class="front-main">
                <div class="front-words">
                    <h1 dir="auto">{title}</h1>
                    <div class="front-text">{words}</div>
                    <p class="front-enter">
                        <a class="button button-primary" href=sign_in>{text::signin::title(l)}</a>
                    </p>
                    <p class="faint small">{text::front::no_account(l)}</p>
                </div>
                <Picture locale=l />
                <ul class="front-points">
                    <Point
                        icon=IconName::Chat
                        title=text::front::chat_title(l)
                        text=text::front::chat_text(l)
                    />
                    <Point
                        icon=IconName::Key
                        title=text::front::keys_title(l)
                        text=text::front::keys_text(l)
                    />
                    <Point
                        icon=IconName::Coins
                        title=text::front::cost_title(l)
                        text=text::front::cost_text(l)
                    />
                </ul>
            </main>
        </div>
    }
}

/// One thing that people get here.
#[component]
fn Point(
    /// Its sign.
    icon: IconName,
    /// Its name.
    title: &'static str,
    /// What it is.
    text: &'static str,
) -> impl IntoView {
    view! {
        <li class="front-point">
            <h2>
                <Icon name=icon />
                {title}
            </h2>
            <p>{text}</p>
        </li>
    }
}

/// The product, by day or by night, for a desk or for a phone: the pictures of the manifest.
#[component]
fn Picture(
    /// Language of the page.
    locale: Locale,
) -> impl IntoView {
    let narrow = "(max-width: 40rem)";
    let night = "(prefers-color-scheme: dark)";
    view! {
        <picture class="front-picture">
            <source
                media=format!("{narrow} and {night}")
                srcset="/screenshot-narrow-dark.png"
                width="780"
                height="1688"
            />
            <source media=narrow srcset="/screenshot-narrow.png" width="780" height="1688" />
            <source media=night srcset="/screenshot-wide-dark.png" width="1280" height="800" />
            <img
                src="/screenshot-wide.png"
                width="1280"
                height="800"
                alt=text::installed::picture_chat(locale)
            />
        </picture>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(name: &str, words: &str, public_url: Option<&str>) -> String {
        let options = LeptosOptions::builder().output_name("purser").build();
        let facts = PlainFacts {
            look: domain::look::Look::default(),
            locale: Locale::En,
            insecure: false,
            public_url: public_url.map(str::to_owned),
            house: Some(name.to_owned()),
            fault: None,
        };
        let page = FrontPage {
            shown: true,
            name: name.to_owned(),
            text: words.to_owned(),
        };
        front_page(&options, facts, &page)
    }

    #[test]
    fn a_house_speaks_in_its_own_words_and_none_of_them_is_markup() {
        let page = drawn(
            "Lee & <b>sons</b>",
            "For \"us\".\n<script>alert(1)</script>",
            Some("https://lee.example"),
        );
        assert!(page.contains("Lee &amp; &lt;b&gt;sons&lt;/b&gt;"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
        assert!(
            !page.contains("<script>") && !page.contains("<b>"),
            "{page}"
        );
        assert_eq!(
            page.matches("<script").count(),
            1,
            "only the comfort of plain pages"
        );
        assert_eq!(page.matches("<p dir=\"auto\">").count(), 2, "{page}");
        assert!(
            page.contains("content=\"https://lee.example/social.png\""),
            "{page}"
        );
        assert!(!page.contains("style="), "{page}");
    }

    #[test]
    fn a_house_without_a_name_goes_by_purser() {
        let page = drawn("", "", None);
        assert!(page.contains(text::front::headline(Locale::En)), "{page}");
        assert!(
            page.contains("property=\"og:site_name\" content=\"Purser\""),
            "{page}"
        );
        assert!(!page.contains("og:image"), "{page}");
    }
}
