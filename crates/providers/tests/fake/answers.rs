//! Good answers, in every dialect and however they are written and cut.

use std::collections::BTreeMap;

use domain::Usage;
use fakes::{
    DeltaUsage, Dialect, Endpoint as Call, Fake, Oddity, Script, Split, UsageDetails, UsagePlace,
};
use providers::{ChatRequest, Event, Finish, RawBody};

use crate::house::{DIALECTS, House, KEY, ask};

const TEXT: &str = "Grüße 🦀, \"quoted\"\nand a second line.";

fn full_usage() -> fakes::Usage {
    fakes::Usage {
        input: 900,
        cached: 600,
        cache_write: 0,
        output: 80,
        reasoning: 30,
    }
}

fn script() -> Script {
    Script::text(TEXT).with_chunks(5).with_usage(full_usage())
}

#[tokio::test]
async fn streamed_and_whole_answers_say_the_same() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for stream in [true, false] {
            house.fake.enqueue(dialect, script());
            let heard = house.hear(dialect, &ask(model, stream)).await;
            assert_eq!(
                (heard.text.as_str(), heard.done),
                (TEXT, 1),
                "{dialect:?} {stream}"
            );
            assert_eq!(heard.finish, Some(Finish::Stop), "{dialect:?} {stream}");
            let usage = heard.usage.unwrap();
            let counted = (
                usage.input,
                usage.cached_input,
                usage.output,
                usage.reasoning,
            );
            assert_eq!(
                counted,
                (Some(900), Some(600), Some(80), Some(30)),
                "{dialect:?} {stream}"
            );
            let relays = matches!(dialect, Dialect::OpenAi | Dialect::Compatible);
            assert_eq!(relays, !heard.raw.is_empty(), "{dialect:?} {stream}");
        }
    }
}

#[tokio::test]
async fn every_manner_of_writing_a_stream_means_the_same() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for oddity in Oddity::ALL {
            for split in [
                Split::Events,
                Split::Whole,
                Split::OneByte,
                Split::Every(7),
                Split::Every(1000),
            ] {
                let about = format!("{dialect:?} {oddity:?} {split:?}");
                house
                    .fake
                    .enqueue(dialect, script().with_oddity(*oddity).with_split(split));
                let heard = house.hear(dialect, &ask(model, true)).await;
                assert_eq!(
                    (heard.text.as_str(), heard.finish),
                    (TEXT, Some(Finish::Stop)),
                    "{about}"
                );
                assert_eq!(
                    heard.usage.and_then(|usage| usage.output),
                    Some(80),
                    "{about}"
                );
            }
        }
        let all = Oddity::ALL
            .iter()
            .filter(|oddity| !matches!(oddity, Oddity::NoDone));
        let all = all
            .fold(script(), |script, oddity| script.with_oddity(*oddity))
            .with_gzip();
        house.fake.enqueue(dialect, all.with_split(Split::Every(3)));
        let heard = house.hear(dialect, &ask(model, true)).await;
        assert_eq!(heard.text, TEXT, "{dialect:?}");
    }
}

#[tokio::test]
async fn relays_get_the_bytes_as_they_came() {
    let house = House::open().await;
    let url = format!("{}/chat/completions", house.fake.url(Dialect::Compatible));
    let request = ask("local-chat", true);
    for split in [Split::Whole, Split::OneByte, Split::Every(11)] {
        house.fake.enqueue(
            Dialect::Compatible,
            script().with_split(split).with_oddity(Oddity::Comments),
        );
        let heard = house.hear(Dialect::Compatible, &request).await;
        house
            .fake
            .enqueue(Dialect::Compatible, script().with_oddity(Oddity::Comments));
        let sent = house.fake.requests().pop().unwrap().body;
        let outbound = outbound::Outbound::new(outbound::Policy::default()).unwrap();
        outbound.allow("127.0.0.1", house.fake.port()).unwrap();
        let direct = outbound::Request::post_json(outbound::parse_url(&url).unwrap(), sent);
        let direct = direct
            .secret_header("authorization", "Bearer ", &outbound::Secret::new(KEY))
            .unwrap();
        let answer = outbound
            .send(direct, std::time::Duration::from_secs(5))
            .await
            .unwrap();
        let bytes = answer
            .read(1 << 20, std::time::Duration::from_secs(5))
            .await
            .unwrap();
        assert_eq!(
            String::from_utf8(heard.raw).unwrap(),
            String::from_utf8(bytes.to_vec()).unwrap()
        );
    }
}

#[tokio::test]
async fn tools_are_called_in_every_dialect() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        for stream in [true, false] {
            let script = Script::ok()
                .with_tool_call("look", r#"{"q":"é"}"#)
                .with_tool_call("wait", "{}");
            house.fake.enqueue(dialect, script);
            let heard = house.hear(dialect, &ask(model, stream)).await;
            let tools = heard.tools();
            let names: Vec<&str> = tools.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["look", "wait"], "{dialect:?} {stream}");
            let arguments: Vec<serde_json::Value> = tools
                .iter()
                .map(|(_, arguments)| serde_json::from_str(arguments).unwrap())
                .collect();
            assert_eq!(
                arguments,
                [serde_json::json!({"q": "é"}), serde_json::json!({})],
                "{dialect:?} {stream}"
            );
            assert_eq!(
                heard.finish,
                Some(Finish::ToolCalls),
                "{dialect:?} {stream}"
            );
            let ids = heard
                .events
                .iter()
                .filter(|event| matches!(event, Event::ToolCall { id: Some(_), .. }));
            assert_eq!(ids.count(), 2, "{dialect:?} {stream}");
        }
    }
}

#[tokio::test]
async fn reasoning_is_told_apart_and_its_signature_kept() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS.into_iter().skip(1) {
        for stream in [true, false] {
            house
                .fake
                .enqueue(dialect, script().with_reasoning("Let me think about it."));
            let mut request = ask(model, stream);
            request.options.reasoning_effort = Some("low".into());
            let heard = house.hear(dialect, &request).await;
            assert_eq!(
                (heard.reasoning.as_str(), heard.text.as_str()),
                ("Let me think about it.", TEXT),
                "{dialect:?} {stream}"
            );
            let states = heard
                .events
                .iter()
                .filter(|event| matches!(event, Event::State(_)))
                .count();
            let signs = matches!(dialect, Dialect::Anthropic);
            assert!(!signs || states == 1, "{dialect:?} {stream}");
        }
    }
    house.fake.enqueue(
        Dialect::Compatible,
        script()
            .with_reasoning("Hm")
            .with_reasoning_field("reasoning"),
    );
    let heard = house
        .hear(Dialect::Compatible, &ask("local-chat", true))
        .await;
    assert_eq!(
        (heard.reasoning.as_str(), heard.text.as_str()),
        ("Hm", TEXT)
    );
}

#[tokio::test]
async fn usage_is_counted_once_wherever_it_stands() {
    let house = House::open().await;
    for place in [
        UsagePlace::Natural,
        UsagePlace::FinishChunk,
        UsagePlace::EveryChunk,
        UsagePlace::Twice,
        UsagePlace::SeparateChunk,
    ] {
        for (dialect, _, model) in DIALECTS {
            house
                .fake
                .enqueue(dialect, script().with_usage_place(place));
            let usage = house.hear(dialect, &ask(model, true)).await.usage.unwrap();
            assert_eq!(
                (usage.input, usage.output),
                (Some(900), Some(80)),
                "{dialect:?} {place:?}"
            );
        }
    }
    for details in [UsageDetails::Missing, UsageDetails::Null] {
        house
            .fake
            .enqueue(Dialect::OpenAi, script().with_usage_details(details));
        let usage = house
            .hear(Dialect::OpenAi, &ask("gpt-6-luna", true))
            .await
            .usage
            .unwrap();
        assert_eq!(
            usage,
            Usage {
                input: Some(900),
                output: Some(80),
                ..Usage::default()
            },
            "{details:?}"
        );
    }
    for (dialect, _, model) in DIALECTS {
        for stream in [true, false] {
            house
                .fake
                .enqueue(dialect, script().with_usage_place(UsagePlace::Nowhere));
            let heard = house.hear(dialect, &ask(model, stream)).await;
            assert_eq!(
                (heard.text.as_str(), heard.usage),
                (TEXT, None),
                "{dialect:?} {stream}"
            );
        }
    }
}

#[tokio::test]
async fn anthropics_final_usage_wins() {
    let house = House::open().await;
    for (delta, input) in [
        (DeltaUsage::OutputOnly, 900),
        (DeltaUsage::RaisesInput(50), 950),
    ] {
        house.fake.enqueue(
            Dialect::Anthropic,
            Script {
                delta_usage: delta,
                ..script()
            },
        );
        let usage = house
            .hear(Dialect::Anthropic, &ask("claude-haiku-5-5", true))
            .await
            .usage
            .unwrap();
        assert_eq!(
            (usage.input, usage.output),
            (Some(input), Some(80)),
            "{delta:?}"
        );
    }
    house
        .fake
        .enqueue(Dialect::Anthropic, script().with_duplicate_start());
    let heard = house
        .hear(Dialect::Anthropic, &ask("claude-haiku-5-5", true))
        .await;
    let usage = heard.usage.unwrap();
    assert_eq!(
        (heard.text.as_str(), usage.input, usage.output),
        (TEXT, Some(900), Some(80))
    );
}

#[tokio::test]
async fn geminis_refusals_are_told_apart() {
    let house = House::open().await;
    for stream in [true, false] {
        house
            .fake
            .enqueue(Dialect::Gemini, Script::ok().with_prompt_block("SAFETY"));
        let failure = house
            .hear(Dialect::Gemini, &ask("gemini-3.8-flash", stream))
            .await
            .failure
            .unwrap();
        assert_eq!(failure.outcome, domain::calls::Outcome::InvalidRequest);
        assert!(failure.message.contains("SAFETY"), "{}", failure.message);
        house.fake.enqueue(
            Dialect::Gemini,
            Script::ok().with_no_content().with_finish("SAFETY"),
        );
        let heard = house
            .hear(Dialect::Gemini, &ask("gemini-3.8-flash", stream))
            .await;
        assert_eq!(
            (heard.failure, heard.finish),
            (None, Some(Finish::ContentFilter))
        );
    }
}

#[tokio::test]
async fn the_output_maximum_is_sent_under_the_name_a_provider_knows() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        house
            .fake
            .enqueue(dialect, Script::text("one two three four five six"));
        let request = ChatRequest {
            max_output: Some(3),
            ..ask(model, true)
        };
        let heard = house.hear(dialect, &request).await;
        assert_eq!(
            (heard.failure, heard.finish),
            (None, Some(Finish::Length)),
            "{dialect:?}"
        );
    }
}

#[tokio::test]
async fn a_clients_own_body_reaches_the_provider_and_several_choices_come_back() {
    let house = House::open().await;
    let client = r#"{"model":"alias","messages":[{"role":"user","content":"hi"}],"n":2,"stream":true,
        "stream_options":{"include_obfuscation":false},"seed":7,"organization":"org-evil"}"#;
    let body: BTreeMap<_, _> = serde_json::from_str(client).unwrap();
    let request = ChatRequest {
        raw: Some(RawBody(body)),
        ..ask("gpt-6-luna", true)
    };
    house.fake.enqueue(Dialect::OpenAi, script());
    let heard = house.hear(Dialect::OpenAi, &request).await;
    assert_eq!((heard.text.as_str(), heard.failure), (TEXT, None));
    let other: u32 = heard
        .events
        .iter()
        .map(|event| {
            if let Event::Other { bytes } = event {
                *bytes
            } else {
                0
            }
        })
        .sum();
    assert_eq!(usize::try_from(other).unwrap(), TEXT.len());
    let sent = house.fake.requests().pop().unwrap().json();
    assert_eq!(
        sent,
        serde_json::json!({
            "model": "gpt-6-luna",
            "messages": [{"role": "user", "content": "hi"}],
            "n": 2,
            "stream": true,
            "stream_options": {"include_obfuscation": false, "include_usage": true},
            "seed": 7,
        })
    );
}

#[tokio::test]
async fn keys_travel_in_headers_only() {
    let house = House::open().await;
    for (dialect, _, model) in DIALECTS {
        house.hear(dialect, &ask(model, true)).await;
        let asked = house.fake.requests().pop().unwrap();
        let carriers: Vec<&str> = asked
            .headers
            .iter()
            .filter(|(_, value)| value.contains(KEY))
            .map(|(name, _)| name.as_str())
            .collect();
        let expected = match dialect {
            Dialect::OpenAi | Dialect::Compatible => "authorization",
            Dialect::Anthropic => "x-api-key",
            Dialect::Gemini => "x-goog-api-key",
        };
        assert_eq!(carriers, [expected], "{dialect:?}");
        assert!(!asked.query.contains(KEY) && !String::from_utf8_lossy(&asked.body).contains(KEY));
    }
}

#[tokio::test]
async fn all_pages_of_a_model_list_are_read() {
    let fake = Fake::builder().max_page(2).start().await.unwrap();
    let house = House::with_fake(fake, std::time::Duration::from_secs(5));
    for (dialect, chats, others, deprecated) in [
        (Dialect::OpenAi, 4, 2, 1),
        (Dialect::Compatible, 4, 1, 1),
        (Dialect::Anthropic, 4, 0, 1),
        (Dialect::Gemini, 4, 1, 0),
    ] {
        let models = house
            .providers
            .models(&house.endpoint(dialect))
            .await
            .unwrap();
        let count = |wanted: &dyn Fn(&providers::ListedModel) -> bool| {
            models.iter().filter(|model| wanted(model)).count()
        };
        assert_eq!(
            (
                count(&|model| model.chat),
                count(&|model| !model.chat),
                count(&|model| model.deprecated)
            ),
            (chats, others, deprecated),
            "{models:#?}"
        );
        assert!(models.iter().all(|model| !model.id.starts_with("models/")));
    }
    let gemini = house
        .providers
        .models(&house.endpoint(Dialect::Gemini))
        .await
        .unwrap();
    assert_eq!(
        (gemini[0].context_tokens, gemini[0].max_output_tokens),
        (Some(1_048_576), Some(65_536))
    );
}

#[tokio::test]
async fn a_probe_tells_a_good_key_from_a_bad_one() {
    let house = House::open().await;
    for (dialect, ..) in DIALECTS {
        let good = house.providers.probe(&house.endpoint(dialect)).await;
        assert!(good.is_ok(), "{dialect:?} {good:?}");
        let bad = house
            .providers
            .probe(&house.endpoint_with_key(dialect, "sk-wrong-canary-key"))
            .await
            .unwrap_err();
        assert_eq!(
            bad.outcome,
            domain::calls::Outcome::Auth,
            "{dialect:?} {bad:?}"
        );
        assert!(!bad.message.contains("canary"), "{}", bad.message);
    }
    let facts = house
        .providers
        .probe(&house.endpoint(Dialect::Anthropic))
        .await
        .unwrap();
    assert!(
        facts
            .iter()
            .any(|(name, _)| name == "anthropic-organization-id"),
        "{facts:?}"
    );
    house.fake.enqueue(
        Dialect::OpenAi,
        Script::error(fakes::ErrorKind::Server).on(Call::Models),
    );
    assert!(
        house
            .providers
            .models(&house.endpoint(Dialect::OpenAi))
            .await
            .is_err()
    );
}
