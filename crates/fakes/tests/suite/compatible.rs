//! Servers that copy OpenAI's chat completions.

use fakes::{Dialect, Fake, Script, UsageDetails, UsagePlace};
use serde_json::Value;

use crate::wire::{ask, ask_as, spoken};

const DIALECT: Dialect = Dialect::Compatible;

/// Where usage objects stand: index from the end, and whether that chunk has a choice.
fn told(events: &[Value]) -> Vec<(usize, bool)> {
    let told = events
        .iter()
        .rev()
        .enumerate()
        .filter(|(_, event)| event["usage"].is_object());
    told.map(|(index, event)| (index, event["choices"][0].is_object()))
        .collect()
}

#[tokio::test]
async fn usage_stands_where_the_script_puts_it() {
    let fake = Fake::start().await.unwrap();
    let cases = [
        (UsagePlace::Natural, vec![(0, false)]),
        (UsagePlace::Nowhere, vec![]),
        (UsagePlace::FinishChunk, vec![(0, true)]),
        (UsagePlace::SeparateChunk, vec![(0, false)]),
        (UsagePlace::Twice, vec![(0, false), (1, true)]),
        (
            UsagePlace::EveryChunk,
            vec![(0, true), (1, true), (2, true), (3, true)],
        ),
    ];
    for (place, expected) in cases {
        let script = Script::text_chunks(["a ", "b"]).with_usage_place(place);
        fake.enqueue(DIALECT, script);
        let events = ask(&fake, DIALECT).await.events();
        assert_eq!(told(&events), expected, "{place:?}");
        if place == UsagePlace::Twice {
            assert!(events[events.len() - 2]["x_groq"]["usage"].is_object());
        }
    }
}

#[tokio::test]
async fn reasoning_comes_before_the_answer() {
    let fake = Fake::start().await.unwrap();
    for field in [None, Some("reasoning")] {
        let mut script = Script::text("done").with_reasoning("let me think");
        script.reasoning_field = field.map(Into::into);
        fake.enqueue(DIALECT, script);
        let events = ask(&fake, DIALECT).await.events();
        let field = field.unwrap_or("reasoning_content");
        let thought: String = events
            .iter()
            .filter_map(|e| e["choices"][0]["delta"][field].as_str())
            .collect();
        assert_eq!(thought, "let me think");
        assert_eq!(spoken(DIALECT, &events), "done");
        let usage = &events.last().unwrap()["usage"];
        assert_eq!(usage["completion_tokens"], 4);
        assert_eq!(usage["completion_tokens_details"]["reasoning_tokens"], 3);
    }
}

#[tokio::test]
async fn details_may_be_missing_or_null() {
    let fake = Fake::start().await.unwrap();
    for details in [UsageDetails::Missing, UsageDetails::Null] {
        fake.enqueue(DIALECT, Script::ok().with_usage_details(details));
        let events = ask(&fake, DIALECT).await.events();
        let usage = events.last().unwrap()["usage"].as_object().unwrap();
        assert_eq!(
            usage.contains_key("prompt_tokens_details"),
            details == UsageDetails::Null
        );
        assert!(usage["total_tokens"].is_u64());
    }
}

#[tokio::test]
async fn any_model_is_served_without_official_extras() {
    let fake = Fake::start().await.unwrap();
    let answer = ask_as(&fake, DIALECT, "what/ever:7b", "fake").await;
    let events = answer.events();
    assert_eq!(events[0]["model"], "what/ever:7b");
    assert!(events[0].get("obfuscation").is_none());
    assert!(events[0].get("service_tier").is_none());
    assert!(answer.header("x-ratelimit-limit-requests").is_none());
}
