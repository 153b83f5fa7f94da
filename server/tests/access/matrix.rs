//! Every page and server function × nobody, member A, member B, disabled, admin, narrow key. One
//! that is not listed fails this test; every other route stands in `doors.rs`.

use std::collections::{BTreeMap, BTreeSet};

use domain::connections::ProviderKind;
use domain::people::Role;
use http::Method;
use serde_json::{Value, json};
use testkit::{Person, TestApp, both_databases};

/// Who may use a server function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Every active member, for their own things.
    Member,
    /// Who runs the house.
    Admin,
}
use Access::{Admin, Member};

/// Ids of member A's things, and of the house's.
pub(super) struct Things {
    a: String,
    key: String,
    pub(super) chat: String,
    message: String,
    session: String,
    pub(super) connection: String,
    limit: String,
    problem: String,
}

/// Every server function with arguments that are well-formed and point at A's things.
pub(super) fn functions(of: &Things) -> BTreeMap<&'static str, (Access, Value)> {
    let new_connection = json!({ "kind": "demo", "name": "made in the matrix", "base_url": "", "key": "", "weight": 1 });
    let edit = json!({
        "id": of.connection, "name": "renamed", "base_url": "", "key": null, "enabled": true, "weight": 1,
    });
    let new_key = json!({
        "name": "k", "models": [], "budget": null, "budget_window": "total",
        "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null,
    });
    let new_limit = json!({
        "scope_kind": "house", "scope_id": "00000000-0000-0000-0000-000000000000", "door": null,
        "model": null, "unit": "money", "window": "month", "zone": null, "ceiling": 1_000_000_000_000i64,
        "hard": true,
    });
    let send =
        json!({ "chat_id": of.chat, "parent_id": of.message, "text": "hi", "model": "demo" });
    BTreeMap::from([
        (
            "account/password",
            (
                Member,
                json!({ "current": "wrong", "new": "battery staple horse" }),
            ),
        ),
        ("account/session_end", (Member, json!({ "id": of.session }))),
        ("account/sessions", (Member, json!({}))),
        ("audit/list", (Admin, json!({ "before": null }))),
        (
            "calls/list",
            (
                Member,
                json!({
                    "wanted": { "only_mine": true, "model": "demo", "days": { "from": 20_000, "to": 20_001 } },
                    "before": null,
                }),
            ),
        ),
        // An answer that leaves out what is another's; told by a story of its own.
        ("calls/read", (Member, json!({ "ids": [] }))),
        (
            "chats/branch",
            (Member, json!({ "chat_id": of.chat, "id": of.message })),
        ),
        (
            "chats/continue",
            (
                Member,
                json!({ "chat_id": of.chat, "id": of.message, "model": "demo" }),
            ),
        ),
        ("chats/delete", (Member, json!({ "id": of.chat }))),
        (
            "chats/edit",
            (
                Member,
                json!({ "chat_id": of.chat, "id": of.message, "text": "x", "model": "demo" }),
            ),
        ),
        (
            "chats/delete_several",
            (Member, json!({ "ids": [of.chat] })),
        ),
        ("chats/list", (Member, json!({ "cursor": null }))),
        (
            "chats/open",
            (Member, json!({ "id": of.chat, "before": null })),
        ),
        (
            "chats/regenerate",
            (
                Member,
                json!({ "chat_id": of.chat, "id": of.message, "model": "demo" }),
            ),
        ),
        (
            "chats/rename",
            (Member, json!({ "id": of.chat, "title": "stolen" })),
        ),
        (
            "chats/search",
            (Member, json!({ "query": "hi", "cursor": null })),
        ),
        ("chats/send", (Member, json!({ "message": send }))),
        ("chats/stop", (Member, json!({ "id": of.message }))),
        (
            "chats/text",
            (Member, json!({ "chat_id": of.chat, "id": of.message })),
        ),
        // An answer that leaves out what is another's; told by a story of its own.
        (
            "chats/survey",
            (Member, json!({ "query": null, "cursor": null })),
        ),
        ("chats/there", (Member, json!({ "ids": [] }))),
        (
            "connections/create",
            (Admin, json!({ "new": new_connection })),
        ),
        (
            "connections/delete",
            (Admin, json!({ "id": of.connection })),
        ),
        ("connections/edit", (Admin, json!({ "edit": edit }))),
        (
            "connections/enable",
            (
                Admin,
                json!({ "id": of.connection, "models": ["demo"], "enabled": true }),
            ),
        ),
        ("connections/list", (Admin, json!({}))),
        (
            "connections/models",
            (Admin, json!({ "id": of.connection })),
        ),
        ("connections/sync", (Admin, json!({ "id": of.connection }))),
        ("connections/test", (Admin, json!({ "id": of.connection }))),
        ("guide/look", (Member, json!({}))),
        ("guide/skip", (Member, json!({}))),
        ("keys/create", (Member, json!({ "new": new_key }))),
        ("keys/list", (Member, json!({}))),
        ("keys/revoke", (Member, json!({ "id": of.key }))),
        ("limits/create", (Admin, json!({ "new": new_limit }))),
        ("limits/delete", (Admin, json!({ "id": of.limit }))),
        ("limits/list", (Admin, json!({}))),
        ("limits/subjects", (Admin, json!({}))),
        (
            "members/enable",
            (Admin, json!({ "id": of.a, "enabled": true })),
        ),
        (
            "members/invite",
            (
                Admin,
                json!({ "name": "New", "email": "new@example.org", "role": "member" }),
            ),
        ),
        ("members/list", (Admin, json!({}))),
        ("members/reset", (Admin, json!({ "id": of.a }))),
        (
            "members/role",
            (Admin, json!({ "id": of.a, "role": "member" })),
        ),
        ("models/list", (Member, json!({}))),
        (
            "prices/set",
            (
                Admin,
                json!({ "connection": of.connection, "kind": "demo", "model": "demo", "price": { "price": "free" } }),
            ),
        ),
        ("sessions/locale", (Member, json!({ "tag": "ko" }))),
        ("sessions/prove", (Member, json!({ "password": "wrong" }))),
        ("sessions/reader", (Member, json!({}))),
        ("sessions/sign_out", (Member, json!({}))),
        ("sessions/zone", (Member, json!({ "zone": "Asia/Seoul" }))),
        ("settings/front", (Admin, json!({}))),
        (
            "settings/front_set",
            (
                Admin,
                json!({ "page": { "shown": true, "name": "Our house", "text": "Come in." } }),
            ),
        ),
        (
            "system/problem_set",
            (Admin, json!({ "id": of.problem, "state": "acknowledged" })),
        ),
        ("system/problems", (Admin, json!({}))),
        ("system/view", (Admin, json!({}))),
        (
            "usage/home",
            (
                Admin,
                json!({ "whose": "house", "span": "30", "language": "en" }),
            ),
        ),
        ("usage/own", (Member, json!({ "period": "month" }))),
    ])
}

/// Functions that name a thing of A in their arguments: for B it must look as if it were not there.
pub(super) const NAMES_ANOTHERS: &[&str] = &[
    "account/session_end",
    "chats/branch",
    "chats/continue",
    "chats/delete",
    "chats/delete_several",
    "chats/edit",
    "chats/open",
    "chats/regenerate",
    "chats/rename",
    "chats/send",
    "chats/stop",
    "chats/text",
    "keys/revoke",
];

/// Pages of the app with who sees more than a refusal in them; all need a login.
pub(super) const PAGES: &[&str] = &[
    "/",
    "/home",
    "/usage",
    "/chats/{id}",
    "/history",
    "/models",
    "/keys",
    "/account",
    "/members",
    "/connections",
    "/connections/{id}",
    "/limits",
    "/calls",
    "/audit",
    "/settings",
    "/system",
    "/design",
];

pub(super) async fn things(app: &TestApp, a: &Person) -> Things {
    let connection = app.connect(ProviderKind::Demo, "demo").await;
    let admin = services::access::Administrator::command_line();
    let limit = app
        .services
        .limit_create(
            &admin,
            &domain::limits::NewLimit {
                scope_kind: domain::limits::ScopeKind::House,
                scope_id: uuid::Uuid::nil(),
                door: None,
                model: None,
                unit: domain::limits::Unit::Requests,
                window: domain::limits::WindowKind::Day,
                zone: None,
                ceiling: 1_000_000,
                hard: true,
            },
        )
        .await
        .unwrap();
    let problem = problem(app).await;
    things_of(
        app,
        a,
        [&connection.to_string(), &limit.to_string(), &problem],
    )
    .await
}

/// A member's own things, in a house that has a connection, a limit and a problem.
async fn things_of(app: &TestApp, a: &Person, [connection, limit, problem]: [&str; 3]) -> Things {
    let key = a.key("a's", None).await.id;
    let started: Value = a
        .act("chats/send", json!({ "message": { "chat_id": null, "parent_id": null, "text": "secret words", "model": "demo" } }))
        .await
        .ok();
    app.settle().await;
    let sessions = app.services.store().session_list(a.id).await.unwrap();
    Things {
        a: a.id.to_string(),
        key,
        chat: started["chat_id"].as_str().unwrap().to_owned(),
        message: started["reply"]["id"].as_str().unwrap().to_owned(),
        session: sessions[0].id.to_string(),
        connection: connection.to_owned(),
        limit: limit.to_owned(),
        problem: problem.to_owned(),
    }
}

/// Pointers to every value in which two arguments differ.
fn differing(one: &Value, other: &Value, at: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, value) in fields {
                differing(value, &others[name], &format!("{at}/{name}"), found);
            }
        }
        (one, other) if one != other => found.push(at.to_owned()),
        _ => {}
    }
}

/// A problem that the house noted: a provider that is not there.
async fn problem(app: &TestApp) -> String {
    let connection = app.connect(ProviderKind::OpenAi, "broken").await;
    let key = app.member("paul", Role::Member).await.key("k", None).await;
    app.fake.enqueue(
        fakes::Dialect::OpenAi,
        fakes::Scenario::parse("overloaded").unwrap(),
    );
    let question = json!({
        "model": "gpt-4o-mini",
        "messages": [{ "role": "user", "content": "Hi" }],
    });
    assert_ne!(key.chat(question).await.status, 200);
    app.settle().await;
    let admin = services::access::Administrator::command_line();
    app.services
        .connection_delete(&admin, connection)
        .await
        .unwrap();
    let problems = app.services.problem_list(&admin).await.unwrap();
    problems[0].id.to_string()
}

#[test]
fn every_registered_server_function_is_in_the_table() {
    let nothing = Things {
        a: String::new(),
        key: String::new(),
        chat: String::new(),
        message: String::new(),
        session: String::new(),
        connection: String::new(),
        limit: String::new(),
        problem: String::new(),
    };
    let listed: BTreeSet<String> = functions(&nothing)
        .keys()
        .map(|name| format!("/fn/{name}"))
        .collect();
    let registered: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .inspect(|(path, method)| {
            assert_eq!(
                method,
                Method::POST,
                "{path} must not be reachable by a link"
            );
        })
        .map(|(path, _)| path.to_owned())
        .collect();
    assert_eq!(registered, listed);
}

#[test]
fn every_page_is_in_the_table() {
    let registered: BTreeSet<String> = server::page_routes()
        .iter()
        .map(|route| route.path().to_owned())
        .collect();
    assert_eq!(
        registered,
        PAGES.iter().map(|page| (*page).to_owned()).collect()
    );
}

both_databases! {
    async fn who_may_not_gets_nothing_and_changes_nothing(app: &TestApp) {
        let a = app.member("anna", Role::Member).await;
        let b = app.member("bert", Role::Member).await;
        let disabled = app.member("dora", Role::Member).await;
        let disabled_key = disabled.key("old", None).await;
        let admin = app.owner().await;
        let of = things(app, &a).await;
        let narrow = b.key_with(json!({ "name": "narrow", "models": ["demo"] })).await;
        assert_eq!(admin.act("members/enable", json!({ "id": disabled.id, "enabled": false })).await.status, 200);
        let nobody = app.stranger();

        for (name, (access, arguments)) in functions(&of) {
            for (who, person) in [("nobody", &nobody), ("disabled", &disabled)] {
                let answer = person.act(name, arguments.clone()).await;
                assert_eq!(answer.status, 401, "{who} at {name}: {}", answer.text);
            }
            // A gateway key opens the gateway and nothing else.
            let with_key = nobody
                .request(Method::POST, &format!("/fn/{name}"))
                .header("origin", app.base())
                .header("authorization", format!("Bearer {}", narrow.secret))
                .json(&arguments);
            assert_eq!(nobody.send(with_key).await.status, 401, "a key at {name}");
            if access == Admin {
                let answer = b.act(name, arguments.clone()).await;
                assert_eq!(answer.status, 403, "a member at {name}: {}", answer.text);
            }
            if NAMES_ANOTHERS.contains(&name) {
                let answer = b.act(name, arguments.clone()).await;
                assert_eq!(answer.status, 404, "B at A's {name}: {}", answer.text);
                let answer = admin.act(name, arguments.clone()).await;
                assert_eq!(answer.status, 404, "an owner at A's {name}: {}", answer.text);
            }
        }
        // Nothing of A's has changed.
        let mine: Value = a.act("chats/open", json!({ "id": of.chat, "before": null })).await.ok();
        assert!(mine.to_string().contains("secret words"));
        assert!(!mine.to_string().contains("stolen"));

        for page in PAGES {
            let path = page.replace("{id}", if page.starts_with("/chats") { &of.chat } else { &of.connection });
            for person in [&nobody, &disabled] {
                assert_eq!(person.get(&path).await.status, 303, "{path}");
            }
            let theirs = b.get(&path).await;
            assert!(!theirs.text.contains("secret words"), "{path} shows A's words to B");
        }
        assert_eq!(nobody.get("/metrics").await.status, 401);
        assert_eq!(disabled.get("/metrics").await.status, 401);
        assert_eq!(b.get("/metrics").await.status, 403);
        assert_eq!(narrow.get("/metrics").await.status, 401);
        assert_eq!(nobody.get("/live").await.status, 401);
        assert_eq!(disabled.get("/live").await.status, 401);
        assert_eq!(disabled_key.get("/v1/models").await.status, 401);
        assert_eq!(nobody.get("/v1/models").await.status, 401);
        assert_eq!(narrow.get("/v1/models/demo-long").await.status, 404);

        // Who may, may: everything answers a member or an admin with something other than a refusal.
        for (name, (access, arguments)) in functions(&of) {
            if NAMES_ANOTHERS.contains(&name) || name == "sessions/sign_out" || name.starts_with("connections/delete") {
                continue;
            }
            let person = if access == Admin { &admin } else { &b };
            let answer = person.act(name, arguments).await;
            let wrong_password = matches!(name, "account/password" | "sessions/prove");
            assert_eq!(answer.status, if wrong_password { 401 } else { 200 }, "{name}: {}", answer.text);
        }
    }

    async fn an_id_of_anothers_in_any_slot_is_as_if_it_were_not_there(app: &TestApp) {
        let a = app.member("anna", Role::Member).await;
        let b = app.member("bert", Role::Member).await;
        let of_a = things(app, &a).await;
        let of_b = things_of(app, &b, [&of_a.connection, &of_a.limit, &of_a.problem]).await;
        let (with_a, with_b) = (functions(&of_a), functions(&of_b));
        let mut tried = Vec::new();
        for (name, (access, theirs)) in &with_a {
            let own = &with_b[name].1;
            let mut slots = Vec::new();
            differing(own, theirs, "", &mut slots);
            if *access == Admin {
                continue;
            }
            assert_eq!(slots.is_empty(), !NAMES_ANOTHERS.contains(name), "{name} names {slots:?}");
            // B's own thing in every other slot: a reference to A's is placed into it.
            for slot in slots {
                let mut arguments = own.clone();
                *arguments.pointer_mut(&slot).unwrap() = theirs.pointer(&slot).unwrap().clone();
                let answer = b.act(name, arguments).await;
                assert_eq!(answer.status, 404, "A's id at {slot} of {name}: {}", answer.text);
                tried.push(format!("{name}{slot}"));
            }
        }
        assert!(tried.contains(&"chats/send/message/parent_id".to_owned()), "{tried:?}");
        app.settle().await;
        for person in [&a, &b] {
            let chats = person.act("chats/list", json!({ "cursor": null })).await.json();
            assert_eq!(chats["page"]["rows"].as_array().map(Vec::len), Some(1), "{chats}");
        }
        let open = a.act("chats/open", json!({ "id": of_a.chat, "before": null })).await.json();
        assert_eq!(open["messages"].as_array().map(Vec::len), Some(2), "{open}");
    }
}
