//! The guide knows what is done from the house itself, and goes when it is no longer needed.

use domain::connections::ProviderKind;
use domain::people::Role;
use serde_json::{Value, json};
use testkit::{Person, TestApp, both_databases};

use crate::chats::reply::send;

/// Its steps, the done ones with a mark.
async fn guide(person: &Person) -> Vec<String> {
    let steps: Value = person.act("guide/look", json!({})).await.ok();
    let steps = steps.as_array().unwrap().iter();
    steps
        .map(|state| {
            let mark = if state["done"] == true { "+" } else { "" };
            format!("{mark}{}", state["step"].as_str().unwrap())
        })
        .collect()
}

both_databases! {
    async fn it_leads_an_owner_from_an_empty_house_to_a_used_one(app: &TestApp) {
        let olga = app.owner().await;
        assert_eq!(guide(&olga).await, ["+account", "connection", "chat", "invite", "key"]);
        // The demo answers, and is no provider.
        app.connect(ProviderKind::Demo, "demo").await;
        assert_eq!(guide(&olga).await[1], "connection");
        send(&olga, None, None, "Hello", "demo").await;
        app.settle().await;
        assert_eq!(guide(&olga).await, ["+account", "connection", "+chat", "invite", "key"]);
        app.connect(ProviderKind::OpenAi, "openai").await;
        let ben = json!({ "name": "Ben", "email": "ben@example.org", "role": "member" });
        assert_eq!(olga.act("members/invite", ben).await.status, 200);
        assert_eq!(guide(&olga).await, ["+account", "+connection", "+chat", "+invite", "key"]);
        let page = olga.get("/home").await;
        assert!(page.text.contains("href=\"/keys?add\""));
        olga.key("laptop", None).await;
        assert_eq!(guide(&olga).await, Vec::<String>::new());
        assert!(!olga.get("/home").await.text.contains("class=\"guide"));
    }

    async fn a_member_has_steps_of_their_own(app: &TestApp) {
        let _owner = app.owner().await;
        let ben = app.member("ben", Role::Member).await;
        assert_eq!(guide(&ben).await, ["+account", "chat", "key"]);
    }

    async fn who_skips_it_is_left_alone_and_nobody_else_is(app: &TestApp) {
        let olga = app.owner().await;
        let dora = app.member("dora", Role::Admin).await;
        assert_eq!(olga.act("guide/skip", json!({})).await.status, 200);
        assert_eq!(guide(&olga).await, Vec::<String>::new());
        assert_eq!(guide(&dora).await.len(), 5);
        assert!(!olga.get("/home").await.text.contains("class=\"guide"));
        assert!(dora.get("/home").await.text.contains("class=\"guide"));
    }
}
