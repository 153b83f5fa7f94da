//! The system page: what runs, on which database, and how the connections are doing.

use domain::connections::{Health, ProviderKind};
use domain::system::SystemView;
use fakes::{Dialect, Scenario};
use serde_json::json;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn an_admin_sees_how_the_house_is_doing(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000_000, 2_000_000_000).await;
        let key = olga.key("laptop", Some("5")).await;
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("overloaded").unwrap());
        let mut question = json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
        assert_ne!(key.chat(question.clone()).await.status, 200);
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("hang").unwrap());
        question["stream"] = json!(true);
        let running = key.start_chat(question).await;

        let view: SystemView = olga.act("system/view", json!({})).await.ok();
        assert_eq!(view.version, env!("CARGO_PKG_VERSION"));
        assert!(view.database.size_bytes > 10_000, "{view:?}");
        assert!(!view.database.version.is_empty(), "{view:?}");
        assert!(view.database.migration.starts_with('m'), "{view:?}");
        assert_eq!(view.instances.len(), 1);
        assert!(view.instances[0].is_this && view.instances[0].seen_at.is_some());
        assert_eq!((view.open_calls, view.work.running_calls), (1, 1));
        assert!(view.held.0 > 0 && view.held == view.work.held, "{view:?}");
        assert_eq!(view.work.unwritten_settlements, 0);
        assert!(matches!(view.connections[0].health, Health::CoolingDown { .. }), "{view:?}");

        let page = olga.get("/system").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("openai") && page.text.contains(&view.database.migration), "{}", page.text);
        drop(running);
        app.settle().await;
        let view: SystemView = olga.act("system/view", json!({})).await.ok();
        assert_eq!((view.open_calls, view.held.0), (0, 0));
    }
}
