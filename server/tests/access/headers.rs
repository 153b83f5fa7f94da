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

    async fn the_words_are_kept_for_ever_and_html_never(app: &TestApp) {
        let name = locales::bundle_name(locales::Locale::Ko);
        let words = app.stranger().get(&format!("/texts/{name}")).await;
        assert_eq!(words.status, 200);
        assert!(words.header("cache-control").contains("immutable"));
        assert!(words.header("content-type").starts_with("text/javascript"));
        assert_eq!(app.stranger().get("/signin").await.header("cache-control"), "no-store");
    }
}
