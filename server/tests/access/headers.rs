//! Headers of every kind of answer.

use testkit::{TestApp, both_databases};

both_databases! {
    async fn every_answer_carries_the_safety_headers(app: &TestApp) {
        let olga = app.owner().await;
        let nobody = app.stranger();
        for path in ["/health", "/ready", "/signin", "/setup", "/welcome", "/no/such/page", "/v1/models", "/v1/none", "/v1/chat/completions", "/openapi.json", "/manifest.webmanifest", "/service-worker.js", "/offline", "/offline.js", "/share", "/fn/keys/list", "/live", "/texts/none.js", "/pkg/none.js"] {
            let answer = nobody.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        }
        let page = olga.get("/").await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        assert!(page.text.contains(&format!("nonce=\"{nonce}\"")));
        for wanted in ["worker-src 'self'", "manifest-src 'self'", "connect-src 'self'"] {
            assert!(policy.contains(wanted), "{policy}");
        }
        assert_eq!(page.header("cache-control"), "no-store");
        let again = olga.get("/").await;
        assert!(!again.header("content-security-policy").contains(nonce), "a nonce is used once");
        assert!(!page.text.contains("style=\""), "no inline style");
    }

    async fn answers_travel_shortened_but_none_that_another_site_has_caused(app: &TestApp) {
        let olga = app.owner().await;
        let name = locales::bundle_name(locales::Locale::Ko);
        let words = format!("/texts/{name}");
        let asked = async |path: &str, site: Option<&str>| {
            let mut request = olga.request(http::Method::GET, path).header("accept-encoding", "gzip, br");
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            let headers = answer.headers();
            let vary = headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("accept-encoding"));
            let encoding = headers.get("content-encoding").map(|encoding| encoding.to_str().unwrap().to_owned());
            (encoding.unwrap_or_default(), vary, answer.bytes().await.unwrap().len())
        };
        for path in ["/", "/account"] {
            let whole = asked(path, Some("cross-site")).await;
            assert_eq!(whole.0, "", "{path}");
            assert_eq!(asked(path, Some("same-site")).await.0, "");
            for site in [None, Some("none"), Some("same-origin")] {
                let (encoding, vary, length) = asked(path, site).await;
                assert_eq!((encoding.as_str(), vary), ("gzip", true), "{path} {site:?}");
                assert!(length * 2 < whole.2, "{path}: {length} of {}", whole.2);
            }
        }
        let (encoding, vary, length) = asked(&words, Some("cross-site")).await;
        assert_eq!((encoding.as_str(), vary), ("br", true), "the same for everybody");
        let plain = olga.get(&words).await;
        assert_eq!(plain.header("content-encoding"), "");
        assert!(length * 2 < plain.text.len());
        assert_eq!(asked("/service-worker.js", None).await.0, "br");
        let live = olga.request(http::Method::GET, "/live").header("accept-encoding", "gzip, br").send().await.unwrap();
        assert!(!live.headers().contains_key("content-encoding"), "what is told piece by piece stays as it is");
    }

    async fn the_words_are_kept_for_ever_and_html_never(app: &TestApp) {
        let name = locales::bundle_name(locales::Locale::Ko);
        let words = app.stranger().get(&format!("/texts/{name}")).await;
        assert_eq!(words.status, 200);
        assert!(words.header("cache-control").contains("immutable"));
        assert!(words.header("content-type").starts_with("text/javascript"));
        assert_eq!(app.stranger().get("/signin").await.header("cache-control"), "no-store");
    }
}
