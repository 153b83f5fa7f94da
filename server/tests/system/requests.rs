//! Every answer carries the id of its request.

use domain::connections::ProviderKind;
use http::Method;
use serde_json::json;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn every_answer_has_an_id_of_its_own(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::Demo, "demo").await;
        let key = olga.key("laptop", None).await;
        let stranger = app.stranger();
        let mut ids = vec![
            stranger.get("/health").await.header("x-request-id").to_owned(),
            stranger.get("/no-such-page").await.header("x-request-id").to_owned(),
            stranger.get("/v1/models").await.header("x-request-id").to_owned(),
            stranger.act("system/view", json!({})).await.header("x-request-id").to_owned(),
            olga.get("/system").await.header("x-request-id").to_owned(),
            key.chat_raw("nonsense").await.header("x-request-id").to_owned(),
        ];
        let question = json!({ "model": "demo", "messages": [{ "role": "user", "content": "Hi" }] });
        let answer = key.chat(question).await;
        assert_ne!(answer.header("x-request-id"), answer.header("x-purser-call-id"));
        ids.push(answer.header("x-request-id").to_owned());
        assert!(ids.iter().all(|id| id.len() == 36), "{ids:?}");
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{ids:?}");
    }

    async fn a_foreign_id_is_taken_over_only_if_it_is_harmless(app: &TestApp) {
        let stranger = app.stranger();
        let answered = async |id: &str| {
            let request = stranger.request(Method::GET, "/health").header("x-request-id", id);
            stranger.send(request).await.header("x-request-id").to_owned()
        };
        assert_eq!(answered("proxy-7.a_b").await, "proxy-7.a_b");
        let long = "x".repeat(65);
        for harmful in [long.as_str(), "a b", "a\"b", "a;b=c", "<b>"] {
            let made = answered(harmful).await;
            assert!(made != harmful && made.len() == 36, "{harmful} became {made}");
        }
    }
}
