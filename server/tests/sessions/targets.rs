//! Nobody is led out of the house: not after signing in, and not by the name a request gives it.

use http::Method;
use serde_json::json;
use testkit::{TestApp, Told, both_databases};
use url::Url;

const PUBLIC: &str = "http://purser.example.test";

fn with_a_public_url() -> Told {
    Told {
        public_url: Some(PUBLIC),
        ..Told::default()
    }
}

/// Where a browser on a page of the house goes by a `Location`.
fn host_of(base: &str, location: &str) -> String {
    let target = Url::parse(base).unwrap().join(location).unwrap();
    target[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}

/// Other sites, in the spellings browsers understand.
const ELSEWHERE: [&str; 18] = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "//evil.example/%2f..",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "//user@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//purser.example.test@evil.example",
];

both_databases! {
    async fn signing_in_leads_nobody_to_another_site(app: &TestApp) {
        let olga = app.owner().await;
        let base = app.base();
        let own = host_of(&base, "/");
        for target in ELSEWHERE {
            let form = [("email", "olga@example.org"), ("password", "correct horse battery"), ("next", target)];
            let answer = app.stranger().form("/signin", &form).await;
            assert_eq!(answer.status, 303, "{target:?}");
            assert_eq!(host_of(&base, answer.header("location")), own, "{target:?}: {}", answer.header("location"));
            app.clock.advance(300_000);

            // Who is signed in already goes on at once.
            let query: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
            let looked = olga.get(&format!("/signin?next={query}")).await;
            assert_eq!(looked.status, 303, "{target:?}");
            assert_eq!(host_of(&base, looked.header("location")), own, "{target:?}: {}", looked.header("location"));
        }
        let form = [("email", "olga@example.org"), ("password", "correct horse battery"), ("next", "/keys?a=b")];
        assert_eq!(app.stranger().form("/signin", &form).await.header("location"), "/keys?a=b", "the way on is kept");
    }

    async fn a_path_that_looks_like_another_site_leads_nowhere(app: &TestApp) {
        let olga = app.owner().await;
        let nobody = app.stranger();
        let base = app.base();
        let own = host_of(&base, "/");
        for path in ["//evil.example", "//evil.example/", "/%5cevil.example", "//evil.example/%2e%2e", "/pkg//evil.example/", "//pkg", "/chats//evil.example"] {
            for person in [&olga, &nobody] {
                let answer = person.get(path).await;
                assert!(answer.status < 500, "{path}");
                assert_eq!(host_of(&base, answer.header("location")), own, "{path}: {}", answer.header("location"));
            }
        }
    }

    async fn a_foreign_host_header_appears_nowhere(app: &TestApp = with_a_public_url()) {
        let olga = app.owner().await;
        let nobody = app.stranger();
        let foreign = |person: &testkit::Person, method: Method, path: &str| {
            person
                .request(method, path)
                .header("host", "evil.example")
                .header("x-forwarded-host", "evil.example")
                .header("x-forwarded-proto", "https")
                .header("forwarded", "host=evil.example;proto=https")
                .header("x-original-url", "//evil.example")
        };
        for path in ["/", "/signin", "/setup", "/welcome", "/members", "/keys", "/account", "/connections", "/no/such/page", "/v1/models"] {
            for person in [&olga, &nobody] {
                let answer = person.send(foreign(person, Method::GET, path)).await;
                assert!(answer.status < 500, "{path}");
                assert!(!answer.text.contains("evil.example"), "{path}: {}", answer.text);
                assert!(!format!("{:?}", answer.headers).contains("evil.example"), "{path}: {:?}", answer.headers);
            }
        }
        // Where links are made, the configured address is what makes them.
        assert!(olga.get("/members").await.text.contains(PUBLIC));
        assert!(olga.get("/keys").await.text.contains(PUBLIC));
        let invite = json!({ "name": "Ben", "email": "ben@example.org", "role": "member" });
        let made = foreign(&olga, Method::POST, "/fn/members/invite").header("origin", PUBLIC).json(&invite);
        let made = olga.send(made).await;
        assert_eq!(made.status, 200, "{}", made.text);
        assert!(!made.text.contains("evil.example"), "{}", made.text);
        // What changes something must come from the configured address, whatever host it names.
        for origin in ["http://evil.example", "https://purser.example.test", "http://purser.example.test.evil.example", "null"] {
            let act = foreign(&olga, Method::POST, "/fn/sessions/sign_out").header("origin", origin).json(&json!({}));
            assert_eq!(olga.send(act).await.status, 403, "{origin}");
        }
        assert_eq!(olga.get("/").await.status, 200, "still signed in");
    }

    async fn without_a_public_url_a_page_asked_for_by_number_says_where_it_stands(app: &TestApp) {
        let olga = app.owner().await;
        let keys = olga.get("/keys").await;
        let call = format!("{}/v1/chat/completions", app.base());
        assert!(keys.text.contains(&call), "drawn whole, so that nothing moves when the page comes to life: {}", keys.text);
    }

    async fn without_a_public_url_a_name_can_be_looked_at_but_changes_nothing(app: &TestApp) {
        let olga = app.owner().await;
        let page = olga.request(Method::GET, "/members").header("host", "evil.example");
        let page = olga.send(page).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("evil.example"), "{}", page.text);
        let act = olga
            .request(Method::POST, "/fn/sessions/sign_out")
            .header("host", "evil.example")
            .header("origin", "http://evil.example")
            .json(&json!({}));
        assert_eq!(olga.send(act).await.status, 403, "the name could be anybody's");
        let form = olga
            .form_request("/signin", &[("email", "olga@example.org"), ("password", "correct horse battery")])
            .header("host", "evil.example");
        assert_eq!(olga.send(form).await.status, 403);
    }
}
