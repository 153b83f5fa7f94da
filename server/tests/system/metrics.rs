//! `/metrics`: what is counted, and that nothing of anybody's stands in it.

use std::collections::BTreeSet;

use domain::connections::ProviderKind;
use domain::people::Role;
use fakes::{Dialect, Scenario};
use serde_json::{Value, json};
use testkit::{Person, TestApp, both_databases};

use crate::chats::reply::send;

/// The dashboard that comes with the house.
const DASHBOARD: &str = include_str!("../../../docs/operations/grafana.json");

fn question(words: &str) -> Value {
    json!({ "model": "gpt-4o-mini", "messages": [{ "role": "user", "content": words }] })
}

/// The figures as an admin reads them.
async fn figures(admin: &Person) -> String {
    let answer = admin.get("/metrics").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    assert!(answer.text.ends_with("# EOF\n"));
    answer.text
}

/// One figure; 0 when it never happened.
fn figure(text: &str, name: &str) -> f64 {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .map_or(0.0, |value| value.parse().unwrap())
}

fn assert_is(text: &str, name: &str, expected: f64) {
    let found = figure(text, name);
    assert!(
        (found - expected).abs() < 1e-9,
        "{name} is {found}, not {expected}:\n{text}"
    );
}

/// Every name that a query of the dashboard asks for.
fn asked_for(dashboard: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let queries = dashboard["panels"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|panel| panel["targets"].as_array())
        .flatten()
        .map(|target| target["expr"].as_str().unwrap());
    for query in queries {
        let words = query.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
        names.extend(
            words
                .filter(|word| word.starts_with("purser_") || word.starts_with("process_"))
                .map(str::to_owned),
        );
    }
    names
}

/// Every name that the answer has a figure for.
fn answered(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .map(str::to_owned)
        .collect()
}

both_databases! {
    async fn a_call_a_failure_and_a_refusal_are_counted(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000, 2_000_000).await;
        let key = olga.key("laptop", None).await;
        assert_eq!(key.chat(question("Hi")).await.status, 200);
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("server_error").unwrap());
        assert_ne!(key.chat(question("Hi")).await.status, 200);
        let poor = olga.key("poor", Some("0.000000001")).await;
        assert_eq!(poor.chat(question("Hi")).await.status, 402);
        app.settle().await;

        let text = figures(&olga).await;
        let call = |outcome: &str| format!("purser_calls_total{{door=\"gateway\",kind=\"openai\",outcome=\"{outcome}\"}}");
        assert_is(&text, &call("answered"), 1.0);
        assert_is(&text, &call("server"), 1.0);
        assert_is(&text, "purser_provider_attempts_total{kind=\"openai\",outcome=\"server\"}", 1.0);
        assert_is(&text, "purser_calls_refused_total{door=\"gateway\",reason=\"money\"}", 1.0);
        assert_is(&text, "purser_first_token_seconds_count{kind=\"openai\"}", 1.0);
        assert_is(&text, "purser_call_seconds_count{door=\"gateway\",kind=\"openai\"}", 2.0);
        assert_is(&text, "purser_admission_seconds_count", 3.0);
        assert_is(&text, "purser_settlement_seconds_count", 2.0);
        assert_is(&text, "purser_problems_total{kind=\"provider_failed\"}", 1.0);
        assert!(figure(&text, "purser_cost_usd_total{kind=\"openai\"}") > 0.0, "{text}");
        assert!(figure(&text, "purser_tokens_total{kind=\"openai\",direction=\"output\"}") > 0.0);
        // Nothing runs any more.
        for quiet in ["purser_open_calls", "purser_held_usd", "purser_unwritten_settlements", "purser_queued_calls{queue=\"settle\"}"] {
            assert!(text.contains(&format!("\n{quiet} ")), "{quiet} is not there:\n{text}");
            assert_is(&text, quiet, 0.0);
        }
        assert!(figure(&text, "process_resident_memory_bytes") > 1e6);
        assert!(figure(&text, "purser_database_connections{pool=\"readers\",state=\"idle\"}") >= 0.0);
        assert!(text.contains("purser_build_info{"), "{text}");
    }

    async fn what_runs_is_seen_while_it_runs(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000_000, 2_000_000_000).await;
        let key = olga.key("laptop", Some("5")).await;
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("hang").unwrap());
        let mut streamed = question("Hi");
        streamed["stream"] = json!(true);
        let running = key.start_chat(streamed).await;
        let text = figures(&olga).await;
        assert_is(&text, "purser_open_calls", 1.0);
        assert!(figure(&text, "purser_held_usd") > 0.0, "{text}");
        drop(running);
        app.settle().await;
        assert_is(&figures(&olga).await, "purser_held_usd", 0.0);
    }

    async fn nothing_of_anybodys_stands_in_the_figures(app: &TestApp) {
        let olga = app.owner().await;
        let anna = app.member("zqcanaryname", Role::Member).await;
        app.connect(ProviderKind::OpenAi, "zqcanaryconnection").await;
        let key = anna.key("zqcanarykey", None).await;
        assert_eq!(key.chat(question("zqcanaryprompt")).await.status, 200);
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("bad_key").unwrap());
        key.chat(question("zqcanaryprompt")).await;
        key.chat(json!({ "model": "zqcanarymodel", "messages": [{ "role": "user", "content": "x" }] })).await;
        key.get("/v1/models/zqcanarypath?zqcanaryquery=1").await;
        send(&anna, None, None, "zqcanaryprompt", "gpt-4o-mini").await;
        app.settle().await;
        let text = figures(&olga).await;
        for canary in ["zqcanary", "example.org", "sk-", "gpt-4o", "127.0.0.1", &key.secret, &anna.id.to_string()] {
            assert!(!text.to_lowercase().contains(canary), "{canary} stands in the figures:\n{text}");
        }
    }

    async fn the_dashboard_asks_only_for_figures_that_there_are(app: &TestApp) {
        let olga = app.owner().await;
        app.connect(ProviderKind::OpenAi, "openai").await;
        app.price(ProviderKind::OpenAi, "gpt-4o-mini", 1_000_000, 2_000_000).await;
        let key = olga.key("laptop", None).await;
        key.chat(question("Hi")).await;
        app.fake.enqueue(Dialect::OpenAi, Scenario::parse("overloaded").unwrap());
        key.chat(question("Hi")).await;
        key.chat(json!({ "model": "none", "messages": [{ "role": "user", "content": "x" }] })).await;
        app.settle().await;
        let there = answered(&figures(&olga).await);
        let asked = asked_for(&serde_json::from_str(DASHBOARD).unwrap());
        assert!(asked.len() > 15, "the dashboard shows the house: {asked:?}");
        let missing: Vec<_> = asked.difference(&there).collect();
        assert!(missing.is_empty(), "the dashboard asks for {missing:?}; there are {there:?}");
        // And each is explained.
        let explained = include_str!("../../../docs/operations/monitoring.md");
        let series = ["_bucket", "_sum", "_count"];
        for name in &there {
            let family = series.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            assert!(explained.contains(&format!("`{family}`")), "monitoring.md does not explain {family}");
        }
    }
}
