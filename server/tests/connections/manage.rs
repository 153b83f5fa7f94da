//! Connections: added, tested, edited and removed; a stored key goes only where it was meant to.

use domain::connections::{ConnectionRow, ConnectionTest};
use fakes::Dialect;
use serde_json::{Value, json};
use testkit::{Person, TestApp, both_databases};

async fn add(admin: &Person, name: &str, url: &str, key: &str) -> testkit::Answer {
    let new = json!({ "kind": "openai", "name": name, "base_url": url, "key": key, "weight": 1 });
    admin.act("connections/create", json!({ "new": new })).await
}

both_databases! {
    async fn a_connection_is_added_tested_and_its_priced_models_go_on(app: &TestApp) {
        let olga = app.owner().await;
        let url = app.fake.url(Dialect::OpenAi);
        let id: String = add(&olga, "openai", &url, "sk-fake-secret-9876").await.ok();
        let test: ConnectionTest = olga.act("connections/test", json!({ "id": id })).await.ok();
        assert!(test.failure.is_none() && test.models_found > 3, "{test:?}");
        assert_eq!(olga.act("connections/sync", json!({ "id": id })).await.status, 200);
        let list = olga.act("connections/list", json!({})).await;
        assert!(!list.text.contains("sk-fake-secret"), "the key never leaves the house again");
        let rows: Vec<ConnectionRow> = list.ok();
        assert_eq!(rows[0].key_tail, "9876");
        assert!(rows[0].models_enabled > 0 && rows[0].models_enabled < rows[0].models_found + 1);
        let models: Value = olga.act("connections/models", json!({ "id": id })).await.ok();
        let mini = models.as_array().unwrap().iter().find(|model| model["model"] == "gpt-4o-mini").unwrap();
        assert_eq!((mini["enabled"].as_bool(), mini["price"]["state"].as_str()), (Some(true), Some("priced")));
    }

    async fn a_refused_key_is_said_in_the_providers_own_words(app: &TestApp) {
        let olga = app.owner().await;
        let url = app.fake.url(Dialect::OpenAi);
        let id: String = add(&olga, "openai", &url, "sk-wrong-key-0000").await.ok();
        let test: ConnectionTest = olga.act("connections/test", json!({ "id": id })).await.ok();
        let failure = test.failure.unwrap();
        assert_eq!(failure.status, Some(401));
        assert!(!failure.message.contains("sk-wrong-key-0000"), "{}", failure.message);
        let synced = olga.act("connections/sync", json!({ "id": id })).await;
        assert_eq!(synced.status, 502);
    }

    async fn a_changed_address_needs_the_key_again(app: &TestApp) {
        let olga = app.owner().await;
        let url = app.fake.url(Dialect::OpenAi);
        let id: String = add(&olga, "openai", &url, "sk-fake-secret-9876").await.ok();
        let edit = |base_url: &str, key: Option<&str>| {
            json!({ "edit": { "id": id, "name": "renamed", "base_url": base_url, "key": key, "enabled": true, "weight": 2 } })
        };
        let moved = olga.act("connections/edit", edit("http://127.0.0.1:9/v1", None)).await;
        assert_eq!((moved.status, moved.json()["what"].as_str().unwrap()), (409, "key_needed"));
        assert_eq!(olga.act("connections/edit", edit(&url, None)).await.status, 200);
        assert_eq!(olga.act("connections/edit", edit("http://127.0.0.1:9/v1", Some("sk-fake-other"))).await.status, 200);
        assert_eq!(olga.act("connections/delete", json!({ "id": id })).await.status, 200);
        assert_eq!(olga.act("connections/delete", json!({ "id": id })).await.status, 404);
    }

    async fn names_and_addresses_that_cannot_be_are_refused(app: &TestApp) {
        let olga = app.owner().await;
        let url = app.fake.url(Dialect::OpenAi);
        for (name, base_url, key) in [
            ("", url.as_str(), "k"),
            ("a/b", url.as_str(), "k"),
            ("x", "ftp://example.org", "k"),
            ("x", "http://user:pw@example.org", "k"),
            ("x", "https://example.org/?a=b", "k"),
            ("x", url.as_str(), ""),
        ] {
            assert_eq!(add(&olga, name, base_url, key).await.status, 422, "{name} {base_url}");
        }
        assert_eq!(add(&olga, "one", &url, "sk-fake-1").await.status, 200);
        assert_eq!(add(&olga, "one", &url, "sk-fake-1").await.status, 409);
    }
}
