//! Bad days, in every dialect.

use fakes::{Dialect, Ending, ErrorKind, Fake, Scenario, Script};

use crate::wire::{Ended, ask, ask_as, keyed, model, open, question, send, spoken};

/// Scenarios that answer with an HTTP status of their own.
fn status(dialect: Dialect, scenario: Scenario) -> Option<u16> {
    use Dialect::{Anthropic, Gemini};
    let status = match (scenario, dialect) {
        (Scenario::BadKey, Gemini) | (Scenario::NoMoney, Anthropic) | (Scenario::Ctx, _) => 400,
        (Scenario::BadKey, _) => 401,
        (Scenario::SpendLimit, Gemini) => 402,
        (
            Scenario::NoMoney
            | Scenario::SpendLimit
            | Scenario::RateLimited
            | Scenario::RateLimitedDaily,
            _,
        ) => 429,
        (Scenario::Overloaded, Anthropic) => 529,
        (Scenario::Overloaded, _) => 503,
        (Scenario::ServerError, _) => 500,
        (Scenario::HtmlError, _) => 502,
        (Scenario::Redirect, _) => 307,
        _ => return None,
    };
    Some(status)
}

/// Scenarios without an end, which have tests of their own.
const ENDLESS: [Scenario; 4] = [
    Scenario::Hang,
    Scenario::Silent,
    Scenario::Endless,
    Scenario::Slow,
];

#[tokio::test]
async fn every_scenario_works_by_model_and_by_key() {
    let fake = Fake::start().await.unwrap();
    for dialect in Dialect::ALL {
        for scenario in Scenario::ALL {
            if ENDLESS.contains(scenario) {
                continue;
            }
            let name = scenario.name();
            let by_model = ask_as(&fake, dialect, &format!("fault-{name}"), "fake").await;
            let by_key = ask_as(&fake, dialect, model(dialect), &format!("sk-fake-{name}-2")).await;
            for answer in [by_model, by_key] {
                let expected = status(dialect, *scenario).unwrap_or(200);
                assert_eq!(answer.status, expected, "{dialect:?} {name}");
                let ended = match scenario {
                    Scenario::Truncate => Ended::Cut,
                    Scenario::Reset => Ended::Reset,
                    _ => Ended::Complete,
                };
                assert_eq!(answer.ended, ended, "{dialect:?} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_cut_stream_has_lost_its_end() {
    let fake = Fake::start().await.unwrap();
    // Long, so that half of its event ends before the word.
    let last = format!("{}three", "x".repeat(400));
    for dialect in Dialect::ALL {
        for ending in [
            Ending::NoFinish { after: 2 },
            Ending::Truncate { after: 2 },
            Ending::Reset { after: 2 },
        ] {
            fake.enqueue(
                dialect,
                Script::text_chunks(["one ", "two ", last.as_str()]).with_ending(ending),
            );
            let text = ask(&fake, dialect).await.text();
            assert!(
                text.contains("two ") && !text.contains("three"),
                "{dialect:?} {ending:?}: {text}"
            );
            assert!(
                !text.contains("DONE") && !text.contains("STOP") && !text.contains("message_stop")
            );
        }
    }
}

#[tokio::test]
async fn an_error_can_be_the_first_frame() {
    let fake = Fake::start().await.unwrap();
    for dialect in Dialect::ALL {
        let ending = Ending::Error {
            after: 0,
            kind: ErrorKind::Server,
        };
        fake.enqueue(dialect, Script::ending(ending));
        let answer = ask(&fake, dialect).await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        let json = &text[text.find('{').unwrap()..];
        let error: serde_json::Value = serde_json::from_str(json).unwrap();
        assert!(error["error"]["message"].is_string(), "{dialect:?}");
    }
}

#[tokio::test]
async fn an_error_can_come_as_json_where_a_stream_was_asked_for() {
    let fake = Fake::start().await.unwrap();
    for dialect in Dialect::ALL {
        let answer = ask_as(&fake, dialect, "fault-json_error_on_stream", "fake").await;
        assert_eq!(answer.status, 200);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("application/json")
        );
        assert!(answer.json()["error"].is_object());
    }
}

#[tokio::test]
async fn hanging_silent_and_endless_answers_last_until_the_client_leaves() {
    let fake = Fake::start().await.unwrap();
    for (count, name) in ["hang", "silent", "endless"].into_iter().enumerate() {
        let (url, body) = question(&fake, Dialect::OpenAi, &format!("fault-{name}"));
        let headers = keyed(Dialect::OpenAi, "fake");
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let stream = open("POST", &url, &headers, &body.to_string()).await;
        if name == "silent" {
            fake.wait_for_requests(count + 1).await;
        } else {
            stream.readable().await.unwrap();
        }
        drop(stream);
        let requests = fake.wait_for_disconnects(count + 1).await;
        assert!(requests[count].disconnected);
    }
    let counters = fake.counters(Dialect::OpenAi);
    assert_eq!((counters.dropped, counters.streams_open), (3, 0));
    assert_eq!(counters.reported.output, 0);
    assert!(counters.sent.output > 0);
}

#[tokio::test]
async fn a_redirect_points_elsewhere_and_is_noticed_when_followed() {
    let fake = Fake::start().await.unwrap();
    let answer = ask_as(&fake, Dialect::Anthropic, "fault-redirect", "fake").await;
    let target = answer.header("location").unwrap();
    assert_eq!(
        target,
        format!("http://localhost:{}/redirected", fake.port())
    );
    let followed = send("POST", &format!("{}/redirected", fake.root()), &[], "").await;
    assert_eq!(followed.status, 404);
    assert_eq!(fake.requests()[1].dialect, None);
}

#[tokio::test]
async fn whole_answers_break_too() {
    let fake = Fake::start().await.unwrap();
    let url = format!("{}/chat/completions", fake.url(Dialect::OpenAi));
    let body = r#"{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}]}"#;
    let key = [("authorization", "Bearer fake")];
    for (ending, ended) in [
        (Ending::Truncate { after: 0 }, Ended::Cut),
        (Ending::Reset { after: 0 }, Ended::Reset),
    ] {
        fake.enqueue(Dialect::OpenAi, Script::ending(ending));
        let answer = send("POST", &url, &key, body).await;
        assert_eq!(answer.ended, ended);
        assert!(!answer.body().is_empty());
    }
    assert_eq!(fake.counters(Dialect::OpenAi).reported.output, 0);
    fake.enqueue(Dialect::OpenAi, Scenario::MidstreamError);
    assert_eq!(send("POST", &url, &key, body).await.status, 503);
}

#[tokio::test]
async fn without_usage_the_text_still_comes() {
    let fake = Fake::start().await.unwrap();
    for dialect in Dialect::ALL {
        let answer = ask_as(&fake, dialect, "fault-no_usage", "fake").await;
        assert!(!answer.text().contains("okens"), "{dialect:?}");
        assert!(spoken(dialect, &answer.events()).starts_with("You said"));
        let counters = fake.counters(dialect);
        assert_eq!(counters.reported.input + counters.reported.output, 0);
        assert_eq!(counters.sent.input, 3);
    }
}
