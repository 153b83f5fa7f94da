//! Gateway keys: shown once, bounded, revocable.

use domain::connections::ProviderKind;
use domain::people::Role;
use serde_json::{Value, json};
use testkit::{TestApp, both_databases};

both_databases! {
    async fn a_revoked_key_stops_working_at_once(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let key = ann.key("laptop", None).await;
        assert_eq!(key.get("/v1/models").await.status, 200);
        assert_eq!(ann.act("keys/revoke", json!({ "id": key.id })).await.status, 200);
        assert_eq!(key.get("/v1/models").await.status, 401);
        assert_eq!(ann.act("keys/revoke", json!({ "id": key.id })).await.status, 404);
    }

    async fn the_secret_is_shown_once_and_kept_only_as_a_hash(app: &TestApp) {
        let ann = app.owner().await;
        let key = ann.key("laptop", None).await;
        assert!(key.secret.starts_with("sk-purser-") && key.secret.len() > 50);
        let list = ann.act("keys/list", json!({})).await;
        assert!(!list.text.contains(&key.secret));
        let rows: Value = list.ok();
        assert_eq!(rows[0]["row"]["tail"].as_str().unwrap(), &key.secret[key.secret.len() - 4..]);
    }

    async fn a_key_reaches_only_the_models_it_was_made_for(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let ann = app.owner().await;
        let key = ann.key_with(json!({ "name": "narrow", "models": ["demo"] })).await;
        let models: Value = key.get("/v1/models").await.ok();
        assert_eq!(models["data"].as_array().unwrap().len(), 1);
        let ask = |model: &'static str| {
            key.chat(json!({ "model": model, "messages": [{ "role": "user", "content": "x" }] }))
        };
        assert_eq!(ask("demo").await.status, 200);
        let refused = ask("demo-long").await;
        assert_eq!((refused.status, refused.json()["error"]["code"].as_str().unwrap()), (403, "model_not_allowed"));
        assert_eq!(ask("demo/demo-long").await.status, 403, "nor by another of its names");
        assert_eq!(key.get("/v1/models/demo-long").await.status, 404);
        let wider = ann.act("keys/create", json!({ "new": {
            "name": "wide", "models": ["no-such-model"], "budget": null, "budget_window": "total",
            "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null,
        }})).await;
        assert_eq!(wider.status, 422);
    }

    async fn a_key_dies_on_its_day_and_with_its_owner(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let short = ben.key_with(json!({ "name": "short", "expires_in_days": 1 })).await;
        let long = ben.key("long", None).await;
        app.clock.advance(86_400_000);
        assert_eq!(short.get("/v1/models").await.status, 401);
        assert_eq!(long.get("/v1/models").await.status, 200);
        // The owner entered the password long ago.
        let stale = olga.act("members/enable", json!({ "id": ben.id, "enabled": false })).await;
        assert_eq!((stale.status, stale.json()["code"].as_str().unwrap()), (403, "step_up"));
        assert_eq!(olga.act("sessions/prove", json!({ "password": "correct horse battery" })).await.status, 200);
        assert_eq!(olga.act("members/enable", json!({ "id": ben.id, "enabled": false })).await.status, 200);
        assert_eq!(long.get("/v1/models").await.status, 401);
        assert_eq!(ben.get("/").await.status, 303);
    }

    async fn nobody_sees_or_ends_another_members_key(app: &TestApp) {
        let ann = app.member("ann", Role::Member).await;
        let ben = app.member("ben", Role::Member).await;
        let key = ann.key("laptop", None).await;
        assert_eq!(ben.act("keys/revoke", json!({ "id": key.id })).await.status, 404);
        let theirs: Value = ben.act("keys/list", json!({})).await.ok();
        assert_eq!(theirs, json!([]));
        assert_eq!(key.get("/v1/models").await.status, 200);
    }

    async fn a_borrowed_browser_makes_no_key(app: &TestApp) {
        let olga = app.owner().await;
        let new = || json!({ "new": {
            "name": "mine", "models": [], "budget": null, "budget_window": "total",
            "requests_per_minute": null, "tokens_per_minute": null, "expires_in_days": null,
        } });
        app.clock.advance(11 * 60_000);
        let refused = olga.act("keys/create", new()).await;
        assert_eq!((refused.status, refused.json()["code"].as_str().unwrap()), (403, "step_up"));
        assert_eq!(olga.act("sessions/prove", json!({ "password": "correct horse battery" })).await.status, 200);
        assert_eq!(olga.act("keys/create", new()).await.status, 200);
    }

    async fn a_key_never_spends_more_than_its_maker_may(app: &TestApp) {
        app.connect(ProviderKind::OpenAi, "openai").await;
        // A thousandth of a dollar a token, input free.
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 0, 1_000_000_000_000).await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let limit = json!({ "new": {
            "scope_kind": "member", "scope_id": ben.id, "door": null, "model": null, "unit": "money",
            "window": "total", "zone": null, "ceiling": 100_000_000, "hard": true,
        } });
        assert_eq!(olga.act("limits/create", limit).await.status, 200);
        // Wider than its maker: it may be called so, and spends no more for it.
        for key in [ben.key("wide", Some("1000")).await, ben.key("endless", None).await] {
            let question = json!({
                "model": "gpt-4o-mini", "max_completion_tokens": 200,
                "messages": [{ "role": "user", "content": "Hi" }],
            });
            let answer = key.chat(question).await;
            assert_eq!((answer.status, answer.json()["error"]["code"].as_str().unwrap()), (402, "insufficient_quota"), "{}", answer.text);
        }
    }

    async fn a_key_belongs_to_whoever_made_it(app: &TestApp) {
        app.connect(ProviderKind::Demo, "demo").await;
        let olga = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        let key = ben.key_with(json!({ "name": "k", "member_id": olga.id, "owner": olga.id })).await;
        assert_eq!(key.chat(json!({ "model": "demo", "messages": [{ "role": "user", "content": "x" }] })).await.status, 200);
        app.settle().await;
        let calls = app.services.store().call_list(&store::calls::CallFilter::default(), None, 10).await.unwrap();
        assert!(calls.iter().all(|call| call.member_id == ben.id), "{calls:?}");
    }
}
