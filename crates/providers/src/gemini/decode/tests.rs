use bytes::Bytes;
use domain::Usage;
use domain::calls::{Outcome, ProviderFailure};
use domain::connections::ProviderKind;
use domain::messages::ProviderState;
use outbound::Secret;

use super::Decoder;
use crate::failure::{Failures, Readers};
use crate::sse::Parser;
use crate::stream::Decode;
use crate::{Event, Finish};

fn read(stream: &str) -> (Vec<Event>, Option<ProviderFailure>, bool) {
    let failures = Failures::new(
        ProviderKind::Gemini,
        "https://a",
        &Secret::default(),
        Readers::Everyone,
    );
    let mut parser = Parser::new();
    let mut decoder = Decoder::new(failures);
    parser.feed(Bytes::from(stream.to_owned()));
    let mut events = Vec::new();
    while let Some(event) = parser.next().unwrap().or_else(|| parser.finish()) {
        match decoder.decode(&event) {
            Ok(new) => events.extend(new),
            Err(failure) => return (events, Some(failure), decoder.complete()),
        }
    }
    (events, None, decoder.complete())
}

fn said(stream: &str) -> Vec<Event> {
    let (events, failure, _) = read(stream);
    assert_eq!(failure, None, "{stream}");
    events
}

fn state(data: &str) -> Event {
    Event::State(ProviderState {
        kind: ProviderKind::Gemini,
        data: data.to_owned(),
    })
}

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

#[test]
fn the_sample_stream() {
    let stream = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":12,\"candidatesTokenCount\":2,\"totalTokenCount\":91,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":12}],\"thoughtsTokenCount\":77},\"modelVersion\":\"gemini-3.8-flash\",\"responseId\":\"r1\"}\r\n\r\n\
        data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\",\"thoughtSignature\":\"QUJD\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":12,\"candidatesTokenCount\":4,\"totalTokenCount\":93,\"thoughtsTokenCount\":77},\"modelVersion\":\"gemini-3.8-flash\",\"responseId\":\"r1\"}\r\n\r\n";
    let usage = |output| {
        Event::Usage(Usage {
            input: Some(12),
            output: Some(output),
            reasoning: Some(77),
            ..Usage::default()
        })
    };
    let (events, failure, complete) = read(stream);
    assert_eq!((failure, complete), (None, true));
    assert_eq!(
        events,
        [
            text("Hel"),
            usage(79),
            state(r#"{"thoughtSignature":"QUJD","alone":true}"#),
            usage(81),
            Event::Finish(Finish::Stop),
        ]
    );
}

#[test]
fn thoughts_calls_and_signatures_are_told_apart() {
    let stream = r#"data: {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"functionCall":{"name":"f","args":{"q":1}},"thoughtSignature":"S"},{"functionCall":{"name":"g","id":"theirs"}}]},"finishReason":"STOP"}],"responseId":"r1"}"#;
    let call = |index, id: &str, name: &str, arguments: &str| Event::ToolCall {
        index,
        id: Some(id.into()),
        name: Some(name.into()),
        arguments: arguments.into(),
    };
    assert_eq!(
        said(stream),
        [
            Event::Reasoning("hm".into()),
            call(0, "gemini-r1-0", "f", r#"{"q":1}"#),
            state(r#"{"thoughtSignature":"S","alone":false}"#),
            call(1, "theirs", "g", "{}"),
            Event::Finish(Finish::ToolCalls),
        ]
    );
}

#[test]
fn a_blocked_prompt_is_an_invalid_request() {
    let (events, failure, _) = read(
        r#"data: {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":4}}"#,
    );
    let failure = failure.unwrap();
    assert_eq!(
        (events.len(), failure.outcome),
        (0, Outcome::InvalidRequest)
    );
    assert!(failure.message.contains("PROHIBITED_CONTENT"));
}

#[test]
fn blocked_output_lacks_content() {
    for candidate in [
        r#"{"finishReason":"SAFETY","index":0}"#,
        r#"{"content":{"role":"model"},"finishReason":"SAFETY"}"#,
        r#"{"content":{"parts":[]},"finishReason":"SAFETY"}"#,
    ] {
        let stream = format!(r#"data: {{"candidates":[{candidate}]}}"#);
        assert_eq!(
            said(&stream),
            [Event::Finish(Finish::ContentFilter)],
            "{candidate}"
        );
    }
}

#[test]
fn an_error_may_come_as_plain_json_in_the_middle() {
    let stream = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\r\n\r\n{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is overloaded.\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n";
    let (events, failure, complete) = read(stream);
    assert_eq!((events, complete), (vec![text("a")], false));
    assert_eq!(
        failure.map(|failure| failure.outcome),
        Some(Outcome::Overloaded)
    );
}

#[test]
fn searches_and_sources_are_counted_once() {
    let chunk = r#"data: {"candidates":[{"content":{"parts":[{"text":"a"}]},"groundingMetadata":{"webSearchQueries":["x","y"],"groundingChunks":[{"web":{"uri":"https://a","title":"A"}}]}}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}"#;
    let events = said(&format!("{chunk}\n\n{chunk}\n\n"));
    let cited = events
        .iter()
        .filter(|event| matches!(event, Event::Citation { .. }))
        .count();
    let searches = events.iter().rev().find_map(|event| match event {
        Event::Usage(usage) => usage.searches,
        _ => None,
    });
    assert_eq!((cited, searches), (1, Some(2)));
}

#[test]
fn other_candidates_are_counted_and_not_read() {
    let stream = r#"data: {"candidates":[{"index":1,"content":{"parts":[{"text":"abc"}]},"finishReason":"STOP"}]}"#;
    let (events, _, complete) = read(stream);
    assert!(matches!(events[..], [Event::Other { .. }]), "{events:?}");
    assert!(!complete);
}

#[test]
fn tool_calls_without_end_are_a_failure() {
    let stream = |count: usize| -> String {
        let chunk = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}}]}\n\n";
        chunk.repeat(count)
    };
    assert_eq!(said(&stream(128)).len(), 128);
    let (events, failure, _) = read(&stream(10_000));
    assert_eq!(events.len(), 128);
    assert_eq!(failure.unwrap().outcome, Outcome::Server);
}

#[test]
fn sources_without_end_are_told_up_to_a_bound() {
    let chunk = |n: usize| {
        format!(
            "data: {{\"candidates\":[{{\"groundingMetadata\":{{\"groundingChunks\":[{{\"web\":{{\"uri\":\"https://e/{n}\"}}}}]}}}}]}}\n\n"
        )
    };
    let stream: String = (0..3_000).map(chunk).collect();
    assert_eq!(said(&stream).len(), 1_024);
}
