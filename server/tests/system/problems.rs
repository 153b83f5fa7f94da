//! Problems: noted, acknowledged, resolved, and open again when they happen again.

use std::time::Duration;

use domain::audit::AuditView;
use domain::chats::Page;
use domain::connections::ProviderKind;
use domain::people::Role;
use domain::problems::{ProblemKind, ProblemState, ProblemView};
use domain::{MemberId, Timestamp};
use fakes::{Dialect, Scenario};
use locales::{Locale, text};
use serde_json::json;
use store::Store;
use testkit::{Key, Person, TestApp, both_databases, two_instances};

async fn fail(app: &TestApp, key: &Key, scenario: &str) {
    app.fake
        .enqueue(Dialect::OpenAi, Scenario::parse(scenario).unwrap());
    let question =
        json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": "Hi" }] });
    assert_ne!(key.chat(question).await.status, 200, "{scenario}");
}

async fn problems(admin: &Person) -> Vec<ProblemView> {
    admin.act("system/problems", json!({})).await.ok()
}

async fn set(admin: &Person, problem: &ProblemView, state: &str) -> u16 {
    let arguments = json!({ "id": problem.id, "state": state });
    admin.act("system/problem_set", arguments).await.status
}

both_databases! {
    async fn a_failure_is_noted_looked_after_and_open_again_when_it_happens_again(app: &TestApp) {
        let olga = app.owner().await;
        assert!(problems(&olga).await.is_empty());
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = olga.key("laptop", None).await;
        fail(app, &key, "overloaded").await;
        fail(app, &key, "overloaded").await;
        fail(app, &key, "bad_key").await;
        // The request's own fault is nobody's problem here.
        fail(app, &key, "ctx").await;

        let noted = problems(&olga).await;
        assert_eq!(noted.len(), 2, "{noted:?}");
        let overloaded = noted.iter().find(|problem| problem.cause == "overloaded").unwrap();
        assert_eq!((overloaded.kind, overloaded.state), (ProblemKind::ProviderFailed, ProblemState::Open));
        assert_eq!((overloaded.subject.as_str(), overloaded.count), ("openai", 2));
        assert!(noted.iter().any(|problem| problem.cause == "auth"));
        let shown = serde_json::to_string(&noted).unwrap();
        assert!(!shown.contains("sk-fake") && !shown.contains(&key.secret), "{shown}");

        assert_eq!(set(&olga, overloaded, "acknowledged").await, 200);
        app.clock.advance(1_000);
        fail(app, &key, "overloaded").await;
        let found = find(&olga, overloaded).await;
        assert_eq!((found.state, found.count), (ProblemState::Acknowledged, 3), "somebody is at it already");
        assert_eq!(found.changed_by.as_deref(), Some("olga"));

        assert_eq!(set(&olga, overloaded, "resolved").await, 200);
        assert_eq!(set(&olga, overloaded, "resolved").await, 200);
        assert_eq!(set(&olga, overloaded, "acknowledged").await, 422);
        assert_eq!(find(&olga, overloaded).await.state, ProblemState::Resolved);
        assert_eq!(problems(&olga).await.last().unwrap().id, overloaded.id, "what is over stands last");

        app.clock.advance(1_000);
        fail(app, &key, "overloaded").await;
        let found = find(&olga, overloaded).await;
        assert_eq!((found.state, found.count, found.changed_by), (ProblemState::Open, 4, None));

        assert_eq!(set(&olga, overloaded, "resolved").await, 200);
        // Acts of one instant have no order.
        app.clock.advance(1_000);
        assert_eq!(set(&olga, overloaded, "open").await, 200);
        assert_eq!(find(&olga, overloaded).await.state, ProblemState::Open);

        let acts: Page<AuditView> = olga.act("audit/list", json!({ "before": null })).await.ok();
        let mut names: Vec<&str> = acts.rows.iter().map(|act| act.action.as_str()).filter(|name| name.starts_with("problem_")).collect();
        names.reverse();
        assert_eq!(names, ["problem_acknowledged", "problem_resolved", "problem_resolved", "problem_reopened"]);
        let page = olga.get("/system").await.text;
        assert!(page.contains("Provider failed: openai"), "{page}");
        app.settle().await;
    }

    async fn who_looks_sees_also_what_is_just_being_written(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = olga.key("laptop", None).await;
        let admin = services::access::Administrator::command_line();
        for round in 1..=20 {
            fail(app, &key, "overloaded").await;
            // One who began to write and left in the middle, and one who is still at it.
            let _ = futures::poll!(std::pin::pin!(app.services.problem_flush()));
            let (written, seen) = futures::join!(app.services.problem_flush(), app.services.problem_list(&admin));
            written.unwrap();
            let counts: Vec<i64> = seen.unwrap().iter().map(|problem| problem.count).collect();
            assert_eq!(counts, [round]);
        }
    }

    async fn the_page_tells_of_problems_also_when_they_come_after_the_rest(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = olga.key("laptop", None).await;
        fail(app, &key, "overloaded").await;
        let noted = problems(&olga).await;
        fail(app, &key, "overloaded").await;
        // What has just happened is noted when nobody else writes there any more, and who looks waits for it.
        let other = Store::open(&app.database().options(false)).await.unwrap();
        let writing = other.write().await.unwrap();
        assert!(writing.problem_set(noted[0].id, ProblemState::Acknowledged, MemberId::NIL, Timestamp(0)).await.unwrap());
        let written = async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            drop(writing);
        };
        let (page, ()) = futures::join!(olga.get("/system"), written);
        assert_eq!(page.status, 200);
        let failed = text::system::provider_failed(Locale::En);
        assert!(page.text.contains(&format!("{failed}: openai")), "{}", page.text);
        other.close().await.unwrap();
    }

    async fn what_is_over_is_forgotten_after_a_month_and_nothing_else_is(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        let key = olga.key("laptop", None).await;
        fail(app, &key, "overloaded").await;
        fail(app, &key, "server_error").await;
        let noted = problems(&olga).await;
        assert_eq!(set(&olga, &noted[0], "resolved").await, 200);
        app.clock.advance(29 * 86_400_000);
        app.services.sweep().await.unwrap();
        let admin = services::access::Administrator::command_line();
        assert_eq!(app.services.problem_list(&admin).await.unwrap().len(), 2);
        app.clock.advance(2 * 86_400_000);
        app.services.sweep().await.unwrap();
        let left = app.services.problem_list(&admin).await.unwrap();
        assert_eq!(left.iter().map(|problem| problem.id).collect::<Vec<_>>(), [noted[1].id]);
    }

    async fn only_who_runs_the_house_sees_problems(app: &TestApp) {
        let anna = app.member("anna", Role::Member).await;
        assert_eq!(anna.act("system/problems", json!({})).await.status, 403);
        let nobodys = json!({ "id": "00000000-0000-0000-0000-000000000000", "state": "resolved" });
        assert_eq!(anna.act("system/problem_set", nobodys.clone()).await.status, 403);
        let olga = app.owner().await;
        assert_eq!(olga.act("system/problem_set", nobodys).await.status, 404);
        let senseless = json!({ "id": "00000000-0000-0000-0000-000000000000", "state": "lost" });
        assert!((400..500).contains(&olga.act("system/problem_set", senseless).await.status));
    }
}

two_instances! {
    async fn equal_failures_of_two_instances_are_one_problem(one: &TestApp, two: &TestApp) {
        let olga = one.owner().await;
        one.connect(ProviderKind::OpenAi, "openai").await;
        two.services.refresh().await.unwrap();
        let key = olga.key("laptop", None).await;
        two.services.refresh().await.unwrap();
        fail(one, &key, "overloaded").await;
        // The connection leads to the first instance's fake, whoever calls it.
        fail(one, &key.on(two), "overloaded").await;
        two.services.problem_flush().await.unwrap();
        let noted = problems(&olga).await;
        assert_eq!((noted.len(), noted[0].count), (1, 2), "{noted:?}");
    }
}

async fn find(admin: &Person, problem: &ProblemView) -> ProblemView {
    let found = problems(admin).await;
    found
        .into_iter()
        .find(|other| other.id == problem.id)
        .unwrap()
}
