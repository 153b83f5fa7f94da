//! Every route that is neither a page nor a server function × nobody, member, disabled, admin, narrow
//! key. What the router has and no table lists fails this test.

use std::collections::{BTreeMap, BTreeSet};

use domain::connections::ProviderKind;
use domain::people::Role;
use http::Method;
use serde_json::json;
use testkit::{Key, Person, TestApp, both_databases};

use super::matrix::PAGES;

/// Whom a route lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Everybody, and everybody gets the same.
    Open,
    /// A form for whoever wants to sign in; it must come from our own page.
    Form,
    /// Whoever is signed in.
    Login,
    /// Whoever runs the house.
    Admin,
    /// Whoever has a gateway key. A cookie opens nothing.
    Key,
}
use Door::{Form, Login, Open};

/// Path, methods, and whom it lets in.
pub(crate) const DOORS: &[(&str, &str, Door)] = &[
    ("/health", "GET,HEAD", Open),
    ("/ready", "GET,HEAD", Open),
    ("/metrics", "GET,HEAD", Door::Admin),
    ("/openapi.json", "GET,HEAD", Open),
    ("/manifest.webmanifest", "GET,HEAD", Open),
    ("/service-worker.js", "GET,HEAD", Open),
    ("/offline", "GET,HEAD", Open),
    ("/offline.js", "GET,HEAD", Open),
    ("/share", "GET,HEAD", Open),
    ("/texts/{name}", "GET,HEAD", Open),
    ("/pkg", "any", Open),
    ("/pkg/", "any", Open),
    ("/pkg/{*file}", "any", Open),
    ("/setup", "GET,HEAD,POST", Form),
    ("/signin", "GET,HEAD,POST", Form),
    ("/welcome", "GET,HEAD,POST", Form),
    ("/live", "GET,HEAD", Login),
    ("/v1/chat/completions", "POST", Door::Key),
    ("/v1/models", "GET,HEAD", Door::Key),
    ("/v1/models/{*id}", "GET,HEAD", Door::Key),
    ("/v1/{*rest}", "any", Door::Key),
];

/// Path and methods of every route, as the router itself writes them down; `any` where it leaves the
/// methods to whatever stands behind.
pub(crate) fn routes_of(app: &TestApp) -> BTreeMap<String, String> {
    let text = format!("{:?}", app.routes());
    let (known, _) = text.split_once("fallback_router: ").unwrap();
    let (routes, paths) = known.split_once("node: Node {").unwrap();
    // `RouteId(7): …` in both parts.
    let by_id = |part: &'static str, text: &str| -> BTreeMap<String, String> {
        let pieces = text.split("RouteId(").skip(1);
        pieces
            .map(|piece| {
                let (id, rest) = piece.split_once("): ").unwrap();
                let told = rest
                    .split_once(part)
                    .map(|(_, told)| told.split('"').next().unwrap());
                (id.to_owned(), told.unwrap_or("any").to_owned())
            })
            .collect()
    };
    let methods = by_id("allow_header: Bytes(b\"", routes);
    let paths = by_id("\"", paths);
    assert!(methods.len() == paths.len() && paths.len() > 50, "{text}");
    paths
        .into_iter()
        .map(|(id, path)| {
            let path = path.replace("__private__axum_nest_tail_param", "file");
            (path, methods[&id].clone())
        })
        .collect()
}

/// Whether a route is a page.
pub(crate) fn is_page(path: &str) -> bool {
    PAGES.contains(&path)
}

/// Everybody who may stand before a door.
struct Everybody {
    nobody: Person,
    /// With a live login: two members and an owner.
    signed_in: Vec<Person>,
    disabled: Person,
    narrow: Key,
    disabled_key: Key,
}

impl Everybody {
    async fn new(app: &TestApp) -> Self {
        app.connect(ProviderKind::Demo, "demo").await;
        let disabled = app.member("dora", Role::Member).await;
        let disabled_key = disabled.key("old", None).await;
        let b = app.member("bert", Role::Member).await;
        let narrow = b
            .key_with(json!({ "name": "narrow", "models": ["demo"] }))
            .await;
        let admin = app.owner().await;
        let shut_out = json!({ "id": disabled.id, "enabled": false });
        assert_eq!(admin.act("members/enable", shut_out).await.status, 200);
        let a = app.member("anna", Role::Member).await;
        Self {
            nobody: app.stranger(),
            signed_in: vec![a, b, admin],
            disabled,
            narrow,
            disabled_key,
        }
    }

    /// Status and body at a route: nobody, disabled, each who is signed in, the narrow key, the
    /// disabled member's key.
    async fn ask(&self, method: &Method, path: &str) -> Vec<(u16, String)> {
        let mut answers = Vec::new();
        let people = [&self.nobody, &self.disabled]
            .into_iter()
            .chain(&self.signed_in);
        let with_cookies = people.map(|person| person.request(method.clone(), path));
        let with_keys = [&self.narrow, &self.disabled_key].map(|key| {
            let request = self.nobody.request(method.clone(), path);
            request.header("authorization", format!("Bearer {}", key.secret))
        });
        for request in with_cookies.chain(with_keys) {
            let answer = request
                .header("content-type", "application/json")
                .body("{}")
                .send()
                .await
                .unwrap();
            let status = answer.status().as_u16();
            // A live connection has no end to wait for.
            let lives = answer
                .headers()
                .get("content-type")
                .is_some_and(|kind| kind == "text/event-stream");
            let text = if lives {
                String::new()
            } else {
                answer.text().await.unwrap()
            };
            answers.push((status, text));
        }
        answers
    }
}

both_databases! {
    async fn every_route_is_in_a_table(app: &TestApp) {
        let listed: BTreeMap<String, String> = DOORS
            .iter()
            .map(|(path, methods, _)| ((*path).to_owned(), (*methods).to_owned()))
            .collect();
        let mut pages = BTreeSet::new();
        let mut others = BTreeMap::new();
        for (path, methods) in routes_of(app) {
            if path.starts_with("/fn/") {
                // The functions themselves are listed in `matrix.rs`.
                assert_eq!(methods, "POST", "{path} must not be reachable by a link");
            } else if is_page(&path) {
                assert_eq!(methods, "GET,HEAD", "{path} only shows");
                pages.insert(path);
            } else {
                others.insert(path, methods);
            }
        }
        assert_eq!(others, listed);
        assert_eq!(pages.len(), PAGES.len());
    }

    async fn every_door_lets_in_whom_it_should_and_nobody_else(app: &TestApp) {
        let everybody = Everybody::new(app).await;
        for (path, methods, door) in DOORS {
            let path = path
                .replace("{*id}", "demo")
                .replace("{*rest}", "nothing/here")
                .replace("{*file}", "none.js")
                .replace("{name}", "none.js");
            for method in methods.replace("any", "GET,POST,PUT,DELETE").split(',') {
                let method: Method = method.parse().unwrap();
                let answers = everybody.ask(&method, &path).await;
                let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
                let [nobody, disabled, a, b, admin, narrow, dead_key] = statuses[..] else {
                    panic!("{statuses:?}");
                };
                let told = format!("{method} {path}: {statuses:?}");
                match door {
                    Door::Open => assert!(answers.iter().all(|answer| *answer == answers[0]), "{told}"),
                    // Without the origin of our own page.
                    Door::Form if method == Method::POST => assert_eq!(statuses, [403; 7], "{told}"),
                    Door::Form => {
                        assert_eq!(nobody, disabled, "{told}");
                        assert_eq!((nobody, nobody), (narrow, dead_key), "{told}");
                        assert!([nobody, a, b, admin].iter().all(|status| matches!(status, 200 | 303)), "{told}");
                    }
                    Door::Login => {
                        assert_eq!([nobody, disabled, narrow, dead_key], [401; 4], "{told}");
                        assert_eq!([a, b, admin], [200; 3], "{told}");
                    }
                    Door::Admin => {
                        assert_eq!([nobody, disabled, narrow, dead_key], [401; 4], "{told}");
                        assert_eq!([a, b, admin], [403, 403, 200], "{told}");
                    }
                    Door::Key => {
                        assert_eq!([nobody, disabled, a, b, admin, dead_key], [401; 6], "{told}");
                        assert!(matches!(narrow, 200 | 400 | 404), "{told}");
                    }
                }
            }
        }
    }

    async fn the_same_call_is_decided_alike_at_both_doors(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000_000, 1_000_000_000).await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let key = ben.key("laptop", None).await;
        let limit = |unit: &str, ceiling: i64| json!({ "new": {
            "scope_kind": "member", "scope_id": ben.id, "door": null, "model": null, "unit": unit,
            "window": "total", "zone": null, "ceiling": ceiling, "hard": true,
        } });
        // What the gateway answers with a status, a chat says as a notice in the reply.
        let both = |model: &'static str| {
            let (ben, key) = (&ben, &key);
            async move {
                let question = json!({ "model": model, "messages": [{ "role": "user", "content": "Hi" }], "max_completion_tokens": 10 });
                let gateway = key.chat(question).await;
                let message = json!({ "chat_id": null, "parent_id": null, "text": "Hi", "model": model });
                let web = ben.act("chats/send", json!({ "message": message })).await;
                app.settle().await;
                let asked = app.fake.requests().len();
                app.fake.clear();
                (gateway.status, web.text, asked)
            }
        };
        let (status, web, _) = both("no-such-model").await;
        assert_eq!(status, 404);
        assert!(web.contains("model_unknown"), "{web}");
        let (status, web, asked) = both("gpt-4o-mini").await;
        assert_eq!(status, 200);
        assert!(!web.contains("refus") && asked >= 2, "{web}");
        // No money, then no request.
        assert_eq!(olga.act("limits/create", limit("money", 1)).await.status, 200);
        let (status, web, asked) = both("gpt-4o-mini").await;
        assert_eq!((status, asked), (402, 0), "nobody is asked");
        assert!(web.contains("limit_reached"), "{web}");
        // A member who is shut out is nobody at either door.
        assert_eq!(olga.act("members/enable", json!({ "id": ben.id, "enabled": false })).await.status, 200);
        let (status, web, asked) = both("gpt-4o-mini").await;
        assert_eq!((status, asked), (401, 0));
        assert!(web.contains("signed_out"), "{web}");
    }
}
