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
        ProviderKind::Anthropic,
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

fn state(data: &str) -> Event {
    Event::State(ProviderState {
        kind: ProviderKind::Anthropic,
        data: data.to_owned(),
    })
}

fn call(id: Option<&str>, name: Option<&str>, arguments: &str) -> Event {
    Event::ToolCall {
        index: 0,
        id: id.map(str::to_owned),
        name: name.map(str::to_owned),
        arguments: arguments.to_owned(),
    }
}

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

/// The sample of the fact sheet.
const SAMPLE: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-5-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":1800,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,"service_tier":"standard"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Short sum"}          }

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"lookup","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"q\": \"a"}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":1800,"output_tokens":88,"output_tokens_details":{"thinking_tokens":40}}}

event: message_stop
data: {"type":"message_stop"}
"#;

#[test]
fn the_sample_stream() {
    let start = Usage {
        input: Some(1825),
        cached_input: Some(1800),
        cache_write: Some(0),
        cache_write_1h: Some(0),
        output: Some(1),
        ..Usage::default()
    };
    let end = Usage {
        output: Some(88),
        reasoning: Some(40),
        ..start
    };
    let (events, failure, complete) = read(SAMPLE);
    assert_eq!((failure, complete), (None, true));
    assert_eq!(
        events,
        [
            Event::Usage(start),
            Event::Reasoning("Short sum".into()),
            state(r#"{"signature":"c2ln","type":"thinking"}"#),
            call(Some("toolu_1"), Some("lookup"), ""),
            call(None, None, "{\"q\": \"a"),
            Event::Usage(end),
            Event::Finish(Finish::ToolCalls),
            Event::Done,
        ]
    );
}

#[test]
fn hidden_thinking_gets_a_part_of_its_own() {
    let stream = r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}

data: {"type":"content_block_stop","index":0}

data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"eA=="}}

data: {"type":"content_block_stop","index":1}

data: {"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":""}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"signature_delta","signature":"c2"}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"signature_delta","signature":"ln"}}

data: {"type":"content_block_stop","index":2}

"#;
    assert_eq!(
        read(stream).0,
        [
            text("a"),
            Event::Reasoning(String::new()),
            state(r#"{"data":"eA==","type":"redacted_thinking"}"#),
            Event::Reasoning(String::new()),
            state(r#"{"signature":"c2ln","type":"thinking"}"#),
        ]
    );
}

#[test]
fn a_tool_without_input_has_an_empty_object() {
    let stream = r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}

data: {"type":"content_block_stop","index":0}

"#;
    assert_eq!(
        read(stream).0,
        [call(Some("t"), Some("f"), ""), call(None, None, "{}")]
    );
}

fn start(input: i64) -> String {
    format!(
        "data: {{\"type\":\"message_start\",\"message\":{{\"content\":[],\"usage\":{{\"input_tokens\":{input},\"output_tokens\":1}}}}}}\n\n\
         data: {{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{{\"type\":\"text\",\"text\":\"\"}}}}\n\n"
    )
}

fn delta(text: &str) -> String {
    format!(
        "data: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}\n\n"
    )
}

fn texts(events: &[Event]) -> String {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_message_that_starts_again_is_not_doubled() {
    for (first, second, expected) in [
        (["Hello ", "wo"], ["Hello world", "!"], "Hello world!"),
        (["Hello ", "wo"], ["He", "llo world"], "Hello world"),
        (["Hello ", "wo"], ["rld", "!"], "Hello world!"),
        (
            ["Hello ", "wo"],
            ["Hello there", "!"],
            "Hello woHello there!",
        ),
        (["Hello ", "wo"], ["Hello ", "there"], "Hello woHello there"),
        (["", ""], ["Hello", ""], "Hello"),
    ] {
        let stream = [
            start(10),
            delta(first[0]),
            delta(first[1]),
            start(12),
            delta(second[0]),
            delta(second[1]),
        ]
        .concat();
        let (events, failure, complete) = read(&stream);
        assert_eq!((failure, complete), (None, false));
        assert_eq!(texts(&events), expected, "{second:?}");
        let last = events.iter().rev().find_map(|event| match event {
            Event::Usage(usage) => usage.input,
            _ => None,
        });
        assert_eq!(last, Some(12), "the second start replaces the first");
    }
}

#[test]
fn a_delta_may_tell_only_the_output_or_raise_the_input() {
    let end = |usage: &str| {
        format!(
            "{}data: {{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"end_turn\"}},\"usage\":{usage}}}\n\n",
            start(10)
        )
    };
    let last = |stream: &str| match &read(stream).0[..] {
        [_, Event::Usage(usage), Event::Finish(Finish::Stop)] => (usage.input, usage.output),
        other => panic!("{other:?}"),
    };
    assert_eq!(last(&end(r#"{"output_tokens":5}"#)), (Some(10), Some(5)));
    assert_eq!(
        last(&end(r#"{"input_tokens":400,"output_tokens":5}"#)),
        (Some(400), Some(5))
    );
}

#[test]
fn every_reason_to_stop_is_known() {
    for (reason, finish) in [
        ("end_turn", Finish::Stop),
        ("stop_sequence", Finish::Stop),
        ("max_tokens", Finish::Length),
        ("model_context_window_exceeded", Finish::Length),
        ("tool_use", Finish::ToolCalls),
        ("refusal", Finish::ContentFilter),
        ("pause_turn", Finish::Other),
        ("brand_new", Finish::Other),
    ] {
        let stream =
            format!(r#"data: {{"type":"message_delta","delta":{{"stop_reason":"{reason}"}}}}"#);
        assert_eq!(read(&stream).0, [Event::Finish(finish)], "{reason}");
    }
}

#[test]
fn an_error_event_is_a_failure_and_news_are_ignored() {
    let error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}\n\n";
    let (_, failure, complete) = read(error);
    let failure = failure.unwrap();
    assert_eq!(
        (failure.outcome, failure.message.as_str(), complete),
        (Outcome::Overloaded, "Overloaded", false)
    );
    for stream in [
        "event: brand_new\ndata: {\"type\":\"brand_new\",\"delta\":7}\n\n",
        "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"brand_new\"}}\n\n",
        "data: {\"type\":\"content_block_delta\",\"index\":9,\"delta\":{\"type\":\"brand_new_delta\"}}\n\n",
    ] {
        assert_eq!(read(stream), (vec![], None, false), "{stream}");
    }
}

fn blocks(count: u32, kind: &str, stopped: bool) -> String {
    let block = |index: u32| {
        let start = format!(
            "data: {{\"type\":\"content_block_start\",\"index\":{index},\"content_block\":{{\"type\":\"{kind}\",\"id\":\"t{index}\"}}}}\n\n"
        );
        let stop = format!("data: {{\"type\":\"content_block_stop\",\"index\":{index}}}\n\n");
        format!("{start}{}", if stopped { stop } else { String::new() })
    };
    (0..count).map(block).collect()
}

#[test]
fn blocks_that_are_never_closed_are_a_failure() {
    assert_eq!(read(&blocks(128, "text", false)).1, None);
    let (_, failure, _) = read(&blocks(10_000, "text", false));
    assert_eq!(failure.unwrap().outcome, Outcome::Server);
    // One after the other there may be many: every cited sentence is a block.
    assert_eq!(read(&blocks(10_000, "text", true)).1, None);
}

#[test]
fn tool_calls_without_end_are_a_failure() {
    assert_eq!(read(&blocks(128, "tool_use", true)).1, None);
    let (events, failure, _) = read(&blocks(10_000, "tool_use", true));
    assert_eq!(failure.unwrap().outcome, Outcome::Server);
    assert_eq!(events.len(), 2 * 128, "each begins and ends");
}
