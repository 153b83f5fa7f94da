//! The front page: a private house says nothing to strangers, an open one what it wants to.

use domain::people::Role;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Person, TestApp, both_databases};

const PUBLIC: &str = "http://lee.example";

fn with_a_public_url() -> testkit::Told {
    testkit::Told {
        public_url: Some(PUBLIC),
        ..testkit::Told::default()
    }
}

async fn set(person: &Person, shown: bool, name: &str, text: &str) -> Answer {
    let page = json!({ "shown": shown, "name": name, "text": text });
    person
        .act("settings/front_set", json!({ "page": page }))
        .await
}

async fn setting(person: &Person) -> Value {
    person.act("settings/front", json!({})).await.ok()
}

both_databases! {
    async fn a_house_keeps_to_itself_until_somebody_opens_its_door(app: &TestApp) {
        // Without an owner there is nobody to greet for.
        assert_eq!(app.stranger().get("/").await.header("location"), "/setup");
        let olga = app.owner().await;
        let nobody = app.stranger();
        let closed = nobody.get("/").await;
        assert_eq!((closed.status, closed.header("location")), (303, "/signin"));
        // Words alone open nothing.
        assert_eq!(set(&olga, false, "The Lee house", "For all of us.").await.status, 200);
        assert_eq!(nobody.get("/").await.header("location"), "/signin");
        assert!(!nobody.get("/signin").await.text.contains("Lee"));

        assert_eq!(set(&olga, true, "The Lee house", "For all of us.").await.status, 200);
        let open = nobody.get("/").await;
        assert_eq!(open.status, 200);
        assert!(open.text.contains("The Lee house") && open.text.contains("For all of us."), "{}", open.text);
        assert!(open.text.contains("href=\"/signin?lang=en\""), "{}", open.text);
        assert!(nobody.get("/signin").await.text.contains("The Lee house"), "the way back");
        // Whoever lives there goes in.
        assert!(olga.get("/").await.text.contains("data-build="));

        assert_eq!(set(&olga, false, "The Lee house", "For all of us.").await.status, 200);
        assert_eq!(nobody.get("/").await.header("location"), "/signin");
    }

    async fn strangers_see_the_front_page_and_no_further(app: &TestApp) {
        let olga = app.owner().await;
        assert_eq!(set(&olga, true, "", "").await.status, 200);
        let nobody = app.stranger();
        let page = nobody.get("/").await;
        for wanted in [locales::text::front::headline(locales::Locale::En), "/screenshot-wide.png"] {
            assert!(page.text.contains(wanted), "{wanted}: {}", page.text);
        }
        for hidden in ["olga", "data-build", "type=\"module\"", ".wasm", "/texts/", "nonce"] {
            assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
        }
        let head = nobody.send(nobody.request(Method::HEAD, "/")).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        let korean = nobody.get("/?lang=ko").await;
        assert!(korean.text.contains("<html lang=\"ko\"") && korean.text.contains("/signin?lang=ko"));
        for (path, target) in [("/home", "/signin?next=/home"), ("/settings", "/signin?next=/settings")] {
            assert_eq!(nobody.get(path).await.header("location"), target);
        }
        // What another app shared still waits for whoever signs in.
        assert_eq!(nobody.get("/?draft=Hi").await.header("location"), "/signin?next=/%3Fdraft%3DHi");
        // A login that has ended is a stranger's.
        assert_eq!(olga.act("sessions/sign_out", json!({})).await.status, 200);
        assert_eq!(olga.get("/").await.text, page.text);
    }

    async fn it_says_who_it_is_where_a_link_to_it_is_shown(app: &TestApp = with_a_public_url()) {
        let olga = app.owner().await;
        assert_eq!(set(&olga, true, "The Lee house", "For all\nof us.").await.status, 200);
        let page = app.stranger().get("/").await;
        for wanted in [
            "<title>The Lee house".to_owned(),
            "<meta name=\"description\" content=\"For all of us.\"".to_owned(),
            "<meta property=\"og:title\" content=\"The Lee house\"".to_owned(),
            "<meta property=\"og:site_name\" content=\"The Lee house\"".to_owned(),
            format!("<meta property=\"og:image\" content=\"{PUBLIC}/social.png\""),
        ] {
            assert!(page.text.contains(&wanted), "{wanted}: {}", page.text);
        }
        assert_eq!(page.header("x-robots-tag"), "all");
        assert_eq!(page.header("cache-control"), "no-store");
        let policy = page.header("content-security-policy");
        for wanted in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(wanted), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !page.text.contains("style=\""));
        assert_eq!(olga.get("/").await.header("x-robots-tag"), "noindex", "the house itself is nobody's");
    }

    async fn its_words_are_words_and_never_markup(app: &TestApp) {
        let olga = app.owner().await;
        let nobody = app.stranger();
        for hostile in [
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "'-alert(1)-'",
            "</title><svg onload=alert(1)>",
            "&lt;b&gt;",
            "{{ 7 * 7 }}",
            "\u{202e}<b>",
        ] {
            assert_eq!(set(&olga, true, hostile, hostile).await.status, 200, "{hostile}");
            for path in ["/", "/signin"] {
                let page = nobody.get(path).await;
                assert_eq!(page.status, 200);
                assert_eq!(page.text.matches("<script").count(), 1, "{path}: {}", page.text);
                for tag in ["<img src=x", "<svg onload", "<b>"] {
                    assert!(!page.text.contains(tag), "{path}: {}", page.text);
                }
            }
            let escaped = hostile.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(nobody.get("/").await.text.contains(&escaped), "{hostile}");
        }
    }

    async fn what_no_page_should_show_is_refused_and_nothing_changes(app: &TestApp) {
        let olga = app.owner().await;
        assert_eq!(set(&olga, true, "The Lee house", "For all of us.").await.status, 200);
        let before = setting(&olga).await;
        for (name, text, field) in [
            ("a\u{0}b", "", "house_name"),
            ("two\nlines", "", "house_name"),
            (&"n".repeat(61), "", "house_name"),
            ("", "a\u{1b}]0;b", "house_text"),
            ("", "a\u{0}b", "house_text"),
            ("", &"글".repeat(601), "house_text"),
        ] {
            let refused = set(&olga, false, name, text).await;
            assert_eq!((refused.status, refused.json()["field"].as_str()), (422, Some(field)), "{}", refused.text);
        }
        for nonsense in [json!({}), json!({ "page": null }), json!({ "page": { "shown": "yes", "name": 1, "text": [] } })] {
            let refused = olga.act("settings/front_set", nonsense).await;
            assert!((400..500).contains(&refused.status), "{}", refused.text);
        }
        assert_eq!(setting(&olga).await, before);
        assert!(app.stranger().get("/").await.text.contains("For all of us."));
    }

    async fn only_who_runs_the_house_opens_it_and_the_audit_trail_says_who(app: &TestApp) {
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let dora = app.member("dora", Role::Admin).await;
        for function in ["settings/front", "settings/front_set"] {
            let page = json!({ "page": { "shown": true, "name": "Ben's", "text": "" } });
            assert_eq!(ben.act(function, page.clone()).await.status, 403, "{function}");
            assert_eq!(app.stranger().act(function, page).await.status, 401, "{function}");
        }
        assert_eq!(ben.get("/settings").await.status, 403);
        assert_eq!(app.stranger().get("/").await.status, 303);
        assert_eq!(set(&dora, true, "The Lee house", "").await.status, 200);
        assert_eq!(app.stranger().get("/").await.status, 200);

        let acts: Value = olga.act("audit/list", json!({ "before": null })).await.ok();
        let acts: Vec<&Value> = acts["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|act| act["action"] == "settings_changed")
            .collect();
        assert_eq!(acts.len(), 1, "what was refused was not done");
        assert_eq!(
            (&acts[0]["actor"], &acts[0]["subject"], &acts[0]["detail"]),
            (&json!("dora"), &json!("The Lee house"), &json!("front_page shown"))
        );
        let page = olga.get("/audit").await;
        assert!(page.text.contains(locales::text::audit::front_shown(locales::Locale::En)), "{}", page.text);
    }
}
