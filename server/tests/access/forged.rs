//! Requests that no page of ours would send: from other sites, in other encodings, with fields that
//! nobody may set, from a browser that was left alone.

use domain::people::Role;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Person, TestApp, both_databases};

use super::matrix::{functions, things};

/// Functions that need the password again: accounts, rights, and whatever makes a secret.
const SENSITIVE: &[&str] = &[
    "keys/create",
    "members/enable",
    "members/invite",
    "members/reset",
    "members/role",
];

/// What a form of another site can send without being asked first, and what a script can.
const KINDS: [&str; 4] = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json",
];

/// Everything an owner sees of the house.
async fn state(olga: &Person, a: &Person, of: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for list in [
        "members/list",
        "connections/list",
        "limits/list",
        "settings/front",
    ] {
        seen.push(olga.act(list, json!({})).await.text);
    }
    for person in [olga, a] {
        seen.push(person.act("keys/list", json!({})).await.text);
        let chats = person.act("chats/list", json!({ "cursor": null })).await;
        seen.push(chats.json()["page"].to_string());
    }
    let models = json!({ "id": of });
    seen.push(olga.act("connections/models", models).await.text);
    seen
}

async fn post(person: &Person, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
    let mut request = person.request(Method::POST, path).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    person.send(request).await
}

/// Adds to every object what its sender must not decide.
fn with_more(value: &Value, owner: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let mut more: serde_json::Map<String, Value> = fields
                .iter()
                .map(|(name, value)| (name.clone(), with_more(value, owner)))
                .collect();
            let nobodys = json!({
                "role": "owner", "member_id": owner, "owner": owner, "owner_id": owner, "user_id": owner,
                "group_id": owner, "status": "active", "created_at": 0, "updated_at": 0, "balance": 1_000_000_000_000i64,
                "cost": 0, "charge": 0, "spent": -1, "is_admin": true, "is_fresh": true, "author": "assistant",
                "sealed_key": "00", "password_hash": "x", "secret_hash": "x",
            });
            for (name, value) in nobodys.as_object().unwrap() {
                more.entry(name.clone()).or_insert_with(|| value.clone());
            }
            Value::Object(more)
        }
        other => other.clone(),
    }
}

both_databases! {
    async fn no_request_of_another_site_changes_anything(app: &TestApp) {
        let olga = app.owner().await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        let before = state(&olga, &a, &of.connection).await;
        let own = app.base();
        let forms = ["/setup", "/signin", "/welcome"].map(str::to_owned);
        let functions = functions(&of);
        let paths = functions.keys().map(|name| format!("/fn/{name}")).chain(forms);
        for path in paths {
            let arguments = path.strip_prefix("/fn/").map_or(json!({}), |name| functions[name].1.clone());
            for kind in KINDS {
                for headers in [
                    vec![("origin", "https://evil.example")],
                    vec![("origin", "null"), ("sec-fetch-site", "cross-site")],
                    vec![("sec-fetch-site", "same-site")],
                    vec![("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
                    vec![],
                ] {
                    let mut all = headers.clone();
                    all.push(("content-type", kind));
                    // Whoever it would work for: the one with most rights, and whose things they are.
                    for person in [&olga, &a] {
                        let answer = post(person, &path, &all, arguments.to_string()).await;
                        assert_eq!(answer.status, 403, "{path} as {kind} from {headers:?}: {}", answer.text);
                    }
                }
            }
        }
        assert_eq!(state(&olga, &a, &of.connection).await, before);
    }

    async fn functions_read_json_and_nothing_else_and_no_link_runs_them(app: &TestApp) {
        let olga = app.owner().await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        let before = state(&olga, &a, &of.connection).await;
        let own = app.base();
        for (name, (_, arguments)) in functions(&of) {
            let path = format!("/fn/{name}");
            let pairs: Vec<String> = arguments.as_object().unwrap().iter().map(|(field, value)| format!("{field}={value}")).collect();
            let form = format!("x=y&{}", pairs.join("&"));
            for person in [&olga, &a] {
                let answer = post(person, &path, &[("origin", &own), ("content-type", KINDS[0])], form.clone()).await;
                assert!((400..500).contains(&answer.status), "{name} as a form: {} {}", answer.status, answer.text);
                for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::PATCH] {
                    let request = person.request(method.clone(), &format!("{path}?{form}")).header("origin", &own);
                    let answer = person.send(request).await;
                    assert_eq!(answer.status, 405, "{method} {name}: {}", answer.text);
                }
            }
        }
        assert_eq!(state(&olga, &a, &of.connection).await, before);
    }

    async fn what_is_sensitive_asks_for_the_password_again_and_nothing_else_does(app: &TestApp) {
        let olga = app.owner().await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        let before = state(&olga, &a, &of.connection).await;
        app.clock.advance(11 * 60_000);
        for (name, (_, arguments)) in functions(&of) {
            let is_sensitive = SENSITIVE.contains(&name);
            // What is not asked is carried out, so it is only looked at where it changes nothing here.
            if !is_sensitive && !matches!(name, "keys/list" | "members/list" | "connections/list" | "calls/list" | "account/sessions" | "limits/list") {
                continue;
            }
            let answer = olga.act(name, arguments).await;
            if is_sensitive {
                assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("step_up")), "{name}: {}", answer.text);
            } else {
                assert_eq!(answer.status, 200, "{name}: {}", answer.text);
            }
        }
        assert_eq!(state(&olga, &a, &of.connection).await, before);
        // The password itself changes only against the present one, however fresh the login.
        let change = json!({ "current": "not the password", "new": "battery staple horse" });
        assert_eq!(olga.act("account/password", change).await.status, 401);
        assert_eq!(olga.act("sessions/prove", json!({ "password": "correct horse battery" })).await.status, 200);
        assert_eq!(olga.act("members/reset", json!({ "id": a.id })).await.status, 200);
    }

    async fn nobody_sets_what_is_not_theirs_to_set(app: &TestApp) {
        let olga = app.owner().await;
        let a = app.member("anna", Role::Member).await;
        let of = things(app, &a).await;
        let roles = |members: Value| -> Vec<(String, String)> {
            let rows = members.as_array().unwrap().iter();
            rows.map(|row| (row["id"].to_string(), row["role"].to_string())).collect()
        };
        let before = roles(olga.act("members/list", json!({})).await.json());
        for (name, (_, arguments)) in functions(&of) {
            if matches!(name, "sessions/sign_out" | "account/session_end" | "chats/delete" | "keys/revoke") {
                continue;
            }
            let answer = a.act(name, with_more(&arguments, &olga.id.to_string())).await;
            assert!(answer.status < 500, "{name}: {}", answer.text);
        }
        app.settle().await;
        assert_eq!(roles(olga.act("members/list", json!({})).await.json()), before);
        assert_eq!(olga.act("keys/list", json!({})).await.json(), json!([]), "no key became the owner's");
        let chats = olga.act("chats/list", json!({ "cursor": null })).await.json();
        assert_eq!(chats["page"]["rows"], json!([]), "no chat became the owner's");
        let now = app.services.runtime().now().0;
        for key in a.act("keys/list", json!({})).await.json().as_array().unwrap() {
            assert!(now - key["row"]["created_at"].as_i64().unwrap() < 3_600_000, "{key}");
        }
        // A link makes the member it was made for, with the role it was made with.
        let invited = json!({ "name": "Ben", "email": "ben@example.org", "role": "member" });
        let invited: Value = olga.act("members/invite", invited).await.ok();
        let ben = app.stranger();
        let form = [("token", invited["token"].as_str().unwrap()), ("password", "battery staple horse"), ("role", "owner"), ("member_id", &olga.id.to_string())];
        assert_eq!(ben.form("/welcome", &form).await.status, 303);
        assert_eq!(ben.act("members/list", json!({})).await.status, 403);
        let signed_in = [("email", "anna@example.org"), ("password", "correct horse battery"), ("role", "owner"), ("member_id", &olga.id.to_string())];
        let anna = app.stranger();
        assert_eq!(anna.form("/signin", &signed_in).await.status, 303);
        assert_eq!(anna.act("members/list", json!({})).await.status, 403);
    }
}
