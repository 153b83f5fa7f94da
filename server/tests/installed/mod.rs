//! The house as an app that a browser keeps: what it is told, and in which language.

use std::path::Path;

use futures::StreamExt;
use http::Method;
use serde_json::Value;
use testkit::{Person, TestApp, Told, both_databases};

const PUBLIC: &str = "http://purser.example.test";

fn with_a_public_url() -> Told {
    Told {
        public_url: Some(PUBLIC),
        ..Told::default()
    }
}

/// What stands between two marks in a text.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before} in {text}"))
        .1;
    rest.split_once(after).unwrap().0
}

async fn manifest(person: &Person, path: &str, language: &str) -> Value {
    let request = person.request(Method::GET, path);
    let answer = person
        .send(request.header("accept-language", language))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/manifest+json");
    answer.json()
}

/// The policy's word on one kind of thing.
fn rule<'a>(policy: &'a str, name: &str) -> Option<&'a str> {
    let mut rules = policy.split(';').map(str::trim);
    rules.find_map(|rule| rule.strip_prefix(name)?.strip_prefix(' '))
}

both_databases! {
    async fn the_worker_is_looked_at_again_each_time_and_may_fetch_what_is_ours(app: &TestApp) {
        let worker = app.stranger().get("/service-worker.js").await;
        assert_eq!(worker.status, 200);
        assert!(worker.header("content-type").starts_with("text/javascript"));
        assert_eq!(worker.header("cache-control"), "no-cache");
        let policy = worker.header("content-security-policy");
        assert_eq!(rule(policy, "default-src"), Some("'none'"), "{policy}");
        assert_eq!(rule(policy, "connect-src"), Some("'self'"), "{policy}");
        // What it begins with is a list of paths that are all there, and none of them is a page of somebody's.
        let shell: Vec<String> = serde_json::from_str(between(&worker.text, "const SHELL = ", ";")).unwrap();
        assert_eq!(shell, ["/offline", "/pkg/purser.css", "/offline.js", "/favicon.svg"]);
    }

    async fn pages_the_worker_and_the_live_connection_name_one_build(app: &TestApp) {
        let olga = app.owner().await;
        let worker = app.stranger().get("/service-worker.js").await;
        let build = between(&worker.text, "const BUILD = \"", "\"");
        assert_eq!(build.len(), 16, "{build}");
        for path in ["/", "/models", "/no-such-page"] {
            let page = olga.get(path).await;
            assert_eq!(between(&page.text, "data-build=\"", "\""), build, "{path}");
        }
        let answer = olga.request(Method::GET, "/live").send().await.unwrap();
        let first = answer.bytes_stream().next().await.unwrap().unwrap();
        let first = String::from_utf8_lossy(&first);
        let event: Value = serde_json::from_str(between(&first, "data: ", "\n")).unwrap();
        assert_eq!((&event["event"], &event["id"]), (&"build".into(), &build.into()), "{first}");
        assert!(!first.contains("id: "), "it moves nobody's place: {first}");
    }

    async fn the_manifest_speaks_the_language_of_the_page(app: &TestApp) {
        let nobody = app.stranger();
        let english = manifest(&nobody, "/manifest.webmanifest", "en").await;
        let korean = manifest(&nobody, "/manifest.webmanifest", "ko-KR,ko;q=0.9").await;
        let chosen = manifest(&nobody, "/manifest.webmanifest?lang=ko", "en").await;
        assert_eq!((&english["lang"], &korean["lang"]), (&"en".into(), &"ko".into()));
        assert_eq!(korean, chosen, "the page's language wins over the browser's");
        assert_eq!(english["id"], korean["id"], "one app in every language");
        let names = |manifest: &Value| -> Vec<String> {
            let shortcuts = manifest["shortcuts"].as_array().unwrap();
            shortcuts.iter().map(|shortcut| shortcut["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&english), ["New chat", "Models", "API keys"]);
        assert!(names(&english).iter().zip(names(&korean)).all(|(one, other)| *one != other));
        assert_ne!(english["description"], korean["description"]);

        let olga = app.owner().await;
        let form = nobody.get("/signin?lang=ko").await;
        assert!(form.text.contains("href=\"/manifest.webmanifest?lang=ko\""));
        assert_eq!(olga.act("sessions/locale", serde_json::json!({ "tag": "ko" })).await.status, 200);
        assert!(olga.get("/").await.text.contains("href=\"/manifest.webmanifest?lang=ko\""));
    }

    async fn every_picture_of_the_manifest_is_there_and_as_large_as_it_says(app: &TestApp) {
        let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
        let manifest = manifest(&app.stranger(), "/manifest.webmanifest", "en").await;
        let mut pictures: Vec<&Value> = ["icons", "screenshots"]
            .iter()
            .flat_map(|list| manifest[list].as_array().unwrap())
            .collect();
        for shortcut in manifest["shortcuts"].as_array().unwrap() {
            pictures.extend(shortcut["icons"].as_array().unwrap());
        }
        assert!(pictures.len() >= 10);
        for picture in pictures {
            let name = picture["src"].as_str().unwrap();
            let bytes = std::fs::read(public.join(name.trim_start_matches('/')))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(bytes.len() < 200_000, "{name} is {} bytes", bytes.len());
            if picture["type"] == "image/png" {
                let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
                assert_eq!(picture["sizes"], format!("{}x{}", side(16), side(20)), "{name}");
            }
        }
    }

    async fn the_offline_page_needs_nobody_and_runs_nothing_but_its_own_script(app: &TestApp) {
        let olga = app.owner().await;
        let page = app.stranger().get("/offline").await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"));
        assert_eq!(olga.get("/offline").await.text, page.text, "the same for everybody");
        let policy = page.header("content-security-policy");
        assert_eq!(rule(policy, "script-src"), Some("'self'"), "{policy}");
        assert_eq!(rule(policy, "style-src"), Some("'self'"), "{policy}");
        for wanted in ["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(wanted), "{policy}");
        }
        assert_eq!(page.text.matches("<script").count(), 1);
        assert!(page.text.contains("<script src=\"/offline.js\" defer"));
        assert!(!page.text.contains("style=\""), "no inline style");
        for locale in locales::Locale::ALL {
            assert!(page.text.contains(&format!("lang=\"{}\"", locale.tag())));
            assert!(page.text.contains(locales::text::installed::offline_text(locale)));
        }
        let script = app.stranger().get("/offline.js").await;
        assert_eq!((script.status, script.header("cache-control")), (200, "no-cache"));
    }

    async fn what_is_shared_waits_in_the_composer_also_on_the_way_through_the_sign_in_page(app: &TestApp) {
        let olga = app.owner().await;
        let shared = "/share?title=A%20page&text=Read%20this%20%26%20that&url=https%3A%2F%2Fx.org%2F%3Fa%3Db";
        let there = olga.get(shared).await;
        let target = "/?draft=A+page%0ARead+this+%26+that%0Ahttps%3A%2F%2Fx.org%2F%3Fa%3Db";
        assert_eq!((there.status, there.header("location")), (303, target));
        assert_eq!(olga.get(target).await.status, 200);
        assert_eq!(olga.get("/share").await.header("location"), "/");
        assert_eq!(olga.get("/share?draft=x&next=//evil.example").await.header("location"), "/");
        // Nothing was begun by it.
        let chats: Value = olga.act("chats/list", serde_json::json!({ "cursor": null })).await.ok();
        assert_eq!(chats["page"]["rows"], serde_json::json!([]));

        let nobody = app.stranger();
        let asked = nobody.get(target).await;
        assert_eq!(asked.status, 303);
        let form = nobody.get(asked.header("location")).await;
        let next = between(&form.text, "name=\"next\" value=\"", "\"").replace("&amp;", "&");
        let fields = [("email", "olga@example.org"), ("password", "correct horse battery"), ("next", &next)];
        assert_eq!(nobody.form("/signin", &fields).await.header("location"), target);

        // What no address can hold goes no further than the sign-in page.
        let long = format!("/?draft={}", "x".repeat(5_000));
        assert_eq!(app.stranger().get(&long).await.header("location"), "/signin");
    }

    async fn only_the_door_of_the_house_is_found_from_outside(app: &TestApp = with_a_public_url()) {
        let olga = app.owner().await;
        let door = app.stranger().get("/signin").await;
        assert_eq!(door.header("x-robots-tag"), "all");
        assert!(door.text.contains("<meta name=\"description\" content=\"Chat with AI"));
        assert!(door.text.contains(&format!("<meta property=\"og:image\" content=\"{PUBLIC}/social.png\"")), "{}", door.text);
        for path in ["/", "/welcome", "/offline", "/health", "/openapi.json"] {
            assert_eq!(olga.get(path).await.header("x-robots-tag"), "noindex", "{path}");
        }
    }
}
