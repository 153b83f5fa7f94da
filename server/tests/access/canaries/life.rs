//! Whatever a person and a program do in a house.

use std::time::Duration;

use fakes::{Dialect, Fake, Scenario};
use http::Method;
use serde_json::{Value, json};
use testkit::{Person, TestDatabase};

use super::watch::Watch;
use super::{House, told};
use crate::access::matrix::PAGES;
use crate::chats::live::{events, is};

async fn connect(
    watch: &mut Watch,
    olga: &Person,
    kind: &str,
    name: &str,
    url: &str,
    key: &str,
) -> String {
    let new = json!({ "kind": kind, "name": name, "base_url": url, "key": key, "weight": 1 });
    let made = olga.act("connections/create", json!({ "new": new })).await;
    watch.answer("connections/create", &made);
    let id: String = made.ok();
    for function in ["test", "sync", "models"] {
        let answer = olga
            .act(&format!("connections/{function}"), json!({ "id": id }))
            .await;
        watch.answer(&format!("connections/{function} of {name}"), &answer);
    }
    id
}

/// Whatever a person and a program do in a house, the foolish things as well.
pub(super) async fn live_through_it(
    watch: &mut Watch,
    database: &TestDatabase,
    house: &House,
    ours: &Fake,
    others: &Fake,
) {
    let olga = Person::in_front_of(&house.base);
    let ben = Person::in_front_of(&house.base);
    let stranger = Person::in_front_of(&house.base);
    watch.plant("the set-up link", &house.token);
    let password = watch.plant("a password", "zq8passwordcanaryolga7301");
    let form = [
        ("token", house.token.as_str()),
        ("name", "Olga"),
        ("email", "olga@example.org"),
        ("password", password.as_str()),
    ];
    watch.login("/setup", &olga.form("/setup", &form).await);

    let ours_key = watch.plant("our provider's key", "sk-fake-zq8oursproviderkeycanary4711");
    let others_key = watch.plant(
        "the other provider's key",
        "sk-fake-zq8othersproviderkeycanary0815",
    );
    let bad_key = watch.plant("a refused key", "sk-wrong-zq8refusedproviderkeycanary6");
    let id = connect(
        watch,
        &olga,
        "openai",
        "ours",
        &ours.url(Dialect::OpenAi),
        &ours_key,
    )
    .await;
    connect(
        watch,
        &olga,
        "anthropic",
        "others",
        &others.url(Dialect::Anthropic),
        &others_key,
    )
    .await;
    connect(
        watch,
        &olga,
        "openai",
        "refused",
        &ours.url(Dialect::OpenAi),
        &bad_key,
    )
    .await;
    // Elsewhere without the key: refused, and the key stays where it is.
    let moved = json!({ "id": id, "name": "ours", "base_url": others.url(Dialect::OpenAi), "key": null, "enabled": true, "weight": 1 });
    let refused = olga.act("connections/edit", json!({ "edit": moved })).await;
    assert_eq!(refused.status, 409);
    watch.answer("connections/edit", &refused);

    // Shown once, to whom they belong: these two answers are not looked at.
    let new = json!({ "name": "laptop", "models": [], "budget": null, "budget_window": "total",
        "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null });
    let made: Value = olga.act("keys/create", json!({ "new": new })).await.ok();
    let key = watch.plant("a gateway key", made["secret"].as_str().unwrap());
    let invited = json!({ "name": "Ben", "email": "ben@example.org", "role": "member" });
    let invited: Value = olga.act("members/invite", invited).await.ok();
    let token = watch.plant("a one-time link", invited["token"].as_str().unwrap());

    let bens = watch.plant("a chosen password", "zq8passwordcanaryben9920");
    watch.login(
        "/welcome",
        &ben.form("/welcome", &[("token", &token), ("password", &bens)])
            .await,
    );
    watch.answer(
        "/welcome again",
        &stranger
            .form("/welcome", &[("token", &token), ("password", &bens)])
            .await,
    );
    let mistyped = watch.plant("a mistyped password", "zq8mistypedcanaryword5561");
    watch.answer(
        "/signin with a wrong password",
        &stranger.sign_in("olga@example.org", &mistyped).await,
    );
    // In the wrong field the page gives it back to whoever typed it, and nothing else keeps it.
    stranger.sign_in(&mistyped, "x").await;
    watch.login(
        "/signin",
        &olga.sign_in("olga@example.org", &password).await,
    );
    watch.answer(
        "sessions/prove, wrong",
        &olga
            .act("sessions/prove", json!({ "password": mistyped }))
            .await,
    );
    watch.login(
        "sessions/prove",
        &olga
            .act("sessions/prove", json!({ "password": password }))
            .await,
    );
    let changed = watch.plant("a changed password", "zq8changedcanaryword1170");
    watch.login(
        "account/password",
        &ben.act(
            "account/password",
            json!({ "current": bens, "new": changed }),
        )
        .await,
    );

    // What cannot be read is told without its values.
    let nonsense = [
        ("connections/create", json!({ "new": ours_key })),
        (
            "connections/create",
            json!({ "new": { "kind": ours_key, "name": [ours_key], "key": { "a": ours_key } } }),
        ),
        (
            "connections/edit",
            json!({ "edit": { "id": ours_key, "key": ours_key, "weight": ours_key } }),
        ),
        ("sessions/prove", json!({ "password": [password] })),
        (
            "account/password",
            json!({ "current": { "x": password }, "new": password }),
        ),
        ("keys/revoke", json!({ "id": key })),
        ("chats/open", json!({ "id": key, "before": password })),
    ];
    for (function, arguments) in nonsense {
        watch.answer(
            &format!("{function} with nonsense"),
            &olga.act(function, arguments).await,
        );
    }
    for (path, field) in [
        ("/setup", "token"),
        ("/signin", "password"),
        ("/welcome", "token"),
    ] {
        let request = stranger
            .request(Method::POST, path)
            .header("origin", &house.base)
            .header("content-type", "application/json");
        let answer = stranger
            .send(request.body(json!({ field: password }).to_string()))
            .await;
        watch.answer(&format!("{path} with JSON"), &answer);
    }

    gateway(watch, &stranger, &key, ours).await;

    let message =
        json!({ "chat_id": null, "parent_id": null, "text": "Hi", "model": "gpt-4o-mini" });
    let (heard, sent) = tokio::join!(events(&ben, None, is("finished")), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        ben.act("chats/send", json!({ "message": message })).await
    });
    watch.text("a live connection", format!("{heard:?}"));
    watch.answer("chats/send", &sent);
    let chat = sent.json()["chat_id"].as_str().unwrap().to_owned();
    for (name, arguments) in [
        ("connections/list", json!({})),
        ("keys/list", json!({})),
        ("account/sessions", json!({})),
        ("members/list", json!({})),
        ("audit/list", json!({ "before": null })),
        (
            "calls/list",
            json!({ "wanted": { "only_mine": false, "model": null, "days": { "from": null, "to": null } }, "before": null }),
        ),
        ("sessions/reader", json!({})),
        ("limits/subjects", json!({})),
        ("models/list", json!({})),
    ] {
        for person in [&olga, &ben] {
            watch.answer(name, &person.act(name, arguments.clone()).await);
        }
    }
    for page in PAGES {
        for person in [&olga, &ben, &stranger] {
            let path = page.replace(
                "{id}",
                if page.starts_with("/chats") {
                    &chat
                } else {
                    &id
                },
            );
            watch.answer(page, &person.get(&path).await);
        }
    }

    // Commands beside the running server.
    let line = format!("{password}\n");
    watch.text(
        "user create",
        told(
            database,
            &[
                "user",
                "create",
                "--email",
                "eve@example.org",
                "--role",
                "member",
                "--password-stdin",
            ],
            &line,
        ),
    );
    let url = ours.url(Dialect::OpenAi);
    let add = [
        "connection",
        "add",
        "--kind",
        "openai",
        "--name",
        "typed",
        "--base-url",
        &url,
        "--key-stdin",
    ];
    watch.text(
        "connection add",
        told(database, &add, &format!("{ours_key}\n")),
    );
    let second = told(
        database,
        &[
            "key",
            "create",
            "--user",
            "eve@example.org",
            "--name",
            "typed",
        ],
        "",
    );
    watch.plant("a key made by hand", second.trim());
    watch.text("models sync", told(database, &["models", "sync"], ""));
    for format in ["json", "csv"] {
        let exported = told(database, &["usage", "export", "--format", format], "");
        assert!(exported.contains("gpt-4o-mini"), "{exported}");
        watch.text("usage export", exported);
    }
}

async fn gateway(watch: &mut Watch, program: &Person, key: &str, fake: &Fake) {
    let ask = |stream: bool| {
        program
            .request(Method::POST, "/v1/chat/completions")
            .header("authorization", format!("Bearer {key}"))
            .json(&json!({ "model": "gpt-4o-mini", "stream": stream, "messages": [{ "role": "user", "content": "Hi" }] }))
    };
    for scenario in [
        None,
        Some("bad_key"),
        Some("redirect"),
        Some("html_error"),
        Some("midstream_error"),
        Some("garbage"),
    ] {
        for stream in [false, true] {
            if let Some(scenario) = scenario {
                fake.enqueue(Dialect::OpenAi, Scenario::parse(scenario).unwrap());
            }
            let answer = program.send(ask(stream)).await;
            assert!(
                scenario.is_some() || answer.status == 200,
                "{}",
                answer.text
            );
            watch.answer(&format!("a call, {scenario:?}"), &answer);
        }
    }
    for path in [
        format!("/v1/models?api_key={key}"),
        "/v1/models".to_owned(),
        "/v1/none".to_owned(),
    ] {
        for header in [
            format!("Bearer {key}"),
            format!("Basic {key}"),
            format!("Bearer {key}x"),
        ] {
            let answer = program
                .send(
                    program
                        .request(Method::GET, &path)
                        .header("authorization", header),
                )
                .await;
            watch.answer("a look through the gateway", &answer);
        }
    }
}
