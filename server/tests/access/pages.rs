//! What the first answer of a page says before anything of it has come to life.

use domain::people::Role;
use testkit::{TestApp, both_databases};

use super::matrix::{PAGES, things};

/// What stands between `<title>` and its end, where there is exactly one.
fn title(page: &str) -> Option<&str> {
    let head = page.split("<body").next()?;
    let mut titles = head.split("<title>").skip(1);
    let title = titles.next()?.split("</title>").next()?;
    titles.next().is_none().then_some(title)
}

both_databases! {
    async fn a_page_says_its_name_and_whether_it_is_there_at_once(app: &TestApp) {
        let anna = app.member("anna", Role::Member).await;
        let olga = app.owner().await;
        let of = things(app, &anna).await;
        let mut names = Vec::new();
        for page in PAGES {
            let (reader, path) = match *page {
                "/chats/{id}" => (&anna, format!("/chats/{}", of.chat)),
                "/connections/{id}" => (&olga, format!("/connections/{}", of.connection)),
                path => (&olga, path.to_owned()),
            };
            let answer = reader.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            let name = title(&answer.text).unwrap_or_else(|| panic!("{path} has no title"));
            let name = name.strip_suffix(" · Purser").unwrap_or_else(|| panic!("{path} is called {name}"));
            names.push(name.to_owned());
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), PAGES.len(), "each has a name of its own: {names:?}");

        let missing = locales::text::errors::not_found_title(locales::Locale::En);
        let nobodys = "00000000-0000-0000-0000-000000000000";
        for path in [
            "/no-such-page".to_owned(),
            "/chats/nonsense".to_owned(),
            format!("/chats/{nobodys}"),
            "/connections/nonsense".to_owned(),
            format!("/connections/{nobodys}"),
        ] {
            let answer = olga.get(&path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(title(&answer.text), Some(format!("{missing} · Purser").as_str()), "{path}");
        }
        for path in ["/members", "/connections", "/connections/nonsense", "/limits", "/audit"] {
            let answer = anna.get(path).await;
            assert_eq!(answer.status, 403, "{path}");
            assert!(title(&answer.text).is_some(), "{path}");
        }
    }

    async fn a_page_looks_as_the_browser_keeps_it_and_says_nothing_else_of_what_it_was_sent(app: &TestApp) {
        app.owner().await;
        let stranger = app.stranger();
        let first_tag = async |cookie: &str| {
            let request = stranger.request(http::Method::GET, "/signin").header("cookie", cookie);
            let page = stranger.send(request).await;
            assert_eq!(page.status, 200, "{cookie}");
            let tag = page.text.split("<html").nth(1).unwrap().split('>').next().unwrap();
            (tag.to_owned(), page.text)
        };
        for (cookie, theme) in [
            ("purser-look=dark.narrow", Some("dark")),
            ("other=x; purser-look=light", Some("light")),
            ("purser-look=", None),
            ("purser-look=night", None),
        ] {
            let (tag, _) = first_tag(cookie).await;
            let said = theme.map(|theme| format!("data-theme=\"{theme}\""));
            assert_eq!(said.is_some(), tag.contains("data-theme"), "{cookie}: {tag}");
            assert!(said.is_none_or(|said| tag.contains(&said)), "{cookie}: {tag}");
        }
        let (tag, page) = first_tag("purser-look=\"onload=x.dark.<script>").await;
        assert!(tag.contains("data-theme=\"dark\"") && !page.contains("onload=x"), "{tag}");
    }
}
